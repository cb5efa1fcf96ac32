#include "tests/stdlib/clauses.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <variant>

#include "compiler/parse/parse.h"

namespace exm::clauses {

namespace {

bool blank(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// A text with each gap as one blank, and where each of its characters stood.
struct Plain {
  std::string text;
  std::vector<std::uint32_t> at;

  explicit Plain(std::string_view written, std::uint32_t begin = 0) {
    for (std::uint32_t i = 0; i < written.size(); ++i) {
      if (blank(written[i]) && (text.empty() || text.back() == ' ')) continue;
      text += blank(written[i]) ? ' ' : written[i];
      at.push_back(begin + i);
    }
  }
};

constexpr std::array action_words{"",      "source", "requires", "during",  "effect",    "takes",        "timeout", "retry", "fallback", "on",
                                  "uses",  "disrupts", "cost",   "confirm", "privilege", "irreversible", "notice",  "lease", "run"};
constexpr std::array rule_words{"always", "check", "notice"};
constexpr std::array wish_words{"",         "source",    "do",    "achieve",  "keep",    "leave",  "repair", "tolerate",
                                "withstand", "allow", "minimize", "at most", "forbid", "confirm", "window"};

class Collector {
 public:
  Collector(std::string module, std::string_view text) : module_(std::move(module)), text_(text) {}

  void add(const std::string& owner, const std::string& word, Span span) {
    while (span.end > span.begin && blank(text_[span.end - 1])) --span.end;
    out.push_back({module_, owner, word, span.begin, span.end, Plain(text_.substr(span.begin, span.end - span.begin)).text});
  }

  void add(const std::string& owner, const std::vector<ast::Clause>& clauses) {
    for (const auto& c : clauses)
      if (c.kind != ast::ClauseKind::title) add(owner, action_words[static_cast<std::size_t>(c.kind)], c.span);
  }

  void add(const std::string& owner, const std::vector<ast::Member>& members) {
    for (const auto& m : members) {
      if (const auto* d = std::get_if<ast::DisruptsWhen>(&m)) add(owner, "disrupts", d->span);
      if (const auto* h = std::get_if<ast::Has>(&m)) add(owner, "has", h->span);
    }
  }

  void add(const ast::Declaration& d) {
    if (const auto* action = std::get_if<ast::Action>(&d.what)) add(action->name.text, action->clauses);
    if (const auto* extension = std::get_if<ast::ExtendAction>(&d.what)) add(extension->name.text, extension->clauses);
    if (const auto* kind = std::get_if<ast::Kind>(&d.what)) add(kind->name.text, kind->members);
    if (const auto* extension = std::get_if<ast::ExtendKind>(&d.what)) add(extension->name.text, extension->members);
    if (const auto* probe = std::get_if<ast::Probe>(&d.what)) add("probe " + probe->kind.text + "." + probe->state.text, "", d.span);
    if (const auto* rule = std::get_if<ast::Rule>(&d.what)) {
      add("rule " + rule->name.text, "", d.span);
      for (const auto& c : rule->clauses) add("rule " + rule->name.text, rule_words[static_cast<std::size_t>(c.kind)], c.span);
    }
    if (const auto* intent = std::get_if<ast::Intent>(&d.what))
      for (const auto& w : intent->wishes)
        if (w.kind != ast::WishKind::title) add(intent->name.text, wish_words[static_cast<std::size_t>(w.kind)], w.span);
  }

  std::vector<Clause> out;

 private:
  std::string module_;
  std::string_view text_;
};

void blank_out(std::string& text, std::uint32_t begin, std::uint32_t end) {
  for (std::uint32_t i = begin; i < end; ++i)
    if (text[i] != '\n') text[i] = ' ';
}

/// In commands only the fragment itself goes: a step without a command is another step.
bool is_command(const Clause& clause) { return clause.word == "run" || (clause.word.empty() && clause.owner.rfind("probe ", 0) == 0); }

/// Where the part of a text that the reference names stands; nothing where it stands there never or more than once.
std::vector<std::pair<std::uint32_t, std::uint32_t>> places(const Clause& clause, const std::string& text, const std::string& fragment) {
  const Plain written(std::string_view(text).substr(clause.begin, clause.end - clause.begin), clause.begin);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
  for (std::size_t at = written.text.find(fragment); at != std::string::npos; at = written.text.find(fragment, at + 1))
    out.emplace_back(written.at[at], written.at[at + fragment.size() - 1] + 1);
  return out;
}

}  // namespace

std::string name_of(const Clause& clause) {
  std::string text = clause.text.substr(clause.text.rfind(clause.word, 0) == 0 ? std::min(clause.word.size() + 1, clause.text.size()) : 0);
  return fmt::format("{}: {}{}{}", clause.module, clause.owner, clause.word.empty() ? "" : " " + clause.word, clause.word.empty() ? "" : " \"" + text + "\"");
}

std::vector<Clause> clauses_of(const std::string& name, const Module& module) {
  Sources sources;
  Diagnostics diagnostics;
  const ast::File file = parse(sources, sources.add({module.path, module.text}), diagnostics);
  Collector collector(name, module.text);
  for (const auto& declaration : file.declarations) collector.add(declaration);
  return std::move(collector.out);
}

Result<Reference> read_reference(std::string_view text) {
  const auto bad = [&](const char* why) { return Failure{Failure::Kind::bad_input, fmt::format("`{}`: {}", text, why)}; };
  Reference out;
  const std::size_t colon = text.find(": ");
  if (colon == std::string_view::npos) return bad("a module and a colon come first");
  out.module = text.substr(0, colon);
  std::string_view rest = text.substr(colon + 2);
  if (const std::size_t quote = rest.find('"'); quote != std::string_view::npos) {
    if (rest.back() != '"' || quote + 1 == rest.size()) return bad("the fragment has no end");
    out.fragment = Plain(rest.substr(quote + 1, rest.size() - quote - 2)).text;
    if (!out.fragment.empty() && blank(rest[quote + 1])) out.fragment = " " + out.fragment;
    rest = rest.substr(0, quote);
  }
  std::vector<std::string> words;
  for (char c : rest) {
    if (blank(c)) words.emplace_back();
    else if (words.empty()) words.emplace_back(1, c);
    else words.back() += c;
  }
  std::erase(words, "");
  const bool two = !words.empty() && (words[0] == "rule" || words[0] == "probe");
  if (words.size() < (two ? 2 : 1) || words.size() > (two ? 3 : 2)) return bad("expected OWNER [CLAUSE] [\"FRAGMENT\"]");
  out.owner = two ? words[0] + " " + words[1] : words[0];
  if (words.size() > (two ? 2 : 1)) out.word = words.back();
  return out;
}

bool means(const Reference& r, const Clause& clause) {
  return r.module == clause.module && r.owner == clause.owner && r.word == clause.word && clause.text.find(r.fragment) != std::string::npos;
}

Result<Modules> take_out(const Modules& modules, const std::vector<Reference>& references) {
  Modules out = modules;
  for (const Reference& r : references) {
    const auto bad = [&](const std::string& why) {
      return Failure{Failure::Kind::bad_input, fmt::format("{}: {} {} \"{}\": {}", r.module, r.owner, r.word, r.fragment, why)};
    };
    const auto module = out.find(r.module);
    if (module == out.end()) return bad("there is no such module");
    std::string& text = module->second.text;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> found;
    for (const Clause& clause : clauses_of(r.module, module->second)) {
      if (clause.owner != r.owner || clause.word != r.word) continue;
      const auto inside = places(clause, text, r.fragment);
      if (r.fragment.empty()) found.emplace_back(clause.begin, clause.end);
      else if (is_command(clause)) found.insert(found.end(), inside.begin(), inside.end());
      else if (!inside.empty()) found.emplace_back(clause.begin, clause.end);
    }
    if (found.empty()) return bad("there is no such clause");
    if (found.size() > 1) return bad(fmt::format("{} places are meant by it", found.size()));
    blank_out(text, found[0].first, found[0].second);
  }
  return out;
}

Modules take_out(const Modules& modules, const Clause& clause) {
  Modules out = modules;
  blank_out(out.at(clause.module).text, clause.begin, clause.end);
  return out;
}

}  // namespace exm::clauses
