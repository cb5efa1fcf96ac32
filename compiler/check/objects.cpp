// Objects: declared, made by `each`, made by `has`; each with its path. What they say is looked at later.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/checker.h"

namespace exm::checking {

void Checker::make_objects() {
  const Layer top;
  for (const ast::File& file : files_)
    for (const ast::Declaration& declaration : file.declarations)
      if (const auto* object = std::get_if<ast::Object>(&declaration.what)) make_object(*object, {}, top, false);
  for (std::size_t i = 0; i < params_.size(); ++i) param(i, params_[i].span);
  for (const auto& [name, value] : settings_.params) {
    const Symbol* symbol = values_.find(name);
    if (symbol != nullptr && symbol->sort == Symbol::Sort::param) continue;
    std::vector<std::string> known;
    for (const Param& p : params_) known.push_back(p.param->name.text);
    unknown({}, "parameter", name, known);
  }
  for (const ast::File& file : files_)
    for (const ast::Declaration& declaration : file.declarations)
      if (const auto* each = std::get_if<ast::Each>(&declaration.what)) make_each(*each, {}, top, false);
  // what is declared stands; now the eaches within objects, then what objects have by themselves
  for (std::size_t i = 0; i < program_.objects.size(); ++i) {
    const ObjectId id(i);
    const std::vector<Layer> layers = layers_[i];
    for (const Layer& layer : layers)
      for (const ast::Entry& entry : layer.body->entries)
        if (const auto* each = std::get_if<ast::Each>(&entry.entry)) make_each(*each, id, layer, program_.objects[id].planned);
  }
  for (std::size_t k = 0; k < has_.size(); ++k) {
    for (Has& has : has_[k]) check_has(KindId(k), has);
  }
  for (std::size_t i = 0; i < program_.objects.size(); ++i) make_has(ObjectId(i));
}

bool Checker::belongs(const ast::Object& ast, KindId kind, ObjectId owner) {
  const KindId wanted = program_.kinds[kind].owner;
  const KindId given = owner ? program_.objects[owner].kind : KindId();
  if (wanted == given) return true;
  if (wanted) {
    const std::string& of = program_.kinds[wanted].name;
    diagnostics_.report(ast.kind.span, diag::wrong_place, fmt::format("a `{}` belongs to a `{}`", ast.kind.text, of))
        .hint(fmt::format("declare it in the braces of its `{}`", of));
  } else {
    diagnostics_.report(ast.kind.span, diag::wrong_place, fmt::format("a `{}` stands by itself, a `{}` owns none", ast.kind.text, program_.kinds[given].name));
  }
  return false;
}

std::string Checker::text_of_name(const ast::Expr& ast, const Layer& layer) {
  if (ast.kind == ast::ExprKind::name) {
    if (layer.constants) {
      const auto found = layer.constants->find(ast.text);
      if (found != layer.constants->end()) return program::in_text(program_, found->second.value, {});
    }
    return ast.text;
  }
  if (ast.kind == ast::ExprKind::member) return ast.text;
  if (ast.kind == ast::ExprKind::integer) return std::to_string(ast.number);
  Scope scope = scope_of(layer);
  const Value value = constant(expect(ast, scope, simple(Type::Tag::text)), &layer);
  return value.tag == Value::Tag::text ? value.text : "";
}

std::optional<std::string> Checker::object_name(const ast::Object& ast, KindId id, const Layer& layer) {
  const program::Kind& kind = program_.kinds[id];
  if (!ast.name) {
    if (kind.at_most_one) return kind.collection;
    diagnostics_.report(ast.kind.span, diag::wants_name, ast.kind.text);
    return std::nullopt;
  }
  std::string text = text_of_name(*ast.name, layer);
  const bool printable = std::none_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (!text.empty() && printable && text.size() <= 1000) return text;
  if (diagnostics_.ok() || !text.empty()) diagnostics_.report(ast.name->span, diag::bad_value, text.substr(0, 40), "a name");
  return std::nullopt;
}

std::optional<ObjectId> Checker::existing(ObjectId owner, KindId kind, const std::string& name) const {
  const auto found = owned_.find({owner, kind, lower(name)});
  return found == owned_.end() ? std::nullopt : std::optional(found->second);
}

ObjectId Checker::add_object(const std::string& name, KindId kind, ObjectId owner, bool planned, Span span) {
  Object object;
  object.name = name;
  object.kind = kind;
  object.owner = owner;
  object.planned = planned;
  object.span = span;
  object.path = program::path_part(name);
  if (owner) {
    const program::Kind& k = program_.kinds[kind];
    object.path = program_.objects[owner].path + "." + (k.at_most_one ? k.collection : k.collection + "." + object.path);
  }
  const ObjectId id = program_.objects.add(std::move(object));
  if (owner) {
    program_.objects[owner].owned.push_back(id);
    owned_.emplace(std::tuple(owner, kind, lower(name)), id);
  }
  if (planned) comes_and_goes(kind);
  layers_.emplace_back();
  object_asts_.push_back(nullptr);
  return id;
}

void Checker::make_object(const ast::Object& ast, ObjectId owner, const Layer& layer, bool planned) {
  const Symbol* symbol = values_.find(ast.kind.text);
  if (symbol == nullptr || symbol->sort != Symbol::Sort::kind) {
    std::vector<std::string> known;
    for (const auto& k : program_.kinds) known.push_back(k.name);
    return unknown(ast.kind.span, "kind", ast.kind.text, known);
  }
  const KindId kind(symbol->index);
  if (!belongs(ast, kind, owner)) return;
  const auto name = object_name(ast, kind, layer);
  if (!name) return;
  const Span span = ast.name ? ast.name->span : ast.kind.span;
  if (program_.objects.size() >= most_objects) {
    if (!too_many_objects_) diagnostics_.report(span, diag::too_many, most_objects, "objects");
    too_many_objects_ = true;
    return;
  }
  Layer own = layer;
  own.body = &ast.body;
  own.span = span;
  ObjectId id;
  if (owner) {
    auto other = existing(owner, kind, *name);
    if (!other && program_.kinds[kind].at_most_one) {
      for (const ObjectId o : program_.objects[owner].owned)
        if (program_.objects[o].kind == kind) other = o;
    }
    if (other && layer.owner) {  // made by `has`: what the file says goes before
      layers_[other->index].push_back(own);
      return make_body(ast.body, *other, own, planned);
    }
    if (other) {
      const std::string what = fmt::format("the {} of {}", ast.kind.text, program_.objects[owner].path);
      const std::string& theirs = program_.objects[*other].name;
      auto& report = theirs == *name || program_.kinds[kind].at_most_one ? diagnostics_.report(span, diag::declared_twice, what, *name)
                                                                         : diagnostics_.report(span, diag::differs_by_case, what, *name, theirs);
      report.label(program_.objects[*other].span, "the other one is here");
      return;
    }
  } else if (!declare(values_, ast.kind.text, {*name, span}, {Symbol::Sort::object, program_.objects.size(), span})) {
    return;
  }
  const bool not_yet = planned || ast.planned;
  id = add_object(*name, kind, owner, not_yet, span);
  program_.objects[id].planned_apart = planned && ast.planned;
  layers_[id.index].push_back(own);
  object_asts_[id.index] = &ast;
  make_body(ast.body, id, own, not_yet);
}

void Checker::make_body(const ast::Body& body, ObjectId owner, const Layer& layer, bool planned) {
  for (const ast::Entry& entry : body.entries)
    if (const auto* object = std::get_if<ast::Object>(&entry.entry)) make_object(*object, owner, layer, planned);
}

namespace {
/// Does it range over objects, which are still being made?
bool ranges_over_kinds(const Expr& expr) {
  if (expr.op == Op::all || expr.op == Op::owned || expr.op == Op::field) return true;
  return std::any_of(expr.operands.begin(), expr.operands.end(), ranges_over_kinds);
}
}  // namespace

void Checker::make_each(const ast::Each& each, ObjectId owner, const Layer& layer, bool planned) {
  Scope scope = scope_of(layer);
  const Expr range = collection(each.collection, scope);
  if (is_poison(range)) return;
  if (ranges_over_kinds(range)) {
    diagnostics_.report(each.collection.span, diag::wrong_place, "`each` makes objects, so it can't range over those that there are")
        .hint("range over numbers, `1..3`, or a list, `[EX3, EX4]`");
    return;
  }
  const Value values = constant(range, &layer);
  if (values.tag != Value::Tag::list && values.tag != Value::Tag::set) {
    if (diagnostics_.ok()) diagnostics_.report(each.collection.span, diag::too_many, most_objects, "elements of an `each`, or none");
    return;
  }
  if (values.elements.size() > most_objects) {
    diagnostics_.report(each.collection.span, diag::too_many, most_objects, "elements of an `each`");
    return;
  }
  for (const ast::Entry& entry : each.body.entries)
    if (const auto* assign = std::get_if<ast::Assign>(&entry.entry))
      diagnostics_.report(assign->span, diag::wrong_place, "only objects stand in an `each`");
  for (const Value& value : values.elements) {
    if (too_many_objects_ || diagnostics_.errors() > most_errors) return;
    auto constants = layer.constants ? std::make_shared<Constants>(*layer.constants) : std::make_shared<Constants>();
    (*constants)[each.variable.text] = {element_of(range.type), value};
    Layer inner = layer;
    inner.constants = std::move(constants);
    if (each.where) {
      Scope inside = scope_of(inner);
      const Value where = constant(condition(*each.where, inside), &inner);
      if (where.number == 0) continue;
    }
    for (const ast::Entry& entry : each.body.entries) {
      if (const auto* object = std::get_if<ast::Object>(&entry.entry)) make_object(*object, owner, inner, planned);
      else if (const auto* nested = std::get_if<ast::Each>(&entry.entry)) make_each(*nested, owner, inner, planned);
    }
  }
}

void Checker::make_has(ObjectId owner) {
  const KindId kind = program_.objects[owner].kind;
  for (const Has& has : has_[kind.index]) {
    if (!has.kind) continue;
    Frame frame(has.locals);
    frame[0].tag = Value::Tag::object;
    frame[0].object = owner;
    if (has.when) {
      if (is_poison(*has.when) || constant_in(*has.when, frame).number == 0) continue;
    }
    std::string name = program_.kinds[has.kind].collection;
    if (has.name) name = program::in_text(program_, constant_in(*has.name, frame), {});
    const Span span = has.has->object.name ? has.has->object.name->span : has.has->object.kind.span;
    Layer layer{&has.has->object.body, nullptr, owner, span};
    const bool planned = program_.objects[owner].planned;
    auto other = existing(owner, has.kind, name);
    if (!other && program_.kinds[has.kind].at_most_one) {
      for (const ObjectId o : program_.objects[owner].owned)
        if (program_.objects[o].kind == has.kind) other = o;
    }
    if (!other && program_.objects.size() >= most_objects) {
      if (!too_many_objects_) diagnostics_.report(span, diag::too_many, most_objects, "objects");
      too_many_objects_ = true;
      return;
    }
    const ObjectId id = other ? *other : add_object(name, has.kind, owner, planned, span);
    if (!other) object_asts_[id.index] = &has.has->object;
    layers_[id.index].push_back(layer);
    make_body(has.has->object.body, id, layer, program_.objects[id].planned);
  }
}

}  // namespace exm::checking
