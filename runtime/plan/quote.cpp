#include "runtime/plan/quote.h"

#include <array>
#include <vector>

namespace exm::plan {
namespace {

/// One character of UTF-8. What is not UTF-8 counts byte by byte and becomes U+FFFD.
struct Character {
  char32_t code = 0;
  std::string bytes;
};

std::size_t sequence_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

char32_t decode(std::string_view bytes) {
  if (bytes.size() == 1) return static_cast<unsigned char>(bytes[0]);
  auto code = static_cast<char32_t>(static_cast<unsigned char>(bytes[0]) & (0xFFu >> (bytes.size() + 1)));
  for (std::size_t i = 1; i < bytes.size(); ++i) {
    const auto byte = static_cast<unsigned char>(bytes[i]);
    if ((byte & 0xC0u) != 0x80u) return 0xFFFD;
    code = (code << 6) | (byte & 0x3Fu);
  }
  static constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool valid = code >= least[bytes.size()] && code <= 0x10FFFF && !(code >= 0xD800 && code <= 0xDFFF);
  return valid ? code : 0xFFFD;
}

std::vector<Character> characters(std::string_view text) {
  std::vector<Character> found;
  while (!text.empty()) {
    const std::size_t length = sequence_length(static_cast<unsigned char>(text[0]));
    const bool whole = length > 0 && length <= text.size();
    const char32_t code = whole ? decode(text.substr(0, length)) : 0xFFFD;
    const bool replaced = !whole || (code == 0xFFFD && text.substr(0, length) != "\xEF\xBF\xBD");
    const std::size_t used = replaced ? 1 : length;
    found.push_back({code, replaced ? "\xEF\xBF\xBD" : std::string(text.substr(0, used))});
    text.remove_prefix(used);
  }
  return found;
}

/// Controls, line ends of any kind, and marks that change the order in which a line is shown: none of them stands in a
/// script as it is, so that what a reviewer reads is what runs.
bool is_hidden(char32_t code) {
  return code < 0x20 || (code >= 0x7F && code <= 0x9F) || (code >= 0x200B && code <= 0x200F) ||
         (code >= 0x2028 && code <= 0x202E) || (code >= 0x2060 && code <= 0x206F) || code == 0xFEFF;
}

/// PowerShell takes the typographic single quotes for quotes too.
bool is_powershell_quote(char32_t code) { return code == '\'' || (code >= 0x2018 && code <= 0x201B); }

std::string powershell_text(std::string_view text) {
  std::string out = "'";
  bool joined = false;
  for (const Character& c : characters(text)) {
    if (is_hidden(c.code)) {
      out += "' + [char]" + std::to_string(static_cast<unsigned long>(c.code)) + " + '";
      joined = true;
    } else {
      out += c.bytes;
      if (is_powershell_quote(c.code)) out += c.bytes;
    }
  }
  out += "'";
  return joined ? "(" + out + ")" : out;
}

/// No word of a shell can hold a NUL: it becomes U+FFFD, so that the command misses its object and takes no other.
std::string shell_text(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == '\0')
      out += "\xEF\xBF\xBD";
    else
      out += c;
  }
  return out + "'";
}

std::string person_text(std::string_view text) {
  std::string out;
  for (const Character& c : characters(text)) out += is_hidden(c.code) ? " " : c.bytes;
  return out;
}

std::string person_duration(std::int64_t seconds) {
  if (seconds != 0 && seconds % 3600 == 0) return std::to_string(seconds / 3600) + " h";
  if (seconds != 0 && seconds % 60 == 0) return std::to_string(seconds / 60) + " min";
  return std::to_string(seconds) + " s";
}

std::string list(std::string_view language, const Value& value, std::string_view separator) {
  std::string out;
  for (const Value& element : value.elements) {
    if (!out.empty()) out += separator;
    out += quote(language, element);
  }
  return out;
}

std::string quote_powershell(const Value& value) {
  switch (value.type) {
    case Value::Type::unknown:
    case Value::Type::none: return "$null";
    case Value::Type::boolean: return value.number != 0 ? "$true" : "$false";
    case Value::Type::integer:
    case Value::Type::duration:
      // an argument that begins with a minus sign would be taken for the name of a parameter
      return value.number < 0 ? "(" + std::to_string(value.number) + ")" : std::to_string(value.number);
    case Value::Type::set: return "@(" + list("powershell", value, ", ") + ")";
    default: return powershell_text(value.text);
  }
}

std::string quote_shell(const Value& value) {
  switch (value.type) {
    case Value::Type::unknown:
    case Value::Type::none: return "''";
    case Value::Type::boolean: return value.number != 0 ? "true" : "false";
    case Value::Type::integer:
    case Value::Type::duration: return std::to_string(value.number);
    case Value::Type::set: return list("shell", value, " ");
    default: return shell_text(value.text);
  }
}

std::string quote_person(const Value& value) {
  switch (value.type) {
    case Value::Type::unknown: return "unknown";
    case Value::Type::none: return "none";
    case Value::Type::boolean: return value.number != 0 ? "true" : "false";
    case Value::Type::integer: return std::to_string(value.number);
    case Value::Type::duration: return person_duration(value.number);
    case Value::Type::set: return list("person", value, ", ");
    default: return person_text(value.text);
  }
}

}  // namespace

std::string quote(std::string_view language, const Value& value) {
  if (language == "powershell") return quote_powershell(value);
  if (language == "shell") return quote_shell(value);
  return quote_person(value);
}

std::string render(const Text& text, std::string_view language,
                   const std::function<std::string(const Piece&)>& piece_text) {
  std::string out;
  for (const Piece& piece : text) {
    switch (piece.kind) {
      case Piece::Kind::text: out += piece.text; break;
      case Piece::Kind::value: out += quote(language, piece.value); break;
      default: out += piece_text(piece); break;
    }
  }
  return out;
}

std::string render(const Text& text, std::string_view language) {
  return render(text, language, [](const Piece& piece) -> std::string {
    switch (piece.kind) {
      case Piece::Kind::object: return "<object " + std::to_string(piece.slot) + ">";
      case Piece::Kind::argument: return "<" + piece.text + ">";
      case Piece::Kind::secret: return "<secret " + piece.text + ">";
      default: return "<begin of the run>";
    }
  });
}

}  // namespace exm::plan
