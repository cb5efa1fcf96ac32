// A tiny way to make programs by hand: kinds, objects, actions and rules as data, for tests that want no parser.
#pragma once

#include "compiler/check/program.h"

namespace made {

using namespace exm;
using namespace exm::program;

inline Value boolean(bool b) { return {Value::Tag::boolean, b ? 1 : 0, {}, {}, {}}; }
inline Value integer(std::int64_t n) { return {Value::Tag::integer, n, {}, {}, {}}; }
inline Value name(const char* text) { return {Value::Tag::enumerator, 0, text, {}, {}}; }
inline Value version(const char* text) { return {Value::Tag::version, 0, text, {}, {}}; }
inline Value object(Id<Object> id) { return {Value::Tag::object, 0, {}, id, {}}; }

inline Type bool_type() { return {Type::Tag::boolean, {}, {}, {}}; }
inline Type version_type() { return {Type::Tag::version, {}, {}, {}}; }
inline Type kind_type(Id<Kind> kind) { return {Type::Tag::object, {}, kind, {}}; }
inline Type enum_type(Id<Enum> id) { return {Type::Tag::enumeration, id, {}, {}}; }

inline Expr make(Op op, std::vector<Expr> operands = {}) {
  Expr e;
  e.op = op;
  e.operands = std::move(operands);
  return e;
}
inline Expr constant(Value value) {
  Expr e = make(Op::constant);
  e.value = std::move(value);
  return e;
}
inline Expr local(std::uint32_t i, const char* called = "x") {
  Expr e = make(Op::local);
  e.local = i;
  e.value.text = called;
  return e;
}
inline Expr field(Expr of, Id<Field> field) {
  Expr e = make(Op::field, {std::move(of)});
  e.field = field;
  return e;
}
inline Expr all(Id<Kind> kind) {
  Expr e = make(Op::all);
  e.kind = kind;
  return e;
}
inline Expr owned(Expr of, Id<Kind> kind) {
  Expr e = make(Op::owned, {std::move(of)});
  e.kind = kind;
  return e;
}
inline Expr over(Op op, std::uint32_t i, Expr collection, Expr where, std::vector<Expr> body = {}) {
  Expr e = make(op, {std::move(collection), std::move(where)});
  for (Expr& b : body) e.operands.push_back(std::move(b));
  e.local = i;
  e.value.text = "e";
  return e;
}
inline Expr yes() { return constant(boolean(true)); }
inline Expr equal(Expr a, Expr b) { return make(Op::equal, {std::move(a), std::move(b)}); }
inline Expr text(std::vector<TextPart> parts) {
  Expr e = make(Op::text);
  e.parts = std::move(parts);
  return e;
}

inline Effect set(Expr object, Id<Field> state, Expr value) {
  Effect e;
  e.together.push_back({std::move(object), state, std::move(value), {}, {}});
  return e;
}

/// A program with its kinds, each with the state `exists` first.
struct World {
  Program program;

  Id<Kind> kind(const char* name, Id<Kind> owner = {}) {
    Kind k;
    k.name = name;
    k.owner = owner;
    k.collection = std::string(name) + "s";
    const Id<Kind> id = program.kinds.add(std::move(k));
    if (owner) program.kinds[owner].owned.push_back(id);
    state(id, "exists", bool_type());
    return id;
  }
  Id<Field> state(Id<Kind> kind, const char* name, Type type, bool lasting = false) {
    const Id<Field> id = program.fields.add({kind, name, std::move(type), true, lasting, {}, {}, {}});
    program.kinds[kind].fields.push_back(id);
    return id;
  }
  Id<Field> fact(Id<Kind> kind, const char* name, Type type) {
    const Id<Field> id = state(kind, name, std::move(type));
    program.fields[id].is_state = false;
    return id;
  }
  Id<Object> thing(Id<Kind> kind, const std::string& name, std::map<Id<Field>, Value> values, Id<Object> owner = {}, bool planned = false) {
    const std::string path = owner ? program.objects[owner].path + "." + program.kinds[kind].collection + "." + name : name;
    const Id<Object> id = program.objects.add({name, path, kind, owner, planned, std::move(values), {}, {}});
    if (owner) program.objects[owner].owned.push_back(id);
    return id;
  }
  Action& action(const char* name, std::vector<Local> parameters) {
    Action a;
    a.name = name;
    a.parameters = std::move(parameters);
    a.parts.emplace_back();
    a.parts[0].locals = 8;
    return program.actions[program.actions.add(std::move(a))];
  }
  Id<Maintenance> maintenance(Wishes wishes) {
    wishes.locals = 8;
    return program.maintenances.add({"work", "Work", std::move(wishes), {}, {}});
  }
};

}  // namespace made
