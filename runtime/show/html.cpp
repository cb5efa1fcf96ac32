#include "runtime/show/html.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/show/markup.h"
#include "runtime/show/outline.h"
#include "runtime/show/words.h"

namespace exm {

using namespace show;

namespace {

void put_list(std::string& out, const char* title, const std::vector<std::string>& items) {
  if (items.empty()) return;
  if (*title != '\0') out += fmt::format("<h2>{}</h2>\n", title);
  out += "<ul>\n";
  for (const auto& item : items) out += "<li>" + escape_html(item) + "</li>\n";
  out += "</ul>\n";
}

/// Hundredths of a per cent without floats, so that every machine writes the same bytes.
std::string percent(plan::Seconds part, plan::Seconds whole) {
  const plan::Seconds p = whole > 0 ? std::max<plan::Seconds>(part, 0) * 10'000 / whole : 0;
  return fmt::format("{}.{:02}%", p / 100, p % 100);
}

void put_step(std::string& out, const OutlineStep& s, plan::Seconds whole) {
  out += fmt::format("<tr><td class=\"id\">{}</td><td class=\"time\">{}<br>{}</td><td>{}", escape_html(s.id), clock_words(s.start),
                     duration_words(s.takes), escape_html(s.title));
  if (!s.why.empty()) out += fmt::format("<div class=\"why\">{}</div>", escape_html(s.why));
  for (const auto& words : s.waits) out += fmt::format("<div class=\"why\">{}</div>", escape_html(words));
  if (!s.meanwhile.empty()) out += fmt::format("<div class=\"why\">Meanwhile: {}.</div>", escape_html(s.meanwhile));
  for (const auto& mark : s.marks) out += fmt::format("<div class=\"mark\">{}</div>", escape_html(sentence(mark)));
  out += fmt::format("</td><td><div class=\"track\"><div class=\"bar\" style=\"left:{};width:{}\"></div></div></td></tr>\n",
                     percent(s.start, whole), percent(s.takes, whole));
}

}  // namespace

std::string show_html(const plan::Plan& plan) {
  const Outline o = outline(plan);
  plan::Seconds whole = 0;
  for (const auto& lane : o.lanes)
    for (const auto& s : lane.steps) whole = std::max(whole, s.start + s.takes);
  std::string out = html_head(o.title);
  put_list(out, "", o.summary);
  put_list(out, "Asked first", o.gates);
  for (const auto& lane : o.lanes) {
    out += fmt::format("<h2>{}</h2>\n<table>\n<tr><th>step</th><th>from, for</th><th>what and why</th><th>when</th></tr>\n", escape_html(lane.name));
    for (const auto& s : lane.steps) put_step(out, s, whole);
    out += "</table>\n";
  }
  put_list(out, "If a step fails", o.failures);
  put_list(out, "What ends other than it was", o.ends);
  put_list(out, "Worth knowing", o.notices);
  put_list(out, "How near it comes", o.exposure);
  out += fmt::format("<footer>{} &middot; {}</footer>\n</body>\n</html>\n", escape_html(plan.maintenance), escape_html(plan.digest));
  return out;
}

}  // namespace exm
