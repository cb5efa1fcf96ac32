#include "runtime/show/markdown.h"

#include <fmt/format.h>

#include "runtime/show/markup.h"
#include "runtime/show/outline.h"
#include "runtime/show/words.h"

namespace exm {

using namespace show;

namespace {

void put_list(std::string& out, const char* title, const std::vector<std::string>& items) {
  if (items.empty()) return;
  out += fmt::format("\n## {}\n\n", title);
  for (const auto& item : items) out += "- " + escape_markdown(item) + "\n";
}

std::string why_of(const OutlineStep& s) {
  std::string why = escape_markdown(s.why);
  const auto add = [&](const std::string& text) { why += (why.empty() ? "" : " ") + text; };
  for (const auto& words : s.waits) add(escape_markdown(words));
  if (!s.meanwhile.empty()) add(fmt::format("Meanwhile: {}.", escape_markdown(s.meanwhile)));
  for (const auto& mark : s.marks) add(fmt::format("**{}**", escape_markdown(sentence(mark))));
  return why;
}

}  // namespace

std::string show_markdown(const plan::Plan& plan) {
  const Outline o = outline(plan);
  std::string out = "# " + escape_markdown(o.title) + "\n\n";
  for (const auto& sentence : o.summary) out += "- " + escape_markdown(sentence) + "\n";
  put_list(out, "Asked first", o.gates);
  for (const auto& lane : o.lanes) {
    out += fmt::format("\n## {}\n\n| step | from | takes | what | why |\n| --- | --- | --- | --- | --- |\n", escape_markdown(lane.name));
    for (const auto& s : lane.steps)
      out += fmt::format("| {} | {} | {} | {} | {} |\n", escape_markdown(s.id), clock_words(s.start), duration_words(s.takes), escape_markdown(s.title), why_of(s));
  }
  put_list(out, "If a step fails", o.failures);
  put_list(out, "What ends other than it was", o.ends);
  put_list(out, "Worth knowing", o.notices);
  put_list(out, "How near it comes", o.exposure);
  return out;
}

}  // namespace exm
