// A step as lines that can be held against those of another.
#include <fmt/format.h>

#include "runtime/diff/parts.h"
#include "runtime/plan/instantiate.h"
#include "runtime/plan/quote.h"
#include "runtime/show/expression_words.h"
#include "runtime/show/words.h"

namespace exm::diff {

namespace {

using show::duration_words;
using show::expression_words;

std::string assignment_words(const plan::Assignment& a) {
  return a.variable + " := " + expression_words(a.to) + (a.when ? " when " + expression_words(*a.when) : "");
}

void add_effects(const plan::Effect& effect, Lines& out) {
  std::string together;
  for (const auto& a : effect.assignments) together += (together.empty() ? "" : ", ") + assignment_words(a);
  if (!together.empty()) out.push_back("does " + together);
  for (const auto& part : effect.parts) add_effects(part, out);
}

void add_command(const std::string& what, const std::string& language, const plan::Command& command, Lines& out) {
  const std::string from = command.from.empty() ? "" : " from " + command.from;
  const std::string text = plan::render(command.command, language);
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (line.find_first_not_of(" \t\r") != std::string::npos) out.push_back(what + " (" + language + from + ") " + line.substr(line.find_first_not_of(" \t")));
    at = end + 1;
  }
}

}  // namespace

Lines lines_of(const plan::Template& shape) {
  Lines out{"is called " + shape.title};
  if (!shape.on.empty()) out.push_back("keeps busy " + shape.on);
  for (const auto& used : shape.uses) out.push_back("uses " + used);
  for (const auto& r : shape.requires_) out.push_back("requires " + expression_words(r.formula));
  for (const auto& a : shape.during) out.push_back("meanwhile " + assignment_words(a));
  add_effects(shape.effects, out);
  for (const auto& [language, command] : shape.run) add_command("runs", language, command, out);
  for (const auto& probe : shape.probes) add_command("looks at " + probe.variable, probe.language, probe.command, out);
  out.push_back("takes " + duration_words(shape.takes));
  if (shape.timeout > 0) out.push_back("fails after " + duration_words(shape.timeout));
  if (shape.retry) out.push_back(fmt::format("is tried again {} times, every {}", shape.retry->times, duration_words(shape.retry->every)));
  if (shape.fallback) out.push_back("where it fails, falls back on " + shape.fallback->step_template);
  for (const auto& question : shape.confirm) out.push_back("asks: " + question);
  if (shape.cost != 1) out.push_back(fmt::format("costs {}", shape.cost));
  for (const auto& d : shape.disrupts) out.push_back(fmt::format("is felt by users of {} for {}", d.whose, duration_words(d.lasts)));
  if (shape.irreversible) out.push_back("cannot be undone");
  for (const auto& text : shape.privileges) out.push_back("needs " + text);
  for (const auto& text : shape.notices) out.push_back("notice: " + text);
  for (const auto& [variable, time] : shape.lease) out.push_back(fmt::format("puts {} back by itself after {}", variable, duration_words(time)));
  return out;
}

Lines way_back_lines(const plan::Plan& plan, const plan::Step& step) {
  const auto retreat = plan.retreats.find(step.retreat);
  if (retreat == plan.retreats.end()) return {"has no way back"};
  std::string steps;
  for (const auto& back : retreat->second.steps) {
    const auto& shape = plan.templates.at(back.step_template);
    std::vector<std::string> objects;
    for (const auto& object : back.objects) objects.push_back(plan::fill(object, step.objects));
    steps += (steps.empty() ? "" : "; ") + plan::fill_title(shape.title, objects, plan::completed(back, step).args);
  }
  Lines out{"way back: " + (steps.empty() ? "nothing is done" : steps)};
  for (const auto& [variable, value] : retreat->second.open) out.push_back("way back leaves open: " + plan::fill(variable, step.objects) + " is " + show::value_words(value));
  return out;
}

}  // namespace exm::diff
