#include "runtime/run/report.h"

#include "runtime/adapter/value_text.h"
#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/verify/evaluate.h"

namespace exm {
namespace {

constexpr std::size_t most_lines = 30;

/// Adds the lines, up to a number that a person reads.
void add(std::vector<std::string>& report, const std::string& title, const std::vector<std::string>& lines) {
  if (lines.empty()) return;
  report.push_back(title);
  for (std::size_t i = 0; i < lines.size() && i < most_lines; ++i) report.push_back("  " + lines[i]);
  if (lines.size() > most_lines) report.push_back("  and " + std::to_string(lines.size() - most_lines) + " more");
}

std::vector<std::string> differences(const plan::Plan& plan, const World& believed) {
  const World start = plan::start_world(plan);
  std::vector<std::string> lines;
  for (const auto& [variable, value] : believed) {
    const auto& before = value_of(start, variable);
    if (!same(before, value)) lines.push_back(variable + " is " + value_text(value) + " (at the start: " + value_text(before) + ")");
  }
  return lines;
}

std::string variables_of(const plan::Expression& formula, const World& world) {
  std::vector<std::string> variables;
  reads(formula, variables);
  std::string text;
  for (std::size_t i = 0; i < variables.size() && i < 6; ++i)
    text += (text.empty() ? "" : ", ") + variables[i] + " is " + value_text(value_of(world, variables[i]));
  return text;
}

void look_at_rule(const plan::Rule& rule, const World& world, int& holding, std::vector<std::string>& open) {
  for (const auto& formula : plan::instances(rule.formula)) {
    const Truth holds = truth(formula, world);
    if (holds == Truth::yes) {
      ++holding;
      continue;
    }
    open.push_back(rule.id + (holds == Truth::no ? " does not hold" : " is not known to hold") + ": " + rule.title + " (" +
                   variables_of(formula, world) + ")");
  }
}

}  // namespace

std::vector<std::string> report(const plan::Plan& plan, const Progress& progress) {
  std::vector<std::string> lines, failed, doubtful, running;
  for (int step = 0; step < progress.step_count(); ++step) {
    const auto state = progress.state(step);
    const std::string line = plan.steps[static_cast<std::size_t>(step)].id + "  " + progress.shape(step)->title;
    if (state == StepState::failed) failed.push_back(line);
    if (state == StepState::in_doubt) doubtful.push_back(line);
    if (is_under_way(state)) running.push_back(line);
  }
  add(lines, "failed:", failed);
  add(lines, "in doubt:", doubtful);
  add(lines, "still under way, for all that is known:", running);
  add(lines, "the environment, as far as it is known, differs from the start:", differences(plan, progress.believed()));
  int holding = 0;
  std::vector<std::string> open;
  for (const auto& rule : plan.rules) look_at_rule(rule, progress.believed(), holding, open);
  add(lines, "rules that are not known to hold now:", open);
  if (holding > 0) lines.push_back(std::to_string(holding) + (holding == 1 ? " rule holds" : " rules hold") + " now");
  return lines;
}

std::vector<std::string> wishes_open(const plan::Plan& plan, const World& world) {
  std::vector<std::string> open;
  for (const auto& wish : plan.achieve)
    if (truth(wish, world) != Truth::yes) open.push_back("a wish is not known to hold: " + variables_of(wish, world));
  return open;
}

}  // namespace exm
