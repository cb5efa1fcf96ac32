// A text as a row of tokens with what lies between them, for the formatter. Texts are one token each, with all they hold.
#pragma once

#include <string_view>
#include <vector>

namespace exm::parsing {

enum class TokenKind { word, number, text, block, comment, sign };

struct Token {
  TokenKind kind = TokenKind::sign;
  std::string_view text;
  std::size_t lines_before = 0;   // line ends between it and the token before
  std::size_t blanks_before = 0;  // characters between it and the token before, on one line
};

/// Of a text that has been parsed without an error.
std::vector<Token> tokens_of(std::string_view text);

}  // namespace exm::parsing
