// What objects say: every fact and every state's start value, asked for in any order.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/checker.h"

namespace exm::checking {

Scope Checker::scope_of(const Layer& layer) const {
  Scope scope;
  scope.constants = layer.constants;
  if (layer.owner) {
    scope.self = program_.objects[layer.owner].kind;
    scope.locals.push_back({"self", object_type(scope.self), layer.span});
    scope.size = 1;
  }
  return scope;
}

Value Checker::constant(const Expr& expr, const Layer* layer) {
  Frame frame;
  if (layer != nullptr && layer->owner) {
    frame.resize(1);
    frame[0].tag = Value::Tag::object;
    frame[0].object = layer->owner;
  }
  return constant_in(expr, std::move(frame));
}

Value Checker::constant_in(const Expr& expr, Frame frame) {
  if (expr.op == Op::constant) return expr.value;
  program::Evaluator evaluator(program_, program::States::at_start);
  evaluator.range = program::Evaluator::Range::everything;
  if (!facts_made_) evaluator.lookup = [this](ObjectId object, Id<Field> field) { return fact(object, field); };
  evaluator.budget = std::min(evaluator.budget, budget_);
  const std::uint64_t given = evaluator.budget;
  Value v = evaluator.value(expr, frame);
  budget_ -= std::min(budget_, given - evaluator.budget);
  if (evaluator.gave_up) diagnostics_.report(expr.span, diag::too_many, given, "steps to work this out");
  return v;
}

void Checker::make_facts() {
  for (std::size_t i = 0; i < program_.objects.size(); ++i) {
    if (diagnostics_.errors() > most_errors) break;
    const ObjectId id(i);
    for (const Layer& layer : layers_[i]) check_body(id, layer);
    const std::vector<Id<Field>> fields = program_.kinds[program_.objects[id].kind].fields;
    for (const Id<Field> field : fields) fact(id, field);
  }
  facts_made_ = true;
  // a default that no object asked for has not been looked at yet
  for (std::size_t i = 0; i < program_.fields.size(); ++i) {
    Field& field = program_.fields[Id<Field>(i)];
    if (field_asts_[i] == nullptr || field.initial || !field_asts_[i]->initial) continue;
    Field made = field;
    check_default(made, *field_asts_[i]);
    program_.fields[Id<Field>(i)] = std::move(made);
  }
}

void Checker::check_body(ObjectId id, const Layer& layer) {
  const KindId kind = program_.objects[id].kind;
  std::map<std::string, Span> seen;
  for (const ast::Entry& entry : layer.body->entries) {
    const auto* assign = std::get_if<ast::Assign>(&entry.entry);
    if (assign == nullptr) continue;
    const auto [other, is_new] = seen.emplace(assign->name.text, assign->name.span);
    if (!is_new) diagnostics_.report(assign->name.span, diag::said_twice, "the value of", assign->name.text).label(other->second, "here first");
    const auto& fields = program_.kinds[kind].fields;
    const auto field = std::find_if(fields.begin(), fields.end(), [&](Id<Field> f) { return program_.fields[f].name == assign->name.text; });
    if (field == fields.end()) {
      std::vector<std::string> known;
      for (const Id<Field> f : fields) known.push_back(program_.fields[f].name);
      unknown(assign->name.span, fmt::format("field of a {}", program_.kinds[kind].name), assign->name.text, known);
    } else if (field == fields.begin()) {
      diagnostics_.report(assign->name.span, diag::wrong_place, "whether an object exists is said by `planned`");
    } else if (*field == program_.kinds[kind].key) {
      diagnostics_.report(assign->name.span, diag::said_twice, "the key", assign->name.text).hint("it is what stands after the kind");
    }
  }
}

Value Checker::fact(ObjectId object, Id<Field> field) {
  const auto& values = program_.objects[object].values;
  if (const auto found = values.find(field); found != values.end()) return found->second;
  const std::pair asked(object, field);
  const auto under_way = std::find(facts_under_way_.begin(), facts_under_way_.end(), asked);
  const auto path = [&](const std::pair<ObjectId, Id<Field>>& f) { return program_.objects[f.first].path + "." + program_.fields[f.second].name; };
  if (under_way != facts_under_way_.end()) {
    std::string chain;
    for (auto f = under_way; f != facts_under_way_.end(); ++f) chain += path(*f) + " -> ";
    diagnostics_.report(program_.objects[object].span, diag::recursive, path(asked), chain + path(asked));
    program_.objects[object].values[field] = {};
    return {};
  }
  constexpr std::size_t longest = 100;
  if (facts_under_way_.size() >= longest) {
    diagnostics_.report(program_.objects[object].span, diag::too_many, longest, "facts that follow from each other");
    program_.objects[object].values[field] = {};
    return {};
  }
  facts_under_way_.push_back(asked);
  Value value = make_fact(object, field);
  facts_under_way_.pop_back();
  program_.objects[object].values[field] = value;
  return value;
}

Value Checker::said(ObjectId object, Id<Field> field, const ast::Expr& ast, const Layer& layer) {
  Scope scope = scope_of(layer);
  wants_brackets(ast, "=");
  const Type wanted = program_.fields[field].type;
  const Expr e = expect(ast, scope, wanted);
  Value value = constant(e, &layer);
  const bool meant_unknown = ast.kind == ast::ExprKind::unknown;
  if (meant_unknown && !program_.fields[field].is_state) {
    diagnostics_.report(ast.span, diag::not_constant, fmt::format("the fact `{}` of `{}`", program_.fields[field].name, program_.objects[object].path));
  }
  return value;
}

Value Checker::key_value(ObjectId object, Id<Field> field) {
  // the layer that gave the object its name; its key has the name's text, or says more
  for (const Layer& layer : layers_[object.index]) {
    const ast::Object* ast = object_asts_[object.index];
    if (ast == nullptr || !ast->name) continue;
    Scope scope = scope_of(layer);
    return constant(expect(*ast->name, scope, program_.fields[field].type), &layer);
  }
  return {};
}

Value Checker::make_fact(ObjectId object, Id<Field> id) {
  const program::Kind& kind = program_.kinds[program_.objects[object].kind];
  if (id == kind.fields.front()) return program::boolean(!program_.objects[object].planned);
  if (id == kind.key) return key_value(object, id);
  const std::vector<Layer> layers = layers_[object.index];
  for (const Layer& layer : layers) {
    for (const ast::Entry& entry : layer.body->entries) {
      const auto* assign = std::get_if<ast::Assign>(&entry.entry);
      if (assign == nullptr || assign->name.text != program_.fields[id].name) continue;
      program_.objects[object].said[id] = assign->span;
      return said(object, id, assign->value, layer);
    }
  }
  const ast::Field* ast = field_asts_[id.index];
  if (ast != nullptr && ast->initial) {
    if (!program_.fields[id].initial) {
      Field made = program_.fields[id];
      check_default(made, *ast);
      program_.fields[id] = std::move(made);
    }
    Frame frame(1);
    frame[0].tag = Value::Tag::object;
    frame[0].object = object;
    const Expr initial = *program_.fields[id].initial;
    return constant_in(initial, std::move(frame));
  }
  const Object& o = program_.objects[object];
  diagnostics_.report(o.span, diag::missing_value, kind.name, o.path, program_.fields[id].name).label(program_.fields[id].span, "it has no default, so every object says it");
  return {};
}

std::optional<std::pair<ObjectId, Id<Field>>> Checker::find_variable(const std::string& path, const std::map<std::string, ObjectId>& objects) const {
  const std::size_t dot = path.rfind('.');
  if (dot == std::string::npos) return std::nullopt;
  const auto object = objects.find(path.substr(0, dot));
  if (object == objects.end()) return std::nullopt;
  for (const Id<Field> f : program_.kinds[program_.objects[object->second].kind].fields)
    if (program_.fields[f].is_state && program_.fields[f].name == path.substr(dot + 1)) return std::pair(object->second, f);
  return std::nullopt;
}

std::map<std::string, ObjectId> Checker::objects_by_path() const {
  std::map<std::string, ObjectId> objects;
  for (std::size_t i = 0; i < program_.objects.size(); ++i) objects.emplace(program_.objects[ObjectId(i)].path, i);
  return objects;
}

/// Reads values by the types of their states.
void Checker::take_values(const std::map<std::string, std::string>& values, const std::map<std::string, ObjectId>& objects,
                          const std::function<void(ObjectId, Id<Field>, const Value&)>& take) {
  for (const auto& [path, text_value] : values) {
    const auto variable = find_variable(path, objects);
    if (!variable) {
      std::vector<std::string> known;
      for (const Object& o : program_.objects)
        for (const Id<Field> f : program_.kinds[o.kind].fields)
          if (program_.fields[f].is_state && known.size() < 5000) known.push_back(o.path + "." + program_.fields[f].name);
      unknown({}, "state", path, known);
      continue;
    }
    const auto [object, field] = *variable;
    const Type type = program_.fields[field].type;
    if (text_value == "unknown") take(object, field, {});
    else if (const auto read = read_value(type, text_value)) take(object, field, *read);
    else diagnostics_.report(program_.objects[object].span, diag::bad_value, text_value, text(type) + ", the type of `" + path + "`");
  }
}

void Checker::take_state() {
  if (!settings_.state.empty())
    take_values(settings_.state, objects_by_path(), [&](ObjectId object, Id<Field> field, const Value& value) {
      program_.objects[object].values[field] = value;
      if (program_.fields[field].name == "exists") comes_and_goes(program_.objects[object].kind);
    });
  if (settings_.earlier) take_earlier(*settings_.earlier);
}

/// What is gone and comes back is then as the earlier plan found it.
void Checker::take_earlier(const Earlier& earlier) {
  program_.direction = earlier.direction;
  const auto objects = objects_by_path();
  take_values(earlier.ends, objects, [&](ObjectId object, Id<Field> field, const Value& value) { program_.objects[object].ends[field] = value; });
  take_values(earlier.restore, objects, [&](ObjectId id, Id<Field> field, const Value& value) {
    Object& object = program_.objects[id];
    object.restore[field] = value;
    const auto exists = object.values.find(program_.kinds[object.kind].fields.front());
    const bool gone = exists != object.values.end() && exists->second.tag == Value::Tag::boolean && exists->second.number == 0;
    if (gone && !object.planned && field != program_.kinds[object.kind].fields.front()) object.values[field] = value;
  });
}

}  // namespace exm::checking
