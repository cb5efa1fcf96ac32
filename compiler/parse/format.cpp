// Lays tokens out anew. Lines end where their author ended them; what stands between two tokens of a line, how far a line
// is indented, and what is aligned with its neighbours follow from the tokens alone.
#include "compiler/parse/format.h"

#include <algorithm>
#include <array>

#include "compiler/parse/tokens.h"

namespace exm {

namespace {

using parsing::Token;
using parsing::TokenKind;

constexpr std::size_t step = 2;

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 13> joining_words{"and", "or", "not", "implies", "in", "if", "then", "else", "where", "for", "forall", "when", "of"};
constexpr std::array<std::string_view, 15> joining_signs{"==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "=", ":=", "->", ",", ":"};
constexpr std::array<std::string_view, 9> leading_words{"and", "or", "implies", "then", "else", "when", "where", "in", "every"};
constexpr std::array<std::string_view, 10> leading_signs{"==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/"};
/// Clauses of an action that stand in a column.
constexpr std::array<std::string_view, 14> column_words{"requires", "during", "effect", "takes", "timeout", "on", "uses", "cost", "lease", "retry", "notice", "confirm", "disrupts", "fallback"};

bool is_opener(std::string_view sign) { return sign == "{" || sign == "(" || sign == "["; }
bool is_closer(std::string_view sign) { return sign == "}" || sign == ")" || sign == "]"; }

/// After it something must follow: an operand, mostly.
bool joins_next(const Token& t) {
  if (t.kind == TokenKind::word) return is_one_of(t.text, joining_words);
  return t.kind == TokenKind::sign && is_one_of(t.text, joining_signs);
}

enum class Align { nothing, assigned, field, state, let };

struct Line {
  std::size_t indent = 0;
  std::string text;
  std::size_t blank_before = 0;
  std::string comment;       // behind the text
  Align align = Align::nothing;
  std::size_t mark = 0;      // where in the text the aligned sign stands
  std::size_t column_word = 0;  // length of the clause word that stands in a column
  std::size_t body = 0;         // the action it stands in
};

struct Open {
  std::size_t indent = 0;  // of the statement that opened it
  bool is_set = false;     // `{a, b}`, not a body
  bool is_brace = false;
  std::size_t quantifiers = 0;
  bool actions = false;    // the body of an action
  std::size_t id = 0;
};

class Layout {
 public:
  explicit Layout(const std::vector<Token>& tokens) : tokens_(tokens) { open_.push_back({0, false, true, 0, false, 0}); }

  std::string run() {
    for (std::size_t i = 0; i < tokens_.size();) i = line(i);
    align_clauses();
    align_marks();
    align_comments();
    return joined();
  }

 private:
  const Token& token(std::size_t i) const { return tokens_[i]; }
  bool is(std::size_t i, std::string_view text) const {
    return i < tokens_.size() && tokens_[i].text == text && (tokens_[i].kind == TokenKind::sign || tokens_[i].kind == TokenKind::word);
  }

  std::size_t line(std::size_t begin) {
    std::size_t end = begin + 1;
    while (end < tokens_.size() && token(end).lines_before == 0) ++end;
    Line made;
    made.blank_before = begin > 0 && token(begin).lines_before > 1 ? 1 : 0;
    const bool closes = token(begin).kind == TokenKind::sign && is_closer(token(begin).text);
    if (begin > 0 && (closes || (token(begin - 1).kind == TokenKind::sign && is_opener(token(begin - 1).text)))) made.blank_before = 0;
    const bool continues = continuation(begin);
    if (!continues && token(begin).kind != TokenKind::comment) begin_statement(begin, end, made);
    made.indent = indent(begin, closes, continues);
    if (!continues && token(begin).kind != TokenKind::comment) statement_indent_ = made.indent;
    for (std::size_t i = begin; i < end; ++i) put(i, begin, made);
    lines_.push_back(std::move(made));
    return end;
  }

  /// Does the line go on with what the line before began? Comments between them don't matter.
  bool continuation(std::size_t begin) const {
    if (!open_.back().is_brace || open_.back().is_set) return false;
    std::size_t before = begin;
    while (before > 0 && token(before - 1).kind == TokenKind::comment) --before;
    if (before == 0 || token(begin).kind == TokenKind::comment) return false;
    if (token(before - 1).text == "," && open_.size() > 1 && open_.back().id == 0) return false;
    const bool all_states = before > 1 && is(before - 1, "*") && is(before - 2, ".");  // `leave EX3.*`
    if (joins_next(token(before - 1)) && !all_states) return true;
    if (is(begin + 1, "=") || is(begin + 1, ":")) return false;
    const Token& first = token(begin);
    if (first.kind == TokenKind::word) return is_one_of(first.text, leading_words);
    return first.kind == TokenKind::sign && (is_one_of(first.text, leading_signs) || first.text == ".");
  }

  std::size_t indent(std::size_t begin, bool closes, bool continues) const {
    (void)begin;
    const Open& around = open_.back();
    if (closes) return around.indent;
    const std::size_t base = open_.size() == 1 ? 0 : around.indent + step;
    if (!continues) return base;
    return statement_indent_ + (column_statement_ ? 11 : step);
  }

  void begin_statement(std::size_t begin, std::size_t end, Line& made) {
    const Open& body = open_.back();
    column_statement_ = body.actions && token(begin).kind == TokenKind::word && is_one_of(token(begin).text, column_words);
    if (column_statement_ && end > begin + 1) {
      made.column_word = token(begin).text.size();
      made.body = body.id;
    }
    if (!body.is_brace || body.is_set) return;
    if (open_.size() == 1) is_action_ = is(begin, "action") || (is(begin, "extend") && is(begin + 1, "action") && !is(begin + 2, "{"));
    first_ = begin;
  }

  // ------------------------------------------------------------------------------------ one token

  void put(std::size_t i, std::size_t begin, Line& made) {
    const Token& t = token(i);
    if (t.kind == TokenKind::comment && i > begin) {
      made.comment = t.text;
      return;
    }
    if (t.kind == TokenKind::sign && is_closer(t.text)) close(i, begin, made);
    else if (i > begin) made.text += std::string(gap(i, begin), ' ');
    note_mark(i, begin, made);
    if (t.kind == TokenKind::block) made.text += block(t.text, made.indent);
    else made.text += t.text;
    if (t.kind == TokenKind::sign && is_opener(t.text)) open(i, made);
    count_quantifiers(i);
  }

  void open(std::size_t i, const Line& made) {
    Open opened;
    opened.indent = std::max(statement_indent_, made.indent == 0 ? 0 : std::min(made.indent, statement_indent_));
    opened.is_brace = is(i, "{");
    opened.is_set = opened.is_brace && i > 0 && set_follows(i - 1);
    opened.actions = opened.is_brace && open_.size() == 1 && is_action_;
    opened.id = opened.is_brace && !opened.is_set ? ++bodies_ : 0;
    if (!open_.back().is_brace || open_.back().is_set) opened.indent = open_.back().indent + (i > 0 && token(i).lines_before > 0 ? step : 0);
    if (is(i - 1, "enum") || is(i - 1, "as") || (i >= 2 && is(i - 2, "enum"))) opened.id = 0;
    open_.push_back(opened);
  }

  void close(std::size_t i, std::size_t begin, Line& made) {
    const bool tight = open_.size() > 1 && (!open_.back().is_brace || open_.back().is_set);
    if (open_.size() > 1) open_.pop_back();
    if (i > begin && !tight && !(token(i - 1).kind == TokenKind::sign && token(i - 1).text == "{")) made.text += " ";
  }

  /// A brace after this token holds a set.
  bool set_follows(std::size_t before) const {
    const Token& t = token(before);
    if (t.kind == TokenKind::comment) return before > 0 && set_follows(before - 1);
    if (t.kind == TokenKind::sign) return t.text != ")" && t.text != "}" && t.text != "]" && t.text != "?";
    return t.kind == TokenKind::word && joins_next(t);
  }

  void count_quantifiers(std::size_t i) {
    std::size_t& open = open_.back().quantifiers;
    if (is(i, "forall")) ++open;
    else if (is(i, "exists") && i + 2 < tokens_.size() && token(i + 1).kind == TokenKind::word && is(i + 2, "in")) ++open;
    else if (is(i, ":") && open > 0) --open;
  }

  std::size_t gap(std::size_t i, std::size_t begin) const {
    const Token& t = token(i);
    const Token& before = token(i - 1);
    const bool sign = t.kind == TokenKind::sign;
    const bool after_sign = before.kind == TokenKind::sign;
    if (sign && (t.text == "," || t.text == "." || t.text == "?" || t.text == "..")) return 0;
    if (after_sign && (before.text == "(" || before.text == "[" || before.text == "." || before.text == "..")) return 0;
    if (after_sign && before.text == "{") return open_.back().is_set ? 0 : 1;
    if (sign && t.text == ":") return open_.back().is_brace && !open_.back().is_set && open_.back().quantifiers == 0 ? 1 : 0;
    if (sign && t.text == "(") return bracket_gap(i, begin);
    if (after_sign && before.text == "-") return i >= 2 && !unary(i - 1) ? 1 : 0;
    if (t.kind == TokenKind::word && is_one_of(t.text, leading_words)) return 1;
    const bool between_things = !sign && !joins_next(before) && !(after_sign && is_opener(before.text));
    const bool several = open_.back().is_brace && !open_.back().is_set && i > begin + 1;
    return between_things && several && t.blanks_before > 1 ? 2 : 1;
  }

  bool unary(std::size_t minus) const {
    const Token& before = token(minus - 1);
    return joins_next(before) || (before.kind == TokenKind::sign && (is_opener(before.text) || before.text == ".."));
  }

  std::size_t bracket_gap(std::size_t i, std::size_t begin) const {
    const Token& before = token(i - 1);
    if (before.kind != TokenKind::word) return before.kind == TokenKind::sign && is_one_of(before.text, joining_signs) ? (before.text == "-" && unary(i - 1) ? 0 : 1) : 1;
    if (is_one_of(before.text, joining_words)) return 1;
    const bool declares = open_.size() == 1 || is(first_, "let");
    const bool head = is(first_, "action") || is(first_, "extend") || is(first_, "let") || is(first_, "fault") || is(first_, "intent");
    const std::size_t name = first_ + (is(first_, "extend") ? 2 : 1);
    if (declares && head && i == name + 1) return 0;
    if (i == begin + 1 && is_one_of(before.text, column_words)) return 1;
    return token(i).blanks_before > 0 ? 1 : 0;
  }

  // ------------------------------------------------------------------------------- what is aligned

  void note_mark(std::size_t i, std::size_t begin, Line& made) {
    if (made.align != Align::nothing || first_ != begin || i == begin || !open_.back().is_brace || open_.back().is_set) return;
    if (made.body != 0) return;
    if (is(i, "=") && i == begin + 1) made.align = Align::assigned;
    else if (is(i, ":") && i == begin + 1) made.align = Align::field;
    else if (is(i, ":") && is(begin, "state") && i == begin + 2) made.align = Align::state;
    else if (is(i, "=") && is(begin, "let") && i == begin + 2 && open_.size() > 1) made.align = Align::let;
    else return;
    made.mark = made.text.size();
  }

  /// The clause words of one action are as wide as the longest of them.
  void align_clauses() {
    for (std::size_t i = 0; i < lines_.size();) {
      if (lines_[i].column_word == 0) {
        ++i;
        continue;
      }
      const std::size_t body = lines_[i].body;
      std::size_t width = 0;
      for (std::size_t j = i; j < lines_.size() && (lines_[j].body == body || lines_[j].body == 0); ++j) width = std::max(width, lines_[j].column_word);
      for (; i < lines_.size() && (lines_[i].body == body || lines_[i].body == 0); ++i)
        if (lines_[i].column_word > 0) lines_[i].text.insert(lines_[i].column_word, std::string(width - lines_[i].column_word, ' '));
    }
  }

  template <class Same, class Act>
  void runs(Same same, Act act) {
    for (std::size_t i = 0; i < lines_.size();) {
      std::size_t end = i + 1;
      while (end < lines_.size() && lines_[end].blank_before == 0 && same(lines_[i], lines_[end])) ++end;
      act(i, end);
      i = end;
    }
  }

  void align_marks() {
    const auto same = [](const Line& a, const Line& b) { return a.align == b.align && a.indent == b.indent; };
    runs(same, [&](std::size_t begin, std::size_t end) {
      if (lines_[begin].align == Align::nothing) return;
      std::size_t mark = 0;
      for (std::size_t i = begin; i < end; ++i) mark = std::max(mark, lines_[i].mark);
      for (std::size_t i = begin; i < end; ++i) lines_[i].text.insert(lines_[i].mark, std::string(mark - lines_[i].mark, ' '));
    });
  }

  static std::size_t width(const Line& line) {
    const std::size_t last = line.text.rfind('\n');
    const std::string_view text = std::string_view(line.text).substr(last == std::string::npos ? 0 : last + 1);
    const auto characters = std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
    return static_cast<std::size_t>(characters) + (last == std::string::npos ? line.indent : 0);
  }

  void align_comments() {
    const auto same = [](const Line& a, const Line& b) { return a.comment.empty() == b.comment.empty(); };
    runs(same, [&](std::size_t begin, std::size_t end) {
      if (lines_[begin].comment.empty()) return;
      std::size_t widest = 0;
      for (std::size_t i = begin; i < end; ++i) widest = std::max(widest, width(lines_[i]));
      for (std::size_t i = begin; i < end; ++i) lines_[i].text += std::string(widest - width(lines_[i]) + 2, ' ') + lines_[i].comment;
    });
  }

  // ----------------------------------------------------------------------------------------- blocks

  /// Its lines stand one step further in than the line that it begins on. The shared indentation is no part of its value.
  static std::string block(std::string_view text, std::size_t indent) {
    std::vector<std::string_view> lines;
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      std::string_view line = text.substr(at, end - at);
      if (end < text.size() && !line.empty() && line.back() == '\r') line.remove_suffix(1);
      lines.push_back(line);
      at = end + 1;
    }
    if (lines.size() == 1 || has_long_value(text)) return std::string(text);
    const std::string_view shared = shared_indentation(lines);
    std::string made(lines[0].substr(0, lines[0].find_last_not_of(" \t") == 2 ? 3 : lines[0].size()));
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const bool empty = lines[i].find_first_not_of(" \t") == std::string_view::npos;
      const bool last = i + 1 == lines.size();
      made += "\n";
      if (last && is_last(lines[i])) made += std::string(indent, ' ') + "\"\"\"";
      else if (!empty) made += std::string(indent + step, ' ') + std::string(lines[i].substr(shared.size()));
    }
    return made;
  }

  static bool is_last(std::string_view line) { return line.find_first_not_of(" \t") == line.size() - 3; }

  static std::string_view shared_indentation(const std::vector<std::string_view>& lines) {
    std::string_view shared;
    bool found = false;
    for (std::size_t i = 1; i < lines.size(); ++i) {
      const std::size_t begin = lines[i].find_first_not_of(" \t");
      if (begin == std::string_view::npos || (i + 1 == lines.size() && is_last(lines[i]))) continue;
      const std::string_view blanks = lines[i].substr(0, begin);
      if (!found) shared = blanks;
      found = true;
      std::size_t n = 0;
      while (n < shared.size() && n < blanks.size() && shared[n] == blanks[n]) ++n;
      shared = shared.substr(0, n);
    }
    return shared;
  }

  /// Does a `${…}` in it go over several lines? Such a block stays as it is.
  static bool has_long_value(std::string_view text) {
    for (std::size_t at = text.find("${"); at != std::string_view::npos; at = text.find("${", at + 2)) {
      const std::size_t line = std::min(text.find('\n', at), text.size());
      const std::string_view rest = text.substr(at, line - at);
      if (std::count(rest.begin(), rest.end(), '{') > std::count(rest.begin(), rest.end(), '}') && (at == 0 || text[at - 1] != '$')) return true;
    }
    return false;
  }

  std::string joined() const {
    std::string text;
    for (std::size_t i = 0; i < lines_.size(); ++i) {
      if (lines_[i].blank_before > 0 && i > 0) text += "\n";
      text += std::string(lines_[i].indent, ' ') + lines_[i].text + "\n";
    }
    return text;
  }

  const std::vector<Token>& tokens_;
  std::vector<Line> lines_;
  std::vector<Open> open_;
  std::size_t statement_indent_ = 0;
  std::size_t first_ = 0;
  std::size_t bodies_ = 0;
  bool column_statement_ = false;
  bool is_action_ = false;
};

}  // namespace

std::string format(const Sources& sources, const ast::File& file) {
  const std::string& text = sources[file.source].text;
  for (const ast::Declaration& d : file.declarations)
    if (std::holds_alternative<ast::Broken>(d.what)) return text;
  return Layout(parsing::tokens_of(text)).run();
}

}  // namespace exm
