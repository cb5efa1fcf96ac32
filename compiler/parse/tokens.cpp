#include "compiler/parse/tokens.h"

#include <algorithm>

namespace exm::parsing {

namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Tokenizer {
 public:
  explicit Tokenizer(std::string_view text) : text_(text) {}

  std::vector<Token> run() {
    if (text_.substr(0, 3) == "\xEF\xBB\xBF") at_ = 3;
    std::vector<Token> tokens;
    while (true) {
      const std::size_t before = at_;
      at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size());
      if (at_ == text_.size()) return tokens;
      const std::string_view between = text_.substr(before, at_ - before);
      Token token;
      token.lines_before = static_cast<std::size_t>(std::count(between.begin(), between.end(), '\n'));
      token.blanks_before = between.size();
      const std::size_t begin = at_;
      token.kind = take();
      token.text = text_.substr(begin, at_ - begin);
      if (token.kind == TokenKind::comment)
        token.text = token.text.substr(0, token.text.find_last_not_of(" \t\r") + 1);
      tokens.push_back(token);
    }
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  bool follows(std::string_view what) const { return text_.substr(at_, what.size()) == what; }
  void advance(std::size_t n) { at_ = std::min(at_ + n, text_.size()); }

  TokenKind take() {
    const char c = peek();
    if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return TokenKind::comment;
    }
    if (c == '"') return take_text();
    if (is_letter(c)) {
      take_word();
      return TokenKind::word;
    }
    if (is_digit(c)) {
      while (is_letter(peek()) || is_digit(peek()) || (peek() == ':' && is_digit(peek(1)))) ++at_;
      return TokenKind::number;
    }
    for (const std::string_view sign : {"==", "!=", "<=", ">=", ":=", "->", ".."}) {
      if (!follows(sign)) continue;
      advance(2);
      return TokenKind::sign;
    }
    ++at_;
    return TokenKind::sign;
  }

  void take_word() {
    while (is_letter(peek()) || is_digit(peek()) || (peek() == '-' && (is_letter(peek(1)) || is_digit(peek(1))))) ++at_;
  }

  TokenKind take_text() {
    const bool is_block = follows("\"\"\"");
    const std::string_view end = is_block ? "\"\"\"" : "\"";
    advance(end.size());
    while (at_ < text_.size() && !follows(end)) {
      if (!is_block && peek() == '\\') advance(2);
      else if (follows("$${")) advance(3);
      else if (follows("${")) take_interpolation();
      else ++at_;
    }
    advance(end.size());
    return is_block ? TokenKind::block : TokenKind::text;
  }

  void take_interpolation() {
    advance(2);
    for (std::size_t open = 1; at_ < text_.size() && open > 0;) {
      if (peek() == '{') ++open;
      if (peek() == '}') --open;
      take();
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokens_of(std::string_view text) { return Tokenizer(text).run(); }

}  // namespace exm::parsing
