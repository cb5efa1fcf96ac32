#include "runtime/show/graph.h"

#include <fmt/format.h>

#include <map>

#include "runtime/show/outline.h"
#include "runtime/show/words.h"

namespace exm {

using namespace show;

namespace {

std::string dot_text(std::string_view text) {
  std::string out = "\"";
  for (char c : clean(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

/// Mermaid has no escapes, but it knows characters by number.
std::string mermaid_text(std::string_view text) {
  std::string out = "\"";
  for (char c : clean(text)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
    const bool plain = letter || std::string_view(" .,:-_/()").find(c) != std::string_view::npos;
    out += plain ? std::string(1, c) : fmt::format("#{};", static_cast<int>(c));
  }
  return out + '"';
}

/// Steps by number: an id may hold anything.
std::map<std::string, std::size_t> numbers(const plan::Plan& plan) {
  std::map<std::string, std::size_t> out;
  for (const auto& step : plan.steps) out.emplace(step.id, out.size());
  return out;
}

/// What no arrow shows: ". Takes one of 3 slots of …".
std::string slots_of(const plan::Plan& plan, std::size_t step) {
  std::string out;
  for (const auto& words : slot_lines(plan, plan.steps[step])) out += ". " + words.substr(0, words.size() - 1);
  return out;
}

}  // namespace

std::string show_dot(const plan::Plan& plan) {
  const Outline o = outline(plan);
  const auto number = numbers(plan);
  std::string out = fmt::format("digraph plan {{\n  label={};\n  rankdir=TB;\n  node [shape=box, style=rounded];\n", dot_text(o.title));
  for (std::size_t n = 0; n < o.lanes.size(); ++n) {
    out += fmt::format("  subgraph cluster_{} {{\n    label={};\n", n, dot_text(o.lanes[n].name));
    for (const auto& s : o.lanes[n].steps) out += fmt::format("    s{} [label={}];\n", s.index, dot_text(s.id + "  " + s.title + slots_of(plan, s.index)));
    out += "  }\n";
  }
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    for (const auto& a : plan.steps[i].after) out += fmt::format("  s{} -> s{};\n", number.at(a), i);
  return out + "}\n";
}

std::string show_mermaid(const plan::Plan& plan) {
  const Outline o = outline(plan);
  const auto number = numbers(plan);
  std::string out = "flowchart TB\n";
  for (std::size_t n = 0; n < o.lanes.size(); ++n) {
    out += fmt::format("  subgraph lane{} [{}]\n", n, mermaid_text(o.lanes[n].name));
    for (const auto& s : o.lanes[n].steps) out += fmt::format("    s{}[{}]\n", s.index, mermaid_text(s.id + " " + s.title + slots_of(plan, s.index)));
    out += "  end\n";
  }
  for (std::size_t i = 0; i < plan.steps.size(); ++i)
    for (const auto& a : plan.steps[i].after) out += fmt::format("  s{} --> s{}\n", number.at(a), i);
  return out;
}

}  // namespace exm
