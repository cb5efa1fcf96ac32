// Diagnostics as text. The formats for machines stand in render_machine.cpp.
#include "compiler/base/render.h"

#include <algorithm>

namespace exm {

namespace {

constexpr std::size_t widest_line = 160;  // in characters; of a longer line, the part around the place is shown

struct Paint {
  Colour colour;
  std::string operator()(std::string_view code, std::string_view text) const {
    if (colour == Colour::off) return std::string(text);
    return "\033[" + std::string(code) + "m" + std::string(text) + "\033[0m";
  }
};
constexpr std::string_view bold = "1";
constexpr std::string_view blue = "1;34";

std::string_view severity_word(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "notice";
}
std::string_view severity_colour(Severity severity) {
  return severity == Severity::error ? "1;31" : severity == Severity::warning ? "1;33" : "1;36";
}

/// A line as it can be shown: tabs are spaces, control characters are replaced, and each byte's column is known.
struct Shown {
  std::string text;
  std::vector<std::size_t> column;  // per byte of the line, and one more for its end
};

Shown shown(std::string_view line) {
  Shown made;
  std::size_t column = 0;
  for (const char c : line) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80) {
      made.column.push_back(column == 0 ? 0 : column - 1);
      made.text += c;
      continue;
    }
    made.column.push_back(column);
    const std::size_t width = c == '\t' ? 2 : 1;
    made.text += c == '\t' ? "  " : byte < 0x20 || byte == 0x7F ? std::string("?") : std::string(1, c);
    column += width;
  }
  made.column.push_back(column);
  return made;
}

std::size_t byte_of_column(const std::string& text, std::size_t column) {
  std::size_t at = 0;
  for (; at < text.size(); ++at)
    if ((static_cast<unsigned char>(text[at]) & 0xC0) != 0x80 && column-- == 0) return at;
  return at;
}

/// Leaves of a very long line what stands around the columns [begin, end).
void cut(std::string& text, std::size_t& begin, std::size_t& end, std::size_t width) {
  if (width <= widest_line) return;
  const std::size_t from = begin > widest_line / 2 ? begin - widest_line / 2 : 0;
  const std::size_t to = std::min(width, from + widest_line);
  std::string part = text.substr(byte_of_column(text, from), byte_of_column(text, to) - byte_of_column(text, from));
  if (to < width) part += "…";
  if (from > 0) part = "…" + part;
  const std::size_t shift = from > 0 ? from - 1 : 0;
  begin -= shift;
  end = std::min(end, to) - shift;
  text = std::move(part);
}

struct Place {
  Span span;
  std::string words;  // behind the carets
  char mark = '^';
  std::string_view colour;
};

void snippet(std::string& to, const Sources& sources, const Place& place, std::size_t gutter, const Paint& paint) {
  const std::string_view text = sources[place.span.source].text;
  const LineColumn at = line_column(text, place.span.begin);
  const std::string_view line = line_at(text, place.span.begin);
  const std::size_t line_begin = line.empty() && line.data() == nullptr ? 0 : static_cast<std::size_t>(line.data() - text.data());
  Shown visible = shown(line);
  const auto column = [&](std::size_t offset) { return visible.column[std::min(offset - std::min(offset, line_begin), line.size())]; };
  const std::size_t width = visible.column.back();
  std::size_t begin = column(place.span.begin);
  std::size_t end = std::max(begin + 1, column(std::max(place.span.end, place.span.begin)));
  cut(visible.text, begin, end, width);

  const std::string number = std::to_string(at.line);
  const std::string bar = std::string(gutter + 1, ' ') + "|";
  to += paint(blue, std::string(gutter - number.size(), ' ') + number + " |");
  to += (visible.text.empty() ? "" : " " + visible.text) + "\n" + paint(blue, bar) + " ";
  to += std::string(begin, ' ') + paint(place.colour, std::string(std::max<std::size_t>(end, begin + 1) - begin, place.mark) + (place.words.empty() ? "" : " " + place.words));
  to += "\n";
}

bool in_range(const Sources& sources, const Span& span) {
  return span.source < sources.size() && span.begin <= sources[span.source].text.size();
}

std::size_t gutter_of(const Sources& sources, const Diagnostic& d) {
  std::size_t last = in_range(sources, d.span) ? line_column(sources[d.span.source].text, d.span.begin).line : 1;
  for (const Label& label : d.labels)
    if (in_range(sources, label.span)) last = std::max<std::size_t>(last, line_column(sources[label.span.source].text, label.span.begin).line);
  return std::to_string(last).size();
}

void one(std::string& to, const Sources& sources, const Diagnostic& d, const Paint& paint) {
  const std::string_view colour = severity_colour(d.severity);
  to += paint(colour, fmt::format("{}[{}]", severity_word(d.severity), d.id)) + paint(bold, ": " + d.message) + "\n";
  const std::size_t gutter = gutter_of(sources, d);
  const std::string margin(gutter, ' ');
  if (in_range(sources, d.span)) {
    to += paint(blue, margin + "--> ") + sources.place(d.span) + "\n" + paint(blue, margin + " |") + "\n";
    snippet(to, sources, {d.span, "", '^', colour}, gutter, paint);
  }
  for (const Label& label : d.labels) {
    if (!in_range(sources, label.span)) continue;
    if (label.span.source != d.span.source) to += paint(blue, margin + "::: ") + sources.place(label.span) + "\n";
    snippet(to, sources, {label.span, label.text, '-', blue}, gutter, paint);
  }
  for (const std::string& hint : d.hints) to += paint(blue, margin + " = ") + paint(bold, "help: ") + hint + "\n";
}

}  // namespace

std::string render_text(const Sources& sources, const Diagnostics& diagnostics, Colour colour) {
  std::string text;
  for (const Diagnostic& d : diagnostics.all()) {
    if (!text.empty()) text += "\n";
    one(text, sources, d, Paint{colour});
  }
  return text;
}

}  // namespace exm
