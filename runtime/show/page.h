// Lines of text for a terminal: wrapped to a width, coloured where asked for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/show/text.h"

namespace exm::show {

enum class Tone { plain, heading, dim, warning };

class Page {
 public:
  explicit Page(const TextOptions& options) : options_(options) {}
  std::string take() { return std::move(out_); }

  void line(std::string_view text = "");
  void heading(std::string_view text);
  void paragraph(std::string_view text, std::size_t indent, Tone tone = Tone::plain);
  /// A head, and a paragraph that stands to the right of it.
  void item(std::string_view head, std::string_view text, std::size_t indent);
  /// A heading and its items; nothing where there are none.
  void list(std::string_view title, const std::vector<std::string>& items);

 private:
  std::string paint(Tone tone, std::string_view text) const;
  std::size_t room(std::size_t indent) const { return options_.width > indent + 20 ? options_.width - indent : 20; }

  const TextOptions& options_;
  std::string out_;
};

}  // namespace exm::show
