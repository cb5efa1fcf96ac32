// Texts: escapes are undone, and a block loses the indentation that all its lines share.
#include <algorithm>

#include "compiler/parse/builder.h"
#include "compiler/parse/utf8.h"

namespace exm::parsing {

using ast::Expr;
using ast::ExprKind;
using ast::TextPart;

namespace {
bool is_blank(char c) { return c == ' ' || c == '\t'; }

/// A block's first line, where nothing stands behind the quotes, is none of its lines.
void drop_first_line(std::string& text) {
  const std::size_t end = text.find_first_not_of(" \t\r");
  if (end != std::string::npos && text[end] == '\n') text.erase(0, end + 1);
}

/// Nor is the last one, where nothing stands before the quotes.
void drop_last_line(std::string& text) {
  const std::size_t end = text.find_last_not_of(" \t");
  if (end != std::string::npos && text[end] == '\n') text.erase(end);
}
}  // namespace

Expr Builder::any_text(Ref node) {
  if (kind(node) == NodeKind::block) return block(node);
  Expr e = start(node, ExprKind::text);
  std::size_t deepest = 0;
  each_child(node, [&](Ref c) {
    depth_ = 0;
    if (kind(c) == NodeKind::chunk) literal(e.parts, text(c), span(c));
    else if (kind(c) == NodeKind::escaped_dollar) literal(e.parts, "${", span(c));
    else if (kind(c) == NodeKind::escape) escape(c, e.parts);
    else e.parts.push_back(interpolation(c));
    deepest = std::max(deepest, depth_);
  });
  depth_ = deepest + 1;
  return e;
}

Expr Builder::block(Ref node) {
  Expr e = start(node, ExprKind::text);
  const std::string_view indentation = common_indentation(node);
  std::size_t deepest = 0;
  each_child(node, [&](Ref c) {
    depth_ = 0;
    if (kind(c) == NodeKind::block_chunk) {
      std::string lines;
      unindented(text(c), indentation, lines);
      literal(e.parts, lines, span(c));
    } else if (kind(c) == NodeKind::escaped_dollar) {
      literal(e.parts, "${", span(c));
    } else {
      e.parts.push_back(interpolation(c));
    }
    deepest = std::max(deepest, depth_);
  });
  if (!e.parts.empty() && e.parts.front().value.empty()) drop_first_line(e.parts.front().literal);
  if (!e.parts.empty() && e.parts.back().value.empty()) drop_last_line(e.parts.back().literal);
  std::erase_if(e.parts, [](const TextPart& p) { return p.value.empty() && p.literal.empty(); });
  depth_ = deepest + 1;
  return e;
}

/// The longest beginning of blanks that all lines share; empty lines, and those within `${…}`, don't count.
std::string_view Builder::common_indentation(Ref node) const {
  std::string_view common;
  bool found = false;
  const std::size_t end = nodes_[node].end - 3;
  each_child(node, [&](Ref c) {
    if (kind(c) != NodeKind::block_chunk) return;
    for (std::size_t at = text_.find('\n', nodes_[c].begin); at < nodes_[c].end; at = text_.find('\n', at + 1)) {
      std::size_t stop = at + 1;
      while (stop < end && is_blank(text_[stop])) ++stop;
      if (stop == end || text_[stop] == '\n' || text_[stop] == '\r') continue;
      const std::string_view line = text_.substr(at + 1, stop - at - 1);
      if (!found) common = line;
      found = true;
      common = common.substr(0, static_cast<std::size_t>(std::mismatch(common.begin(), common.end(), line.begin(), line.end()).first - common.begin()));
    }
  });
  return common;
}

void Builder::unindented(std::string_view chunk, std::string_view indentation, std::string& to) const {
  to.reserve(chunk.size());
  const bool to_the_end = text_.substr(static_cast<std::size_t>(chunk.data() + chunk.size() - text_.data()), 3) == "\"\"\"";
  for (std::size_t at = 0; at < chunk.size(); ++at) {
    if (chunk[at] == '\r' && chunk.substr(at + 1, 1) == "\n") continue;
    to += chunk[at];
    if (chunk[at] != '\n') continue;
    std::size_t stop = at + 1;
    while (stop < chunk.size() && is_blank(chunk[stop])) ++stop;
    const bool empty = stop == chunk.size() ? to_the_end : chunk[stop] == '\n' || chunk[stop] == '\r';
    at = empty ? stop - 1 : at + indentation.size();
  }
}

void Builder::literal(std::vector<TextPart>& parts, std::string_view more, Span at) const {
  if (parts.empty() || !parts.back().value.empty()) {
    parts.emplace_back();
    parts.back().span = at;
  }
  parts.back().literal += more;
  parts.back().span.end = at.end;
}

void Builder::escape(Ref node, std::vector<TextPart>& parts) {
  const std::string_view escape = text(node);
  std::string meant;
  switch (escape[1]) {
    case '\\': meant = "\\"; break;
    case '"': meant = "\""; break;
    case 'n': meant = "\n"; break;
    case 't': meant = "\t"; break;
    case 'u': {
      std::uint32_t code = 0;
      for (const char c : escape.substr(std::min<std::size_t>(escape.size(), 3), escape.size() < 4 ? 0 : escape.size() - 4))
        code = std::min<std::uint32_t>(code * 16 + static_cast<std::uint32_t>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10), 0x110000);
      if (escape.size() > 4 && append_utf8(meant, code)) break;
      complain(span(node), diag::bad_escape, escape.substr(0, 40)).hint("write a character's number as `\\u{20AC}`");
      break;
    }
    default: {
      auto& problem = complain(span(node), diag::bad_escape, static_cast<unsigned char>(escape[1]) < 0x80 ? escape : escape.substr(0, 1));
      problem.hint("a backslash is written twice: `\\\\`");
    }
  }
  literal(parts, meant, span(node));
}

TextPart Builder::interpolation(Ref node) {
  TextPart part;
  part.span = span(node);
  const Ref inner = first(node);
  if (kind(inner) == NodeKind::secret_name) {
    Expr e = start(inner, ExprKind::secret);
    const Expr text = text_in(inner);
    for (const TextPart& piece : text.parts) {
      if (!piece.value.empty()) complain(piece.span, diag::expected, "the name of a secret, without `${…}`");
      e.text += piece.literal;
    }
    part.value.push_back(std::move(e));
  } else {
    part.value.push_back(expression(inner));
  }
  if (const Ref format = child(node, NodeKind::format); format != none) part.format = text(format);
  return part;
}

Expr Builder::text_in(Ref node) {
  for (Ref c = first(node); c != none; c = after(c, node))
    if (kind(c) == NodeKind::text || kind(c) == NodeKind::block) return any_text(c);
  return start(node, ExprKind::text);
}

std::optional<Expr> Builder::optional_text(Ref node, NodeKind wrapper) {
  const Ref found = child(node, wrapper);
  if (found == none) return std::nullopt;
  return text_in(found);
}

}  // namespace exm::parsing
