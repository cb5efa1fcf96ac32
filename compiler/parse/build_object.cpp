// Types, objects and the members of kinds.
#include "compiler/parse/builder.h"

namespace exm::parsing {

ast::TypeExpr Builder::type(Ref node) {
  ast::TypeExpr type;
  type.span = span(node);
  const Ref inner = first(node);
  using Kind = ast::TypeExpr::Kind;
  switch (kind(inner)) {
    case NodeKind::enum_type:
      type.kind = Kind::enumeration;
      each_child(inner, [&](Ref c) { type.values.push_back(name(c)); });
      break;
    case NodeKind::set_type:
    case NodeKind::list_type:
      type.kind = kind(inner) == NodeKind::set_type ? Kind::set : Kind::list;
      type.element.push_back(this->type(first(inner)));
      break;
    default: type.name = name(inner);
  }
  if (!has_child(node, NodeKind::optional_mark)) return type;
  ast::TypeExpr optional;
  optional.kind = Kind::optional;
  optional.span = type.span;
  type.span.end = nodes_[inner].end;
  optional.element.push_back(std::move(type));
  return optional;
}

std::optional<ast::TypeExpr> Builder::optional_type(Ref node) {
  const Ref wrapper = child(node, NodeKind::let_type);
  if (wrapper == none) return std::nullopt;
  return type(first(wrapper));
}

std::vector<ast::Parameter> Builder::parameters(Ref node) {
  std::vector<ast::Parameter> parameters;
  if (const Ref list = child(node, NodeKind::parameters); list != none)
    each_child(list, [&](Ref c) { parameters.push_back({name(first(c)), type(after(first(c), c))}); });
  return parameters;
}

// ------------------------------------------------------------------------------------------------- objects

ast::Body Builder::body(Ref node) {
  ast::Body body;
  body.span = span(node);
  each_child(node, [&](Ref c) { body.entries.push_back(entry(c)); });
  return body;
}

ast::Entry Builder::entry(Ref node) {
  if (kind(node) == NodeKind::object) return {object(node)};
  if (kind(node) == NodeKind::each) return {each(node)};
  return {ast::Assign{name(first(node)), expression(last(node)), span(node)}};
}

/// An `object`, or what `has` speaks of.
ast::Object Builder::object(Ref node) {
  ast::Object object;
  object.span = span(node);
  object.doc = doc_above(object.span.begin);
  each_child(node, [&](Ref c) {
    if (kind(c) == NodeKind::planned_mark) object.planned = true;
    else if (kind(c) == NodeKind::body) object.body = body(c);
    else if (kind(c) == NodeKind::text) object.name = any_text(c);
    else if (object.kind.text.empty()) object.kind = name(c);
    else {
      object.name = start(c, ast::ExprKind::name);
      object.name->text = text(c);
      object.name->text_span = span(c);
    }
  });
  return object;
}

ast::Each Builder::each(Ref node) {
  ast::Each each;
  each.span = span(node);
  each_child(node, [&](Ref c) {
    if (kind(c) == NodeKind::identifier) each.variable = name(c);
    else if (kind(c) == NodeKind::collection) each.collection = expression(c);
    else if (kind(c) == NodeKind::where) each.where = expression(first(c));
    else each.body = body(c);
  });
  return each;
}

// ------------------------------------------------------------------------------------------------- members

ast::Let Builder::let(Ref node) {
  ast::Let let;
  let.span = span(node);
  let.doc = doc_above(let.span.begin);
  let.name = name_in(node);
  let.parameters = parameters(node);
  let.type = optional_type(node);
  let.value = expression(last(node));
  return let;
}

ast::Field Builder::field(Ref node) {
  ast::Field field;
  field.span = span(node);
  field.doc = doc_above(field.span.begin);
  field.is_state = kind(node) == NodeKind::state_field;
  field.lasting = has_child(node, NodeKind::lasting_mark);
  field.name = name_in(node);
  field.type = type(child(node, NodeKind::type));
  field.initial = optional_expression(node, NodeKind::expression);
  return field;
}

std::vector<ast::Member> Builder::members(Ref node) {
  std::vector<ast::Member> members;
  each_child(node, [&](Ref c) { member(c, members); });
  return members;
}

void Builder::member(Ref node, std::vector<ast::Member>& to) {
  switch (kind(node)) {
    case NodeKind::field:
    case NodeKind::state_field: to.emplace_back(field(node)); break;
    case NodeKind::reached_by: to.emplace_back(ast::ReachedBy{name_in(node), span(node)}); break;
    case NodeKind::key: to.emplace_back(ast::Key{name_in(node), type(child(node, NodeKind::type)), span(node)}); break;
    case NodeKind::let: to.emplace_back(let(node)); break;
    case NodeKind::has: {
      ast::Has has{object(first(node)), optional_expression(node, NodeKind::when_part), span(node)};
      to.emplace_back(std::move(has));
      break;
    }
    case NodeKind::disrupts_when: to.emplace_back(ast::DisruptsWhen{expression(first(node)), span(node)}); break;
    default: break;
  }
}

}  // namespace exm::parsing
