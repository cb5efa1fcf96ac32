#include "runtime/show/powershell_commands.h"

#include <algorithm>
#include <cctype>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/quote.h"
#include "runtime/show/powershell_actions.h"

namespace exm::show {
namespace {

using plan::Piece;

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// All that an author wrote in a command, so that no parameter gets a name that it uses.
std::string written(const plan::Text& text) {
  std::string out;
  for (const Piece& piece : text)
    if (piece.kind == Piece::Kind::text) out += lower(piece.text) + "\n";
  return out;
}

/// A reference whose path has slots: it is not a literal yet.
bool has_slot(const plan::Value& value) {
  return value.type == plan::Value::Type::reference && value.text.find('$') != std::string::npos;
}

struct Parameter {
  std::string name;   // in the block
  std::string value;  // outside
};

Parameter parameter(const Piece& piece, const Action& action) {
  switch (piece.kind) {
    case Piece::Kind::object: {
      const std::string slot = slot_variable(action, piece.slot);
      return {slot.substr(1) + "Name", "(Get-ObjectName " + slot + ")"};
    }
    case Piece::Kind::argument: {
      const std::string variable = argument_variable(action, piece.text);
      return {variable == "$null" ? "argument" : variable.substr(1), variable};
    }
    case Piece::Kind::value: return {"objectPath", slotted(piece.value.text, action, Slot::path)};
    case Piece::Kind::secret:
      return {"secretValue", "(Get-Secret " + plan::quote("powershell", plan::text(piece.text)) + ")"};
    default: return {"runStarted", "$Script:RunStarted"};
  }
}

/// The parameters of one block, each value once.
class Parameters {
 public:
  explicit Parameters(std::string text) : text_(std::move(text)) {}

  std::string name_for(const Parameter& wanted) {
    for (const Parameter& known : found_)
      if (known.value == wanted.value) return known.name;
    std::string name = wanted.name;
    for (int n = 2; is_taken(name); ++n) name = wanted.name + std::to_string(n);
    found_.push_back({name, wanted.value});
    return name;
  }

  std::string names() const { return list(&Parameter::name, "$"); }
  std::string values() const { return list(&Parameter::value, ""); }
  bool empty() const { return found_.empty(); }

 private:
  bool is_taken(const std::string& name) const {
    for (const Parameter& known : found_)
      if (lower(known.name) == lower(name)) return true;
    return text_.find(lower(name)) != std::string::npos;
  }
  std::string list(std::string Parameter::*part, const std::string& before) const {
    std::string out;
    for (const Parameter& known : found_) out += (out.empty() ? "" : ", ") + before + known.*part;
    return out;
  }

  std::string text_;
  std::vector<Parameter> found_;
};

bool continues_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':' || c == '?'; }

/// The variable for a piece, in braces where the text behind it would be taken for a part of its name.
std::string reference(const std::string& name, const plan::Text& text, std::size_t at) {
  const bool open = at + 1 < text.size() && text[at + 1].kind == Piece::Kind::text && !text[at + 1].text.empty() &&
                    continues_name(text[at + 1].text[0]);
  return open ? "${" + name + "}" : "$" + name;
}

std::string trimmed(const std::string& text) {
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  std::size_t begin = 0;
  while (begin < text.size() && (text[begin] == '\n' || text[begin] == '\r')) ++begin;
  return end == std::string::npos ? "" : text.substr(begin, end - begin + 1);
}

/// Whether a quotation, a here-string or a comment of several lines is in a command.
bool spans_lines(const std::string& text) {
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\n') return true;
      if (c == '`' && quote == '"') ++i;
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      if (i > 0 && text[i - 1] == '@') return true;
      quote = c;
    } else if (c == '`') {
      ++i;
    } else if (c == '<' && i + 1 < text.size() && text[i + 1] == '#') {
      return true;
    } else if (static_cast<unsigned char>(c) == 0xE2 && i + 1 < text.size() && text[i + 1] == '\x80') {
      return true;  // typographic quotes are rare: leave such a text alone
    } else if (c == '#' && (i == 0 || std::string_view(" \t\n;({|").find(text[i - 1]) != std::string_view::npos)) {
      while (i + 1 < text.size() && text[i + 1] != '\n') ++i;
    }
  }
  return quote != 0;
}

}  // namespace

std::string indented(const std::string& text, std::size_t spaces) {
  const std::string body = trimmed(text);
  if (body.empty()) return "";
  if (spans_lines(body)) return body + "\n";
  std::vector<std::string> lines;
  std::size_t common = body.size();
  for (std::size_t begin = 0; begin <= body.size();) {
    const std::size_t end = std::min(body.find('\n', begin), body.size());
    lines.push_back(body.substr(begin, end - begin));
    common = std::min(common, lines.back().find_first_not_of(' '));
    begin = end + 1;
  }
  std::string out;
  for (const std::string& line : lines)
    out += line.find_first_not_of(' ') == std::string::npos ? "\n" : std::string(spaces, ' ') + line.substr(common) + "\n";
  return out;
}

Block command_block(const plan::Text& text, const Action& action) {
  Parameters parameters(written(text));
  Block block;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const Piece& piece = text[i];
    if (piece.kind == Piece::Kind::text)
      block.body += piece.text;
    else if (piece.kind == Piece::Kind::value && !has_slot(piece.value))
      block.body += plan::quote("powershell", piece.value);
    else
      block.body += reference(parameters.name_for(parameter(piece, action)), text, i);
  }
  if (!parameters.empty()) block.head = "param(" + parameters.names() + ")\n";
  block.head += "$ErrorActionPreference = 'Stop'\n";
  block.arguments = "@(" + parameters.values() + ")";
  return block;
}

std::string place(const plan::Command& command, const Action& action) {
  const std::string& where = command.from.empty() ? action.shape->on : command.from;
  if (where.empty() || where == "controller") return "'controller'";
  return slotted(where, action, Slot::path);
}

std::string person_text(const Action& action) {
  if (action.shape->run.empty()) return "''";
  auto command = action.shape->run.find("person");
  std::string out;
  if (command == action.shape->run.end()) {
    command = action.shape->run.begin();
    out = "('Run this (' + " + plan::quote("powershell", plan::text(command->first)) + " + ') on ' + " +
          place(command->second, action) + " + ': '";
  } else {
    out = "(''";
  }
  const std::string& language = command->first;
  for (const Piece& piece : command->second.command) {
    out += " + ";
    if (piece.kind == Piece::Kind::text) {
      out += plan::quote("powershell", plan::text(piece.text));
    } else if (piece.kind == Piece::Kind::value) {
      out += plan::quote("powershell", plan::text(plan::quote(language, piece.value)));
    } else if (piece.kind == Piece::Kind::secret) {
      out += plan::quote("powershell", plan::text("<secret " + piece.text + ">"));
    } else {
      const std::string value = parameter(piece, action).value;
      out += language == "shell" ? "(Format-ShellWord " + value + ")" : "(Format-Value " + value + ")";
    }
  }
  return out + ")";
}

std::vector<std::string> fallback_objects(const plan::Fallback& fallback, const plan::Step& step) {
  std::vector<std::string> objects;
  for (const std::string& object : fallback.objects) objects.push_back(plan::fill(object, step.objects, step.args));
  return objects;
}

}  // namespace exm::show
