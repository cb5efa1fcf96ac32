#include "runtime/show/page.h"

#include <fmt/format.h>

#include "runtime/show/words.h"

namespace exm::show {

void Page::line(std::string_view text) {
  out_ += text;
  out_ += '\n';
}

void Page::heading(std::string_view text) {
  for (const auto& l : wrap(text, room(0))) line(paint(Tone::heading, l));
}

void Page::paragraph(std::string_view text, std::size_t indent, Tone tone) {
  for (const auto& l : wrap(text, room(indent))) line(std::string(indent, ' ') + paint(tone, l));
}

void Page::item(std::string_view head, std::string_view text, std::size_t indent) {
  const auto lines = wrap(text, room(indent));
  line(fmt::format("{:<{}}{}", head, indent, lines.empty() ? "" : lines.front()));
  for (std::size_t i = 1; i < lines.size(); ++i) line(std::string(indent, ' ') + lines[i]);
}

void Page::list(std::string_view title, const std::vector<std::string>& items) {
  if (items.empty()) return;
  line();
  heading(title);
  for (const auto& text : items) item("  -", text, 4);
}

std::string Page::paint(Tone tone, std::string_view text) const {
  constexpr std::string_view codes[] = {"", "1", "2", "33"};
  if (!options_.colour || tone == Tone::plain) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", codes[static_cast<int>(tone)], text);
}

}  // namespace exm::show
