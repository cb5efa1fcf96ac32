// Effects of a step or a fault with its objects: which variable gets which value, under which condition, in which order.
#include <algorithm>

#include "compiler/ground/grounding.h"

namespace exm::task {

using program::Value;

bool is_empty(const Effect& effect) { return effect.assignments.empty() && effect.parts.empty(); }

Effect join(Effect::Kind kind, std::vector<Effect> parts) {
  parts.erase(std::remove_if(parts.begin(), parts.end(), is_empty), parts.end());
  if (parts.size() == 1) return std::move(parts[0]);
  Effect result{kind, {}, {}};
  for (Effect& part : parts) {
    if (part.kind != kind || part.kind == Effect::Kind::together) result.parts.push_back(std::move(part));
    else result.parts.insert(result.parts.end(), std::make_move_iterator(part.parts.begin()), std::make_move_iterator(part.parts.end()));
  }
  if (result.parts.empty()) result.kind = Effect::Kind::together;
  return result;
}

void collect_assignments(const Effect& effect, std::vector<Assignment>& into) {
  into.insert(into.end(), effect.assignments.begin(), effect.assignments.end());
  for (const Effect& part : effect.parts) collect_assignments(part, into);
}

Effect EffectMaker::sequence(const std::vector<program::Effect>& effects, Terms& frame) {
  std::vector<Effect> parts;
  for (const program::Effect& effect : effects) parts.push_back(one(effect, frame, x_.builder().yes()));
  return join(Effect::Kind::sequence, std::move(parts));
}

Effect EffectMaker::one(const program::Effect& effect, Terms& frame, NodeId condition) {
  Builder& b = x_.builder();
  if (effect.when) condition = b.both(condition, x_.formula(*effect.when, frame));
  if (b.is(condition, false_)) return {};
  if (!effect.local) {
    Effect together;
    for (const program::Assignment& assignment : effect.together) assign(assignment, frame, condition, together.assignments);
    add_existence(together.assignments);
    return together;
  }
  if (frame.size() <= *effect.local) frame.resize(*effect.local + 1, Term{false, b.constant(unknown), {}});
  std::vector<Effect> parts;
  for (const Member& member : x_.members(x_.expand(effect.collection[0], frame))) {
    frame[*effect.local] = {false, member.value, {}};
    NodeId belongs = b.both(condition, member.guard);
    if (!effect.where.empty()) belongs = b.both(belongs, x_.formula(effect.where[0], frame));
    if (!b.is(belongs, false_)) parts.push_back(one(effect.body[0], frame, belongs));
  }
  return join(Effect::Kind::any_order, std::move(parts));
}

void EffectMaker::assign(const program::Assignment& assignment, Terms& frame, NodeId condition, std::vector<Assignment>& into) {
  Builder& b = x_.builder();
  if (assignment.when) condition = b.both(condition, x_.formula(*assignment.when, frame));
  if (b.is(condition, false_)) return;
  const NodeId object = x_.formula(assignment.object, frame);
  const NodeId to = x_.formula(assignment.value, frame);
  for (const Member& target : x_.alternatives(object)) {
    const Value value = b.task().values[b.constant_value(target.value)->index];
    if (value.tag != Value::Tag::object) continue;
    const Id<Variable> variable = g_.world.variable(value.object, assignment.state);
    if (!variable) continue;
    check_value(assignment, variable, to);
    const NodeId when = b.both(condition, target.guard);
    into.push_back({variable, to, b.is(when, true_) ? NodeId() : when});
  }
}

/// What comes to exist has, with all it owns, its declared values, but for those that the same effect sets otherwise; what is
/// planned by a word of its own stays planned. What ceases to exist takes along what it owns.
void EffectMaker::add_existence(std::vector<Assignment>& together) {
  Builder& b = x_.builder();
  std::set<Id<Variable>> said;
  for (const Assignment& assignment : together) said.insert(assignment.variable);
  const std::size_t given = together.size();
  for (std::size_t i = 0; i < given; ++i) {
    const Assignment cause = together[i];
    const Variable& variable = g_.task.variables[cause.variable];
    if (!World::is_existence(g_.program.fields[variable.state])) continue;
    const bool comes = b.is(cause.to, true_);
    if (!comes && !b.is(cause.to, false_)) continue;
    auto add = [&](Id<Variable> v, NodeId to) {
      if (v && said.insert(v).second) together.push_back({v, to, cause.when});
    };
    std::vector<Id<program::Object>> open{variable.object};
    for (std::size_t o = 0; o < open.size(); ++o) {
      const program::Object& object = g_.program.objects[open[o]];
      add(g_.world.existence_variable(open[o]), cause.to);
      for (Id<program::Field> field : g_.program.kinds[object.kind].fields) {
        if (!comes || !g_.program.fields[field].is_state || World::is_existence(g_.program.fields[field])) continue;
        const auto declared = object.values.find(field);
        add(g_.world.variable(open[o], field), declared == object.values.end() ? b.constant(unknown) : b.constant(declared->second));
      }
      for (const Id<program::Object> owned : object.owned)
        if (!comes || !g_.program.objects[owned].planned_apart) open.push_back(owned);
    }
  }
}

void EffectMaker::check_value(const program::Assignment& assignment, Id<Variable> variable, NodeId to) {
  const auto id = x_.builder().constant_value(to);
  if (!id || *id == unknown) return;
  const Value& value = x_.builder().task().values[id->index];
  const program::Field& field = g_.program.fields[assignment.state];
  const program::Type& type = field.type.tag == program::Type::Tag::optional ? field.type.element[0] : field.type;
  bool fits = value.tag != Value::Tag::none || field.type.tag == program::Type::Tag::optional;
  std::string expected;
  if (type.tag == program::Type::Tag::enumeration) {
    const auto& names = g_.program.enums[type.enumeration].values;
    for (const std::string& name : names) expected += (expected.empty() ? "" : ", ") + name;
    if (value.tag != Value::Tag::none) fits = std::find(names.begin(), names.end(), value.text) != names.end();
  }
  if (fits || !g_.report_once(&assignment)) return;
  auto& diagnostic = g_.diagnostics.report(assignment.span, diag::impossible_value, g_.task.variables[variable].name, program::to_text(g_.program, value));
  diagnostic.label(field.span, "its type");
  if (!expected.empty()) diagnostic.hint("it is one of " + expected);
}

}  // namespace exm::task
