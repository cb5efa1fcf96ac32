#include "runtime/verify/retreat_shapes.h"

#include <algorithm>

#include "runtime/plan/instantiate.h"
#include "runtime/verify/words.h"

namespace exm::model {
namespace {

/// Calls `use` with each expression of the template, those of its variables' names among them.
template <class Use>
void each_expression(const plan::Effect& effect, const Use& use) {
  for (const plan::Assignment& a : effect.assignments) {
    use({plan::Operator::variable, {}, a.variable, 0, {}});
    use(a.to);
    if (a.when) use(*a.when);
  }
  for (const plan::Effect& part : effect.parts) each_expression(part, use);
}

template <class Use>
void each_expression(const plan::Template& shape, const Use& use) {
  for (const plan::Requirement& r : shape.requires_) use(r.formula);
  each_expression(plan::Effect{plan::Effect::Kind::together, shape.during, {}}, use);
  each_expression(shape.effects, use);
  for (const plan::Probe& probe : shape.probes) use({plan::Operator::variable, {}, probe.variable, 0, {}});
}

/// Whether the expression is the same for all objects, but for those in its variables' names. Notes the arguments in
/// it.
bool only_names_vary(const plan::Expression& e, std::set<std::string>& arguments) {
  using plan::Operator, plan::Value;
  if (e.op == Operator::argument) arguments.insert(e.text);
  if (e.op == Operator::object || e.value.type == Value::Type::reference || e.value.type == Value::Type::set)
    return false;
  for (std::size_t at = e.text.find('$'); at != std::string::npos; at = e.text.find('$', at + 1)) {
    if (at + 1 == e.text.size() || !std::isdigit(static_cast<unsigned char>(e.text[at + 1]))) return false;
  }
  return std::all_of(e.operands.begin(), e.operands.end(),
                     [&](const plan::Expression& operand) { return only_names_vary(operand, arguments); });
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += text + '\n';
  return all;
}

std::string argument(const std::pair<const std::string, plan::Value>& one) {
  return one.first + '=' + std::to_string(static_cast<int>(one.second.type)) + words(one.second);
}

std::vector<std::string> slots(std::size_t n) {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < n; ++i) names.push_back("$" + std::to_string(i));
  return names;
}

}  // namespace

const Shapes::About& Shapes::about(const std::string& name, const plan::Template& shape) {
  const auto [at, fresh] = about_.try_emplace(name);
  About& about = at->second;
  if (!fresh) return about;
  each_expression(shape, [&](const plan::Expression& e) {
    if (!only_names_vary(e, about.arguments)) about.only_names_vary = false;
  });
  return about;
}

const Shape* Shapes::shape(const plan::RetreatStep& step, const std::vector<std::string>& objects,
                           const std::string& names) {
  const auto found = plan_.templates.find(step.step_template);
  if (found == plan_.templates.end()) return nullptr;
  const auto& [arguments, shared] = about(step.step_template, found->second);
  std::string key = step.step_template + '\n' + (shared ? std::to_string(objects.size()) : names);
  for (const std::string& name : arguments) {
    if (const auto value = step.args.find(name); value != step.args.end()) key += '\n' + argument(*value);
  }
  const auto [at, fresh] = shapes_.try_emplace(key);
  Shape& shape = at->second;
  if (!fresh) return &shape;
  shape.id = static_cast<int>(shapes_.size());
  shape.filled = !shared;
  const plan::Template filled = plan::instantiate(found->second, shared ? slots(objects.size()) : objects, step.args);
  std::map<std::string, int> numbers;
  const auto number = [&](const std::string& path) {
    const auto [known, unseen] = numbers.emplace(path, static_cast<int>(numbers.size()));
    if (unseen) shape.paths.push_back(path);
    return known->second;
  };
  fill_step(shape.step, filled, number);
  // Numbered like the rest: what has two names here may be one variable once the slots are filled.
  for (const plan::Probe& probe : filled.probes) shape.probed.push_back(number(probe.variable));
  std::sort(shape.probed.begin(), shape.probed.end());
  return &shape;
}

const Bound& Shapes::bind(const plan::RetreatStep& step, const std::vector<std::string>& objects) {
  std::vector<std::string> own;
  for (const std::string& object : step.objects) own.push_back(plan::fill(object, objects));
  std::string names = joined(own);
  for (const auto& one : step.args) names += argument(one) + '\n';
  const auto [at, fresh] = bound_.try_emplace(step.step_template + '\n' + names);
  Bound& bound = at->second;
  if (!fresh) return bound;
  bound.shape = shape(step, own, names);
  if (bound.shape == nullptr) return bound;
  for (const std::string& path : bound.shape->paths) {
    const auto known = model_.numbers.find(bound.shape->filled ? path : plan::fill(path, own));
    if (known == model_.numbers.end()) return bound.shape = nullptr, bound;
    bound.variables.push_back(known->second);
  }
  return bound;
}

}  // namespace exm::model
