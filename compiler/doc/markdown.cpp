#include <fmt/format.h>

#include <algorithm>

#include "compiler/doc/page.h"
#include "runtime/show/markup.h"
#include "runtime/show/words.h"

namespace exm::doc {

using show::escape_markdown;

namespace {

/// What is code stands between as many backquotes as it needs; a bar in a table is escaped.
std::string code_span(const std::string& text, bool in_table) {
  std::string out, mark = "`";
  while (text.find(mark) != std::string::npos) mark += '`';
  for (const char c : show::clean(text)) out += in_table && c == '|' ? "\\|" : std::string(1, c);
  return mark.size() > 1 ? mark + " " + out + " " + mark : mark + out + mark;
}

std::string words_text(const Words& words, bool in_table = false) {
  std::string out;
  for (const Word& w : words) switch (w.look) {
      case Word::Look::plain: out += escape_markdown(w.text); break;
      case Word::Look::code: out += code_span(w.text, in_table); break;
      case Word::Look::value: out += "*" + escape_markdown(w.text) + "*"; break;
      case Word::Look::link: out += fmt::format("[{}](#{})", code_span(w.text, in_table), w.target); break;
      case Word::Look::module: out += fmt::format("[{0}]({0}.md)", w.text); break;
    }
  return out;
}

struct Writer {
  std::string out;

  void operator()(const Heading& h) { out += fmt::format("\n{} {}\n", std::string(static_cast<std::size_t>(h.level), '#'), h.is_name ? code_span(h.text, false) : escape_markdown(h.text)); }
  void operator()(const Paragraph& p) { out += "\n" + words_text(p.words) + "\n"; }
  void operator()(const List& l) {
    out += "\n";
    for (const auto& item : l.items) out += "- " + words_text(item) + "\n";
  }
  void operator()(const Table& t) {
    out += "\n|";
    for (const auto& c : t.columns) out += fmt::format(" {} |", c);
    out += "\n|";
    for (std::size_t i = 0; i < t.columns.size(); ++i) out += " --- |";
    out += "\n";
    for (const auto& row : t.rows) {
      out += "|";
      for (const auto& cell : row) out += fmt::format(" {} |", words_text(cell, true));
      out += "\n";
    }
  }
  void operator()(const Command& c) {
    std::string mark = "```";
    while (c.text.find(mark) != std::string::npos) mark += '`';
    out += fmt::format("\n{}{}\n{}{}{}\n", mark, c.language == "person" ? "text" : c.language, c.text, c.text.ends_with("\n") ? "" : "\n", mark);
  }
};

}  // namespace

std::string to_markdown(const Page& page) {
  Writer writer{"# " + escape_markdown(page.title) + "\n"};
  for (const auto& words : page.intro) writer(Paragraph{words});
  if (!page.index.empty()) writer(List{page.index});
  for (const auto& block : page.blocks) std::visit(writer, block);
  return std::move(writer.out);
}

}  // namespace exm::doc
