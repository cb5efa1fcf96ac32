#include "runtime/verify/retreat_cut.h"

#include <algorithm>

#include "runtime/verify/words.h"

namespace exm::model {
namespace {

/// What the value of a variable is where these steps' changes are done.
const plan::Value* value_in(const Progress& progress, int variable) {
  const auto at = std::lower_bound(progress.begin(), progress.end(), variable,
                                   [](const Either& either, int v) { return either.variable < v; });
  return at == progress.end() || at->variable != variable ? nullptr : &at->before;
}

std::string text_of(const plan::Value& value) {
  std::string text =
      std::to_string(static_cast<int>(value.type)) + ' ' + std::to_string(value.number) + ' ' + value.text;
  for (const plan::Value& element : value.elements) text += '(' + text_of(element) + ')';
  return text;
}

void describe(const Compiled& e, std::vector<int>& variables, std::string& text) {
  text += std::to_string(static_cast<int>(e.op));
  if (e.op == plan::Operator::variable) {
    const auto at = std::find(variables.begin(), variables.end(), e.variable);
    text += '$' + std::to_string(at - variables.begin());
    if (at == variables.end()) variables.push_back(e.variable);
  } else if (e.op == plan::Operator::constant) {
    text += '=' + text_of(e.value);
  }
  text += '[';
  for (const Compiled& operand : e.operands) describe(operand, variables, text);
  text += ']';
}

}  // namespace

Cutter::Cutter(const plan::Plan& plan, const Scene& scene)
    : scene_(scene),
      rules_of_(scene.model.names.size()),
      disruptions_of_(scene.model.names.size()),
      numbered_(scene.model.names.size()),
      numbers_(scene.model.names.size()) {
  const Model& model = scene.model;
  for (std::size_t r = 0; r < model.rules.size(); ++r) {
    rules_.push_back(outline(model.rules[r].formula));
    for (const int v : rules_.back().variables) rules_of_[v].push_back(static_cast<int>(r));
  }
  for (std::size_t d = 0; d < model.disruptions.size(); ++d) {
    disruptions_.push_back(outline(model.disruptions[d].formula));
    // What disrupts before the plan is not the retreat's.
    if (truth(model.disruptions[d].formula, model.first) != Truth::no) continue;
    for (const int v : disruptions_.back().variables) disruptions_of_[v].push_back(static_cast<int>(d));
  }
  due_ = dues_of(plan, model);
  for (const RetreatCase::Due& due : due_) {
    due_ids_.push_back(
        id(std::to_string(due.free) + text_of(due.restore) + (due.achieved ? '/' + text_of(*due.achieved) : "")));
  }
}

Cutter::Outline Cutter::outline(const Compiled& formula) {
  Outline outline;
  std::string text;
  describe(formula, outline.variables, text);
  outline.id = id(text);
  return outline;
}

int Cutter::id(const plan::Value& value) {
  switch (value.type) {
    case plan::Value::Type::unknown:
      return 0;
    case plan::Value::Type::none:
      return 1;
    case plan::Value::Type::boolean:
      return value.number != 0 ? 3 : 2;
    default:
      return id(text_of(value));
  }
}

void Cutter::add(Cutting& cutting, int number) const {
  cutting.key.append(reinterpret_cast<const char*>(&number), sizeof number);
}

int Cutter::local(Cutting& cutting, int variable) {
  if (numbered_[variable] == latest_) return numbers_[variable];
  numbered_[variable] = latest_;
  numbers_[variable] = static_cast<int>(cutting.variables.size());
  cutting.variables.push_back(variable);
  return numbers_[variable];
}

const plan::Value& Cutter::before(int step, int variable) const {
  const auto& writers = scene_.writers[variable];  // each before the next: there are no races
  const auto end = std::partition_point(writers.begin(), writers.end(),
                                        [&](int writer) { return scene_.order.before(writer, step); });
  if (end == writers.begin()) return scene_.model.start[variable];
  return *value_in(scene_.simulation.runs[*(end - 1)].ended, variable);
}

void Cutter::add_run(Cutting& cutting, const Run& run) {
  for (std::size_t i = 0; i < run.begun.size(); ++i) {
    add(cutting, local(cutting, run.begun[i].variable));
    add(cutting, run.begun[i].during);
    add(cutting, run.begun[i].before);
    add(cutting, run.ended[i].before);
  }
  for (const Moment& moment : run.moments) {
    add(cutting, -1);
    for (const Change& change : moment.changes) {
      add(cutting, local(cutting, change.variable));
      add(cutting, change.to);
      add(cutting, static_cast<int>(change.when));
    }
    add(cutting, -2);
    for (const int before : moment.after) add(cutting, before);
  }
  add(cutting, -3);
}

void Cutter::add_formulas(Cutting& cutting, std::vector<int>& found, const std::vector<Outline>& outlines) {
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  for (const int f : found) {
    add(cutting, outlines[f].id);
    for (const int v : outlines[f].variables) add(cutting, local(cutting, v));
  }
  add(cutting, -4);
}

Cutting Cutter::cut(int step, std::vector<const Bound*> back, const std::vector<int>* disruptions) {
  ++latest_;
  Cutting cutting{step, std::move(back), {}, {}, {}, {}};
  add_run(cutting, scene_.simulation.runs[step]);
  const auto note = [](std::vector<int>& found, const std::vector<int>& more) {
    found.insert(found.end(), more.begin(), more.end());
  };
  if (disruptions != nullptr) {
    note(cutting.disruptions, *disruptions);
    for (const int v : scene_.model.steps[step].writes) note(cutting.disruptions, disruptions_of_[v]);
  }
  for (const Bound* bound : cutting.back) {
    add(cutting, bound->shape->id);
    for (const int v : bound->variables) add(cutting, local(cutting, v));
    for (const int v : bound->shape->step.writes) {
      note(cutting.rules, rules_of_[bound->variables[v]]);
      if (disruptions != nullptr) note(cutting.disruptions, disruptions_of_[bound->variables[v]]);
    }
  }
  add_formulas(cutting, cutting.rules, rules_);
  add_formulas(cutting, cutting.disruptions, disruptions_);
  for (const int v : cutting.variables) {
    add(cutting, before(step, v));
    add(cutting, due_ids_[v]);
  }
  return cutting;
}

RetreatCase Cutter::case_of(const Cutting& cutting) const {
  std::map<int, int> numbers;
  for (std::size_t i = 0; i < cutting.variables.size(); ++i) numbers[cutting.variables[i]] = static_cast<int>(i);
  const auto number = [&](int v) { return numbers.at(v); };
  const auto place = [&](Progress& progress) {
    for (Either& either : progress) either.variable = number(either.variable);
    std::sort(progress.begin(), progress.end(),
              [](const Either& a, const Either& b) { return a.variable < b.variable; });
  };
  RetreatCase made;
  made.cut = scene_.simulation.runs[cutting.step];
  place(made.cut.begun);
  place(made.cut.ended);
  for (auto& [variable, value] : made.cut.before) variable = number(variable);
  for (Moment& moment : made.cut.moments) {
    for (Change& change : moment.changes) change.variable = number(change.variable);
  }
  for (const int v : cutting.variables) {
    made.before.push_back(before(cutting.step, v));
    made.due.push_back(due_[v]);
  }
  for (const Bound* bound : cutting.back) {
    std::vector<int> variables;
    for (const int v : bound->variables) variables.push_back(number(v));
    made.steps.push_back({&bound->shape->step, std::move(variables), bound->shape->probed});
  }
  for (const int r : cutting.rules) made.rules.push_back(renumbered(scene_.model.rules[r].formula, number));
  for (const int d : cutting.disruptions) {
    made.disruptions.push_back(renumbered(scene_.model.disruptions[d].formula, number));
  }
  return made;
}

}  // namespace exm::model
