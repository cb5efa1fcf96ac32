#include <fmt/format.h>

#include <algorithm>

#include "compiler/doc/page.h"
#include "runtime/show/markup.h"

namespace exm::doc {

using show::escape_html;

namespace {

std::string words_html(const Words& words) {
  std::string out;
  for (const Word& w : words) switch (w.look) {
      case Word::Look::plain: out += escape_html(w.text); break;
      case Word::Look::code: out += "<code>" + escape_html(w.text) + "</code>"; break;
      case Word::Look::value: out += "<em>" + escape_html(w.text) + "</em>"; break;
      case Word::Look::link: out += fmt::format("<a href=\"#{}\"><code>{}</code></a>", escape_html(w.target), escape_html(w.text)); break;
      case Word::Look::module: out += fmt::format("<a href=\"{0}.html\">{0}</a>", escape_html(w.text)); break;
    }
  return out;
}

struct Writer {
  std::string out;

  void operator()(const Heading& h) {
    const std::string text = h.is_name ? "<code>" + escape_html(h.text) + "</code>" : escape_html(h.text);
    out += fmt::format("<h{0} id=\"{1}\">{2}</h{0}>\n", h.level, escape_html(h.anchor), text);
  }
  void operator()(const Paragraph& p) { out += "<p>" + words_html(p.words) + "</p>\n"; }
  void operator()(const List& l) {
    out += "<ul>\n";
    for (const auto& item : l.items) out += "<li>" + words_html(item) + "</li>\n";
    out += "</ul>\n";
  }
  void operator()(const Table& t) {
    out += "<table>\n<tr>";
    for (const auto& c : t.columns) out += "<th>" + escape_html(c) + "</th>";
    out += "</tr>\n";
    for (const auto& row : t.rows) {
      out += "<tr>";
      for (const auto& cell : row) out += "<td>" + words_html(cell) + "</td>";
      out += "</tr>\n";
    }
    out += "</table>\n";
  }
  void operator()(const Command& c) {
    out += "<pre>";
    for (std::size_t at = 0; at < c.text.size();) {
      const std::size_t end = std::min(c.text.find('\n', at), c.text.size());
      out += escape_html(c.text.substr(at, end - at)) + "\n";
      at = end + 1;
    }
    out += "</pre>\n";
  }
};

}  // namespace

std::string to_html(const Page& page) {
  Writer writer{show::html_head(page.title)};
  for (const auto& words : page.intro) writer(Paragraph{words});
  if (!page.index.empty()) writer(List{page.index});
  for (const auto& block : page.blocks) std::visit(writer, block);
  return writer.out + "</body>\n</html>\n";
}

}  // namespace exm::doc
