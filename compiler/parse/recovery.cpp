#include "compiler/parse/recovery.h"

#include <algorithm>
#include <array>
#include <optional>

namespace exm::parsing {

namespace {

constexpr std::array declaration_words{"use",     "enum",  "kind",      "extend", "planned", "let",    "param",       "each",
                                       "action",  "probe", "rule",      "fault",  "intent",  "maintenance", "test", "prelude"};
constexpr std::array other_words{"requires", "during",   "effect",  "takes",     "timeout",   "retry",        "fallback", "on",       "uses",
                                 "disrupts", "cost",     "confirm", "privilege", "irreversible", "notice",    "lease",    "run",      "source",
                                 "achieve",  "keep",     "leave",   "repair",    "tolerate",  "withstand",    "allow",    "minimize", "forbid",
                                 "window",   "always",   "check",   "severity",  "expect",    "state",        "lasting",  "has",      "key",
                                 "reached",  "where",    "implies", "forall",    "exists",    "else",         "then"};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char char_at(std::string_view text, std::size_t at) { return at < text.size() ? text[at] : '\0'; }

std::size_t word_end(std::string_view text, std::size_t at) {
  while (is_letter(char_at(text, at)) || is_digit(char_at(text, at)) ||
         (char_at(text, at) == '-' && (is_letter(char_at(text, at + 1)) || is_digit(char_at(text, at + 1)))))
    ++at;
  return at;
}

/// The token that begins at `at`, as the reader sees it.
std::string_view token_at(std::string_view text, std::size_t at) {
  const char c = char_at(text, at);
  if (is_letter(c) || is_digit(c)) return text.substr(at, std::min<std::size_t>(word_end(text, at) - at, 60));
  for (const std::string_view sign : {"\"\"\"", "==", "!=", "<=", ">=", ":=", "->", "=>", "&&", "||", "..", "//", "${", "++", "+="})
    if (text.substr(at, sign.size()) == sign) return sign;
  std::size_t end = at + 1;  // one whole character
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) ++end;
  return text.substr(at, end - at);
}

std::string found_words(std::string_view token) {
  if (token.empty()) return "the end of the file";
  if (token[0] == '"') return "a text";
  if (token[0] == '\n' || token[0] == '\r') return "the end of the line";
  if (static_cast<unsigned char>(token[0]) < 0x20) return "a control character";
  return "`" + std::string(token) + "`";
}

bool wants(std::string_view expected, std::string_view what) { return expected.find(what) != std::string_view::npos; }

std::string hint_for(std::string_view token, std::string_view expected) {
  if (token == ";") return "nothing separates two clauses or declarations: leave the `;` out";
  if (token == "&&") return "write `and`";
  if (token == "||") return "write `or`";
  if (token == "!") return "write `not`";
  if (token == "//") return "a comment begins with `#`";
  if (token == "'") return "a text stands in double quotes";
  if (token == "=>") return "write `implies`, or `->` after a text that a probe prints";
  if (token == "==" && wants(expected, "`=`")) return "a field is given its value with `=`";
  if (token == "==" && wants(expected, "`:=`")) return "an effect gives a state its value with `:=`";
  if (token == ":=" && wants(expected, "`=`")) return "a field is given its value with `=`; `:=` is for effects";
  if (token == ":" && wants(expected, "`=`")) return "a field is given its value with `=`";
  if (token == "=" && wants(expected, "`:=`")) return "an effect gives a state its value with `:=`";
  if (token == "=" && wants(expected, "type of the field")) return "a kind says the type first: `name : type = value`";
  if (token == "=") return "values are compared with `==`";
  if (token == ":=") return "`:=` stands in `effect` and `during` only";
  if (token == ",") return "no comma stands here: things follow each other without one";
  return "";
}

std::string nearest_word(std::string_view token, std::string_view expected) {
  if (token.size() < 4 || !is_letter(token[0])) return "";
  if (!wants(expected, "clause") && !wants(expected, "wish") && !wants(expected, "`}`") && !wants(expected, "operator")) return "";
  const std::vector<std::string> words(other_words.begin(), other_words.end());
  if (std::find(words.begin(), words.end(), token) != words.end()) return "";
  if (std::find(declaration_words.begin(), declaration_words.end(), token) != declaration_words.end()) return "";
  const std::string near = nearest(token, words);
  return near.empty() ? "" : "did you mean `" + near + "`?";
}

/// Walks over texts, comments and brackets without understanding more of them.
class Skimmer {
 public:
  Skimmer(std::string_view text, std::size_t at) : text_(text), at_(at) {}
  std::size_t at() const { return at_; }
  bool done() const { return at_ >= text_.size(); }
  const std::vector<std::size_t>& open() const { return open_; }

  void step() {
    const char c = text_[at_];
    if (c == '#') return skip_line();
    if (text_.substr(at_, 3) == "\"\"\"") return skip_block();
    if (c == '"') return skip_text();
    if (c == '{' || c == '(' || c == '[') open_.push_back(at_);
    if ((c == '}' || c == ')' || c == ']') && !open_.empty()) open_.pop_back();
    ++at_;
  }

 private:
  void skip_line() { at_ = std::min(text_.find('\n', at_), text_.size()); }
  void skip_block() {
    const std::size_t end = text_.find("\"\"\"", at_ + 3);
    at_ = end == std::string_view::npos ? at_ + 3 : end + 3;  // one that has no end hides nothing
  }
  void skip_text() {
    for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      if (text_[at_] == '\\') ++at_;
      else if (text_[at_] == '"') break;
    }
    if (at_ < text_.size() && text_[at_] == '"') ++at_;
    at_ = std::min(at_, text_.size());
  }

  std::string_view text_;
  std::size_t at_;
  std::vector<std::size_t> open_;
};

std::optional<std::size_t> unclosed_bracket(std::string_view text, std::size_t begin, std::size_t end) {
  Skimmer skimmer(text.substr(0, end), begin);
  while (!skimmer.done()) skimmer.step();
  if (skimmer.open().empty()) return std::nullopt;
  return skimmer.open().back();
}

std::size_t indentation(std::string_view text, std::size_t at) {
  std::size_t n = 0;
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '\t')) --at, ++n;
  return n;
}

std::size_t line_indentation(std::string_view text, std::size_t at) {
  const std::size_t line = at == 0 ? std::string_view::npos : text.rfind('\n', at - 1);
  const std::size_t begin = line == std::string_view::npos ? 0 : line + 1;
  return std::min(text.find_first_not_of(" \t", begin), text.size()) - begin;
}

/// Does a line that begins here read like the head of a declaration?
bool looks_like_declaration(std::string_view text, std::size_t at, bool outside) {
  if (!is_letter(char_at(text, at))) return false;
  const std::size_t end = word_end(text, at);
  const std::string_view word = text.substr(at, end - at);
  std::size_t next = end;
  while (char_at(text, next) == ' ' || char_at(text, next) == '\t') ++next;
  const char c = char_at(text, next);
  const bool named = is_letter(c) || c == '"';
  if (std::find(declaration_words.begin(), declaration_words.end(), word) != declaration_words.end()) return named;
  return named && (outside || text.substr(next, std::min(text.find('\n', next), text.size()) - next).find('{') != std::string_view::npos);
}

}  // namespace

namespace {

/// The first line in [least, end) that reads like a declaration and stands no further in than the one at `begin`.
std::optional<std::size_t> declaration_after(std::string_view text, std::size_t begin, std::size_t least, std::size_t end) {
  const std::size_t margin = indentation(text, begin);
  Skimmer skimmer(text, begin);
  while (!skimmer.done() && skimmer.at() < end) {
    const std::size_t at = skimmer.at();
    const std::size_t word = is_letter(text[at]) ? word_end(text, at) : at;
    if (word > at && at >= least && at > begin) {
      const std::size_t indent = indentation(text, at);
      const bool first_of_line = at == indent || text[at - indent - 1] == '\n';
      if (first_of_line && indent <= margin && looks_like_declaration(text, at, skimmer.open().empty())) return at;
    }
    do skimmer.step();
    while (skimmer.at() < word);  // a word is one step
  }
  return std::nullopt;
}

/// Where the next declaration begins within what was read as this one, for want of a `}`. Known by its indentation, so
/// only where what the declaration holds is indented.
std::optional<std::size_t> swallowed(std::string_view text, std::size_t begin, std::size_t failed) {
  const std::size_t line = text.find('\n', begin);
  if (line == std::string_view::npos || line >= failed || line_indentation(text, line + 1) <= indentation(text, begin)) return std::nullopt;
  return declaration_after(text, begin, line + 1, failed);
}

void label_bracket(std::string_view text, std::uint32_t source, std::uint32_t begin, std::uint32_t end, Diagnostic& problem) {
  const auto bracket = unclosed_bracket(text, begin, end);
  if (!bracket) return;
  const auto place = static_cast<std::uint32_t>(*bracket);
  problem.label({source, place, place + 1}, std::string("this `") + text[place] + "` is still open");
}

void report_unclosed_text(std::string_view text, std::uint32_t source, const Failure& failure, Diagnostics& diagnostics) {
  const bool is_block = text.substr(failure.opened, 3) == "\"\"\"";
  const Span quotes{source, failure.opened, failure.opened + (is_block ? 3 : 1)};
  auto& problem = diagnostics.report(quotes, diag::unclosed_text, is_block ? "\"\"\"" : "\"");
  if (!is_block) problem.label({source, failure.at, failure.at}, "the line ends here").hint("a text of several lines stands between two `\"\"\"`");
}

}  // namespace

void report(std::string_view text, std::uint32_t source, std::uint32_t begin, const Failure& failure, Diagnostics& diagnostics) {
  if (failure.unclosed_text) return report_unclosed_text(text, source, failure, diagnostics);
  if (const auto inside = swallowed(text, begin, failure.at)) {
    const auto at = static_cast<std::uint32_t>(*inside);
    const std::string_view token = token_at(text, at);
    const Span found{source, at, at + static_cast<std::uint32_t>(token.size())};
    label_bracket(text, source, begin, at, diagnostics.report(found, diag::expected, "`}` before this, found " + found_words(token)));
    return;
  }
  const std::string_view token = token_at(text, failure.at);
  const Span found{source, failure.at, failure.at + static_cast<std::uint32_t>(token.size())};
  auto& problem = diagnostics.report(found, diag::expected, std::string(failure.expected) + ", found " + found_words(token));
  if (const std::string hint = hint_for(token, failure.expected); !hint.empty()) problem.hint(hint);
  else if (const std::string word = nearest_word(token, failure.expected); !word.empty()) problem.hint(word);
  const bool body = wants(failure.expected, "`}`");
  const bool at_margin = token.empty() || line_indentation(text, failure.at) <= indentation(text, begin);
  const bool own_line = line_indentation(text, failure.at) == line_indentation(text, begin) && text.substr(begin, failure.at - begin).find('\n') == std::string_view::npos;
  if ((body && at_margin && !own_line) || wants(failure.expected, "`)`") || wants(failure.expected, "`]`"))
    label_bracket(text, source, begin, failure.at, problem);
}

std::uint32_t next_declaration(std::string_view text, std::uint32_t begin, std::uint32_t failed) {
  if (const auto inside = swallowed(text, begin, failed)) return static_cast<std::uint32_t>(*inside);
  const std::size_t least = std::max<std::size_t>(failed, begin + 1);
  return static_cast<std::uint32_t>(declaration_after(text, begin, least, text.size()).value_or(text.size()));
}

}  // namespace exm::parsing
