#include "runtime/show/html.h"

#include <fmt/format.h>

#include <algorithm>

#include "runtime/show/outline.h"
#include "runtime/show/words.h"

namespace exm {

using namespace show;

namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --line: #8884; --bar: #3b78c3; --mark: #b35900; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .35rem .6rem; border-top: 1px solid var(--line); }
td.id, td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.why { opacity: .75; font-size: .9em; } .mark { color: var(--mark); font-size: .9em; }
.track { position: relative; height: .5rem; min-width: 12rem; background: var(--line); border-radius: .25rem; margin-top: .5rem; }
.bar { position: absolute; top: 0; height: 100%; min-width: 2px; background: var(--bar); border-radius: .25rem; }
footer { margin-top: 3rem; opacity: .7; font-size: .85em; overflow-wrap: anywhere; }
)";

std::string escape(std::string_view text) {
  std::string out;
  for (char c : clean(text)) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  return out;
}

void put_list(std::string& out, const char* title, const std::vector<std::string>& items) {
  if (items.empty()) return;
  if (*title != '\0') out += fmt::format("<h2>{}</h2>\n", title);
  out += "<ul>\n";
  for (const auto& item : items) out += "<li>" + escape(item) + "</li>\n";
  out += "</ul>\n";
}

/// Hundredths of a per cent without floats, so that every machine writes the same bytes.
std::string percent(plan::Seconds part, plan::Seconds whole) {
  const plan::Seconds p = whole > 0 ? std::max<plan::Seconds>(part, 0) * 10'000 / whole : 0;
  return fmt::format("{}.{:02}%", p / 100, p % 100);
}

void put_step(std::string& out, const OutlineStep& s, plan::Seconds whole) {
  out += fmt::format("<tr><td class=\"id\">{}</td><td class=\"time\">{}<br>{}</td><td>{}", escape(s.id), clock_words(s.start),
                     duration_words(s.takes), escape(s.title));
  if (!s.why.empty()) out += fmt::format("<div class=\"why\">{}</div>", escape(s.why));
  if (!s.waits_for.empty()) out += fmt::format("<div class=\"why\">Waits for {}.</div>", escape(list_words(s.waits_for)));
  if (!s.meanwhile.empty()) out += fmt::format("<div class=\"why\">Meanwhile: {}.</div>", escape(s.meanwhile));
  for (const auto& mark : s.marks) out += fmt::format("<div class=\"mark\">{}</div>", escape(sentence(mark)));
  out += fmt::format("</td><td><div class=\"track\"><div class=\"bar\" style=\"left:{};width:{}\"></div></div></td></tr>\n",
                     percent(s.start, whole), percent(s.takes, whole));
}

}  // namespace

std::string show_html(const plan::Plan& plan) {
  const Outline o = outline(plan);
  plan::Seconds whole = 0;
  for (const auto& lane : o.lanes)
    for (const auto& s : lane.steps) whole = std::max(whole, s.start + s.takes);
  std::string out = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<h1>{0}</h1>\n", escape(o.title), style);
  put_list(out, "", o.summary);
  put_list(out, "Asked first", o.gates);
  for (const auto& lane : o.lanes) {
    out += fmt::format("<h2>{}</h2>\n<table>\n<tr><th>step</th><th>from, for</th><th>what and why</th><th>when</th></tr>\n", escape(lane.name));
    for (const auto& s : lane.steps) put_step(out, s, whole);
    out += "</table>\n";
  }
  put_list(out, "What ends other than it was", o.ends);
  put_list(out, "Worth knowing", o.notices);
  put_list(out, "Exposure", o.exposure);
  out += fmt::format("<footer>{} &middot; {}</footer>\n</body>\n</html>\n", escape(plan.maintenance), escape(plan.digest));
  return out;
}

}  // namespace exm
