#include "runtime/show/powershell_tables.h"

#include <algorithm>
#include <set>

#include "runtime/plan/paths.h"
#include "runtime/plan/quote.h"
#include "runtime/show/powershell_commands.h"
#include "runtime/show/powershell_ways_back.h"

namespace exm::show {
namespace {

std::string literal(std::string_view text) { return plan::quote("powershell", plan::text(text)); }

/// A text for a person, on one line.
std::string one_line(std::string_view text) { return literal(plan::quote("person", plan::text(text))); }

/// Rows of a hash table, one a line.
class Table {
 public:
  void add(std::string_view key, const std::string& value) { rows_ += "    " + literal(key) + " = " + value + "\n"; }
  std::string text(const std::string& name) const {
    return rows_.empty() ? "$" + name + " = @{}\n" : "$" + name + " = @{\n" + rows_ + "}\n";
  }

 private:
  std::string rows_;
};

void variables(const plan::Expression& e, std::set<std::string>& found) {
  if (e.op == plan::Operator::variable) found.insert(e.text);
  for (const plan::Expression& operand : e.operands) variables(operand, found);
}

void variables(const plan::Assignment& a, std::set<std::string>& found) {
  found.insert(a.variable);
  variables(a.to, found);
  if (a.when) variables(*a.when, found);
}

void variables(const plan::Effect& effect, std::set<std::string>& found) {
  for (const plan::Assignment& a : effect.assignments) variables(a, found);
  for (const plan::Effect& part : effect.parts) variables(part, found);
}

/// All that a template reads, writes or observes, slots still in the names.
std::set<std::string> variables(const plan::Template& shape) {
  std::set<std::string> found;
  for (const plan::Requirement& requirement : shape.requires_) variables(requirement.formula, found);
  for (const plan::Assignment& a : shape.during) variables(a, found);
  variables(shape.effects, found);
  for (const plan::Probe& probe : shape.probes) found.insert(probe.variable);
  return found;
}

std::set<std::string> touched(const plan::Plan& plan, const std::vector<plan::Step>& steps) {
  std::map<std::string, std::set<std::string>> shapes;
  for (const auto& [id, shape] : plan.templates) shapes[id] = variables(shape);
  std::set<std::string> found;
  for (const plan::Step& step : steps)
    for (const std::string& variable : shapes[step.step_template])
      found.insert(filled(variable, step, Slot::path));
  return found;
}

const plan::State* state_of(const plan::Plan& plan, const std::string& object, const std::string& state) {
  const auto at = plan.objects.find(object);
  if (at == plan.objects.end()) return nullptr;
  const auto kind = plan.kinds.find(at->second.kind);
  if (kind == plan.kinds.end()) return nullptr;
  const auto found = kind->second.states.find(state);
  return found == kind->second.states.end() ? nullptr : &found->second;
}

std::string world(const plan::Plan& plan, const std::vector<plan::Step>& steps) {
  Table state;
  Table restore;
  Table versions;
  const std::map<std::string, plan::Value> start = plan::start_world(plan);
  const std::map<std::string, plan::Value> wanted = plan::restore_world(plan);
  for (const std::string& variable : touched(plan, steps)) {
    const auto now = start.find(variable);
    if (now == start.end()) continue;
    state.add(variable, script_value(now->second));
    const auto then = wanted.find(variable);
    if (then != wanted.end() && !(then->second == now->second)) restore.add(variable, script_value(then->second));
    const plan::VariablePath path = plan::split_variable(variable);
    const plan::State* declared = state_of(plan, path.object, path.state);
    if (declared != nullptr && declared->type.kind == plan::Type::Kind::version) versions.add(variable, "$true");
  }
  return "# how things are when the plan begins, as far as its steps are concerned\n" + state.text("State") +
         "# what is to be restored, where it is not the value above\n" + restore.text("Restore") +
         "# states that are versions: 14.1 equals 14.1.0\n" + versions.text("Versions");
}

std::string object_names(const plan::Plan& plan, const std::vector<plan::Step>& steps) {
  std::set<std::string> paths;
  for (const plan::Step& step : steps) {
    paths.insert(step.objects.begin(), step.objects.end());
    const auto at = plan.templates.find(step.step_template);
    if (at == plan.templates.end() || !at->second.fallback) continue;
    const std::vector<std::string> objects = fallback_objects(*at->second.fallback, step);
    paths.insert(objects.begin(), objects.end());
  }
  Table names;
  for (const std::string& path : paths) names.add(path, literal(plan::object_name(path)));
  return "# the objects that steps are about, by path, and their names\n" + names.text("Names");
}

std::string host_tables(const plan::Plan& plan) {
  Table hosts;
  for (const auto& [path, host] : plan.hosts) {
    const auto object = plan.objects.find(path);
    const std::string kind = object == plan.objects.end() ? "" : object->second.kind;
    hosts.add(path, "@{ Address = " + literal(host.address) + "; Kind = " + literal(kind) + " }");
  }
  Table preludes;
  const auto powershell = plan.preludes.find("powershell");
  if (powershell != plan.preludes.end())
    for (const auto& [kind, text] : powershell->second) preludes.add(kind, prelude_block(text));
  return "# where commands run, and how that place is reached\n" + hosts.text("Hosts") +
         "# what is loaded once in each session, by the kind of the host\n" + preludes.text("Preludes");
}

/// What the functions of its action are given: in the order of their parameters.
std::string step_values(const plan::Step& step, const Action& action) {
  std::string out;
  const auto add = [&](const std::string& value) { out += (out.empty() ? "" : ", ") + value; };
  // What a fallback has not, its functions do not read: others have it for their ways back.
  for (std::size_t i = 0; i < action.slots.size(); ++i) add(i < step.objects.size() ? literal(step.objects[i]) : "$null");
  for (const auto& [name, variable] : action.arguments) {
    const auto value = step.args.find(name);
    add(script_value(value == step.args.end() ? plan::unknown() : value->second));
  }
  return "@(" + out + ")";
}

/// An array of questions to a person.
class Questions {
 public:
  void add(const std::string& question) { rows_ += (rows_.empty() ? "" : ", ") + one_line(question); }
  void add_own(const plan::Template& shape, const plan::Step& step) {
    for (const std::string& question : shape.confirm) add(filled(question, step, Slot::name));
  }
  std::string text() const { return "@(" + rows_ + ")"; }

 private:
  std::string rows_;
};

std::string questions(const plan::Plan& plan, const plan::Step& step, bool first, std::set<std::string>& asked) {
  Questions questions;
  const plan::Template& shape = plan.templates.at(step.step_template);
  for (const plan::Confirm& gate : plan.limits.confirms)
    if ((gate.before.empty() ? first : gate.before == shape.action) && asked.insert(gate.id).second) questions.add(gate.question);
  questions.add_own(shape, step);
  return questions.text();
}

std::string fallback_entry(const plan::Plan& plan, const plan::Step& step, const std::vector<Action>& actions) {
  const plan::Template& shape = plan.templates.at(step.step_template);
  if (!shape.fallback) return "";
  const auto other = plan.templates.find(shape.fallback->step_template);
  const auto action = std::find_if(actions.begin(), actions.end(),
                                   [&](const Action& a) { return a.id == shape.fallback->step_template; });
  if (other == plan.templates.end() || action == actions.end()) return "";
  const auto& forbidden = plan.limits.forbid;
  if (std::find(forbidden.begin(), forbidden.end(), other->second.action) != forbidden.end()) return "";
  plan::Step instead = step;
  instead.objects = fallback_objects(*shape.fallback, step);
  return "\n       Fallback = @{ Action = " + literal(action->name) + "; With = " + step_values(instead, *action) + "; Title = " +
         one_line(filled(other->second.title, instead, Slot::name)) + " }";
}

std::string steps(const plan::Plan& plan, const std::vector<Action>& actions) {
  std::string out = "# the steps, in one order that the plan allows\n$Steps = @(\n";
  std::set<std::string> asked;
  const std::vector<const plan::Step*> order = in_sequence(plan);
  for (const plan::Step* step : order)
    if (plan.templates.count(step->step_template) != 0)
      out += step_row(plan, *step, actions, questions(plan, *step, step == order.front(), asked));
  return out + ")\n";
}

std::string warnings(const plan::Plan& plan) {
  std::vector<std::string> lines;
  for (const plan::Step* step : in_sequence(plan)) {
    const auto shape = plan.templates.find(step->step_template);
    if (shape != plan.templates.end() && shape->second.irreversible)
      lines.push_back("Step " + step->id + " cannot be undone: " + filled(shape->second.title, *step, Slot::name));
  }
  lines.insert(lines.end(), plan.notices.begin(), plan.notices.end());
  std::string out = "# what is said before the run\n$Warnings = @(\n";
  for (const std::string& line : lines) out += "    " + one_line(line) + "\n";
  return out + ")\n";
}

}  // namespace

std::string step_row(const plan::Plan& plan, const plan::Step& step, const std::vector<Action>& actions, const std::string& ask) {
  const plan::Template& shape = plan.templates.at(step.step_template);
  const auto action = std::find_if(actions.begin(), actions.end(), [&](const Action& a) { return a.id == step.step_template; });
  const std::string on = filled(shape.on, step, Slot::path);
  return "    @{ Id = " + literal(step.id) + "; Action = " + literal(action->name) + "; On = " + literal(on) +
         "; Target = " + literal(on.empty() ? "the environment" : on) + "; Title = " + one_line(filled(shape.title, step, Slot::name)) +
         "\n       With = " + step_values(step, *action) + "; Ask = " + ask + fallback_entry(plan, step, actions) + "\n       Why = " +
         one_line(step.why) + " }\n";
}

std::string step_row(const plan::Plan& plan, const plan::Step& step, const std::vector<Action>& actions) {
  Questions own;
  own.add_own(plan.templates.at(step.step_template), step);
  return step_row(plan, step, actions, own.text());
}

std::string tables(const plan::Plan& plan, const std::vector<Action>& actions) {
  const std::string digest = plan.digest.size() > 7 ? plan.digest.substr(7, 12) : plan.digest;
  std::string out = "$Digest = " + literal(plan.digest) + "\n$JournalName = " +
                    literal(file_name(plan.maintenance) + "-" + digest + ".journal") + "\n";
  const std::vector<plan::Step> all = all_steps(plan);
  out += world(plan, all) + object_names(plan, all) + host_tables(plan) + warnings(plan);
  out += "# how each action is run: seconds until it has failed, and how often it is tried again\n$Actions = @{\n";
  for (const Action& action : actions) out += action_entry(action);
  return out + "}\n" + steps(plan, actions);
}

}  // namespace exm::show
