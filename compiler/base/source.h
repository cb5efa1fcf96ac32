// A source text and places in it. Places are byte offsets; lines and columns are made when something is shown.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace exm {

/// One file. The path is the one to show: relative to where the user stands, `/` in it; "stdlib/nlb.exm" for an embedded module.
struct Source {
  std::string path;
  std::string text;
};

/// A place: bytes [begin, end) of the source with that number.
struct Span {
  std::uint32_t source = 0;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

/// 1-based; the column counts characters (UTF-8), not bytes.
struct LineColumn {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

LineColumn line_column(std::string_view text, std::uint32_t offset);

/// The line that the offset is in, without its line end.
std::string_view line_at(std::string_view text, std::uint32_t offset);

/// All the texts of one compilation. A Span's `source` indexes it.
class Sources {
 public:
  std::uint32_t add(Source source);
  const Source& operator[](std::uint32_t index) const { return all_[index]; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(all_.size()); }
  std::string_view text(Span span) const;
  /// "casarray.exm:12:3"
  std::string place(Span span) const;

 private:
  std::vector<Source> all_;
};

}  // namespace exm
