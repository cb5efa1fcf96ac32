#include "runtime/plan/instantiate.h"

#include "runtime/plan/paths.h"
#include "runtime/plan/slots.h"

namespace exm::plan {

namespace {

using Objects = std::span<const std::string>;

enum class Naming { path, name };

std::string fill_as(std::string_view text, Objects objects, const Args& args, Naming naming) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '$') {
      out += text[i++];
      continue;
    }
    if (text.substr(i, 2) == "$$") {
      out += '$';
      i += 2;
      continue;
    }
    const auto [name, number, end] = slot_mark(text, i);
    const std::size_t slot = number && name.size() < 9 ? std::stoul(name) : objects.size();
    if (number && slot < objects.size())
      out += naming == Naming::path ? objects[slot] : object_name(objects[slot]);
    else if (const auto arg = args.find(name); arg != args.end())
      out += arg->second.type == Value::Type::integer ? std::to_string(arg->second.number) : arg->second.text;
    else
      out += text.substr(i, end - i);
    i = end;
  }
  return out;
}

std::vector<std::string> fill_all(const std::vector<std::string>& texts, Objects objects, const Args& args) {
  std::vector<std::string> out;
  for (const auto& text : texts) out.push_back(fill(text, objects, args));
  return out;
}

Value instantiate(const Value& value, Objects objects, const Args& args) {
  Value out = value;
  if (value.type == Value::Type::reference) out.text = fill(value.text, objects, args);
  for (auto& element : out.elements) element = instantiate(element, objects, args);
  return out;
}

}  // namespace

std::string fill(std::string_view text, Objects objects, const Args& args) {
  if (text.find('$') == std::string_view::npos) return std::string(text);
  return fill_as(text, objects, args, Naming::path);
}

std::string fill_title(std::string_view text, Objects objects, const Args& args) { return fill_as(text, objects, args, Naming::name); }

Expression instantiate(const Expression& expression, Objects objects, const Args& args) {
  Expression out;
  out.op = expression.op;
  switch (expression.op) {
    case Operator::constant: out.value = instantiate(expression.value, objects, args); break;
    case Operator::variable: out.text = fill(expression.text, objects, args); break;
    case Operator::argument:
      if (const auto arg = args.find(expression.text); arg != args.end()) {
        out.op = Operator::constant;
        out.value = arg->second;
      } else {
        out.text = expression.text;
      }
      break;
    case Operator::object:
      if (static_cast<std::size_t>(expression.slot) < objects.size()) {
        out.op = Operator::constant;
        out.value = {Value::Type::reference, 0, objects[static_cast<std::size_t>(expression.slot)], {}};
      } else {
        out.slot = expression.slot;
      }
      break;
    default: break;
  }
  for (const auto& operand : expression.operands) out.operands.push_back(instantiate(operand, objects, args));
  return out;
}

Assignment instantiate(const Assignment& a, Objects objects, const Args& args) {
  Assignment out{fill(a.variable, objects, args), instantiate(a.to, objects, args), std::nullopt};
  if (a.when) out.when = instantiate(*a.when, objects, args);
  return out;
}

Effect instantiate(const Effect& effect, Objects objects, const Args& args) {
  Effect out;
  out.kind = effect.kind;
  for (const auto& a : effect.assignments) out.assignments.push_back(instantiate(a, objects, args));
  for (const auto& part : effect.parts) out.parts.push_back(instantiate(part, objects, args));
  return out;
}

Text instantiate(const Text& text, Objects objects, const Args& args) {
  Text out;
  for (const auto& piece : text) {
    Piece p = piece;
    if (piece.kind == Piece::Kind::object && static_cast<std::size_t>(piece.slot) < objects.size()) {
      p = {Piece::Kind::value, "", plan::text(object_name(objects[static_cast<std::size_t>(piece.slot)])), 0};
    } else if (piece.kind == Piece::Kind::argument) {
      if (const auto arg = args.find(piece.text); arg != args.end()) p = {Piece::Kind::value, "", arg->second, 0};
    } else if (piece.kind == Piece::Kind::value) {
      p.value = instantiate(piece.value, objects, args);
    }
    out.push_back(std::move(p));
  }
  return out;
}

Command instantiate(const Command& command, Objects objects, const Args& args) {
  return {instantiate(command.command, objects, args), fill(command.from, objects, args)};
}

Probe instantiate(const Probe& probe, Objects objects, const Args& args) {
  Probe out = probe;
  out.variable = fill(probe.variable, objects, args);
  out.command = instantiate(probe.command, objects, args);
  for (auto& [text, value] : out.as) value = instantiate(value, objects, args);
  return out;
}

Template instantiate(const Template& shape, Objects objects, const Args& args) {
  Template out = shape;
  out.title = fill_title(shape.title, objects, args);
  out.on = fill(shape.on, objects, args);
  out.uses = fill_all(shape.uses, objects, args);
  for (auto& r : out.requires_) r = {instantiate(r.formula, objects, args), fill_title(r.otherwise, objects, args)};
  for (auto& a : out.during) a = instantiate(a, objects, args);
  out.effects = instantiate(shape.effects, objects, args);
  for (auto& [language, command] : out.run) command = instantiate(command, objects, args);
  for (auto& probe : out.probes) probe = instantiate(probe, objects, args);
  if (out.fallback) out.fallback->objects = fill_all(out.fallback->objects, objects, args);
  for (auto& text : out.confirm) text = fill_title(text, objects, args);
  for (auto& text : out.notices) text = fill_title(text, objects, args);
  for (auto& text : out.privileges) text = fill_title(text, objects, args);
  for (auto& d : out.disrupts) d.whose = fill(d.whose, objects, args);
  out.lease.clear();
  for (const auto& [variable, seconds] : shape.lease) out.lease[fill(variable, objects, args)] = seconds;
  return out;
}

Template instantiate(const Plan& plan, const Step& step) {
  return instantiate(plan.templates.at(step.step_template), step.objects, step.args);
}

Template logic_of(const Template& shape) {
  Template out = shape;
  out.run.clear();
  out.probes.clear();
  out.confirm.clear();
  out.privileges.clear();
  out.notices.clear();
  return out;
}

RetreatStep completed(const RetreatStep& back, const Step& step) {
  RetreatStep out = back;
  out.given.clear();
  for (const auto& [name, theirs] : back.given)
    if (const auto value = step.args.find(theirs); value != step.args.end()) out.args.emplace(name, value->second);
  out.args.insert(step.args.begin(), step.args.end());
  return out;
}

Step step_back(const RetreatStep& back, const Step& from) {
  Step out;
  out.step_template = back.step_template;
  for (const auto& object : back.objects) out.objects.push_back(fill(object, from.objects));
  out.args = completed(back, from).args;
  return out;
}

Template instantiate(const Plan& plan, const RetreatStep& back, const Step& step) {
  return instantiate(plan.templates.at(back.step_template), fill_all(back.objects, step.objects, {}), completed(back, step).args);
}

Template instantiate(const Plan& plan, const Fallback& fallback, const Args& args) {
  return instantiate(plan.templates.at(fallback.step_template), fallback.objects, args);
}

std::vector<Expression> instances(const Formula& formula) {
  if (formula.instances.empty()) return {formula.formula};
  std::vector<Expression> out;
  for (const auto& objects : formula.instances) out.push_back(instantiate(formula.formula, objects));
  return out;
}

}  // namespace exm::plan
