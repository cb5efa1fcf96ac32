#include "compiler/base/source.h"

#include <fmt/format.h>

#include <algorithm>

namespace exm {

LineColumn line_column(std::string_view text, std::uint32_t offset) {
  offset = std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(text.size()));
  LineColumn at;
  for (std::uint32_t i = 0; i < offset; ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte == '\n') {
      ++at.line;
      at.column = 1;
    } else if ((byte & 0xC0) != 0x80) {
      ++at.column;
    }
  }
  return at;
}

std::string_view line_at(std::string_view text, std::uint32_t offset) {
  offset = std::min<std::uint32_t>(offset, static_cast<std::uint32_t>(text.size()));
  std::size_t begin = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  begin = begin == std::string_view::npos ? 0 : begin + 1;
  std::size_t end = text.find('\n', offset);
  if (end == std::string_view::npos) end = text.size();
  if (end > begin && text[end - 1] == '\r') --end;
  return text.substr(begin, end - begin);
}

std::uint32_t Sources::add(Source source) {
  all_.push_back(std::move(source));
  return static_cast<std::uint32_t>(all_.size() - 1);
}

std::string_view Sources::text(Span span) const {
  return std::string_view(all_[span.source].text).substr(span.begin, span.end - span.begin);
}

std::string Sources::place(Span span) const {
  const auto at = line_column(all_[span.source].text, span.begin);
  return fmt::format("{}:{}:{}", all_[span.source].path, at.line, at.column);
}

}  // namespace exm
