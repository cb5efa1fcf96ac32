// Names: of locals, members and the one scope; what follows a dot; what is called.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/checker.h"

namespace exm::checking {

void Checker::unknown(Span span, std::string_view what, const std::string& name, const std::vector<std::string>& known) {
  auto& report = diagnostics_.report(span, diag::unknown_name, what, name);
  if (const std::string near = nearest(name, known); !near.empty()) report.hint("did you mean `" + near + "`?");
  if (what != "kind" && what != "type" && what != "name" && what != "set") return;
  const std::string module = settings_.module_of ? settings_.module_of(name) : "";
  if (!module.empty()) report.hint("add `use " + module + "`");
}

Expr Checker::constant_object(ObjectId object, Span span) const {
  Value v;
  v.tag = Value::Tag::object;
  v.object = object;
  return constant_expr(std::move(v), object_type(program_.objects[object].kind), span);
}

std::optional<ObjectId> Checker::find_object(const std::string& name, KindId kind) const {
  const Symbol* symbol = values_.find(name);
  if (symbol == nullptr || symbol->sort != Symbol::Sort::object) return std::nullopt;
  const ObjectId object(symbol->index);
  if (kind && program_.objects[object].kind != kind) return std::nullopt;
  return object;
}

std::optional<ObjectId> Checker::find_owned(ObjectId owner, KindId kind, const std::string& name) const {
  const auto found = owned_.find({owner, kind, lower(name)});
  if (found == owned_.end() || program_.objects[found->second].name != name) return std::nullopt;
  return found->second;
}

bool Checker::has_member(KindId kind, const std::string& name) const {
  const auto found = members_[kind.index].find(lower(name));
  return found != members_[kind.index].end() && found->second.text == name;
}

std::vector<std::string> Checker::member_names(KindId kind) const {
  std::vector<std::string> result;
  for (const auto& [key, name] : members_[kind.index])
    if (key != "self") result.push_back(name.text);
  return result;
}

std::vector<std::string> Checker::names_in(const Scope& scope) const {
  std::vector<std::string> result = values_.all();
  for (const program::Local& local : scope.locals) result.push_back(local.name);
  if (scope.constants)
    for (const auto& [name, typed] : *scope.constants) result.push_back(name);
  if (scope.self)
    for (std::string& name : member_names(scope.self)) result.push_back(std::move(name));
  return result;
}

namespace {
Expr local_expr(const std::vector<program::Local>& locals, std::size_t index, Span span) {
  Expr e;
  e.op = Op::local;
  e.local = static_cast<std::uint32_t>(index);
  e.type = locals[index].type;
  e.value.text = locals[index].name;
  e.span = span;
  return e;
}
}  // namespace

std::optional<Expr> Checker::name_or_nothing(const ast::Expr& ast, Scope& scope) {
  if (scope.self && has_member(scope.self, ast.text) && ast.text != "self") {
    if (auto found = member_of(local_expr(scope.locals, 0, ast.span), ast.text, ast.span)) return found;
  }
  return global(ast.text, ast.span);
}

Expr Checker::name(const ast::Expr& ast, Scope& scope, const Type* hint) {
  for (std::size_t i = scope.locals.size(); i-- > 0;)
    if (scope.locals[i].name == ast.text) return local_expr(scope.locals, i, ast.span);
  if (scope.constants)
    if (const auto found = scope.constants->find(ast.text); found != scope.constants->end()) return constant_expr(found->second.value, found->second.type, ast.span);
  const Type* wanted = hint != nullptr ? &needed(*hint) : nullptr;
  const bool wants_enum = wanted != nullptr && wanted->tag == Type::Tag::enumeration;
  if (wants_enum) {
    if (const auto value = read_value(*wanted, ast.text)) return constant_expr(*value, *wanted, ast.span);
  }
  if (auto found = name_or_nothing(ast, scope)) return *found;
  if (hint != nullptr && hint->tag == Type::Tag::poison) return poison(ast.span);  // its consequences were reported where it was
  if (wants_enum) {
    const auto& values = program_.enums[wanted->enumeration].values;
    auto& report = diagnostics_.report(ast.span, diag::unknown_name, "value", ast.text);
    const std::string near = nearest(ast.text, values);
    if (!near.empty()) report.hint("did you mean `" + near + "`?");
    else report.hint(fmt::format("expected one of {}", fmt::join(values, ", ")));
    return poison(ast.span);
  }
  unknown(ast.span, "name", ast.text, names_in(scope));
  return poison(ast.span);
}

std::optional<Expr> Checker::global(const std::string& text, Span span) {
  const Symbol* symbol = values_.find(text);
  if (symbol == nullptr) return std::nullopt;
  switch (symbol->sort) {
    case Symbol::Sort::object: return constant_object(ObjectId(symbol->index), span);
    case Symbol::Sort::param: return param(symbol->index, span);
    case Symbol::Sort::kind: {
      Expr e;
      e.op = Op::all;
      e.kind = KindId(symbol->index);
      e.type = set_type(object_type(e.kind));
      e.span = span;
      return e;
    }
    case Symbol::Sort::let: {
      const Id<Let> let(symbol->index);
      if (!program_.lets[let].parameters.empty()) {
        diagnostics_.report(span, diag::wrong_count, text, program_.lets[let].parameters.size(), std::size_t{0});
        return poison(span);
      }
      check_let(let);
      Expr e;
      e.op = Op::call;
      e.let = let;
      e.type = program_.lets[let].value.type;
      e.span = span;
      return e;
    }
    case Symbol::Sort::enumeration:
      diagnostics_.report(span, diag::wrong_type, "a value", "the enum `" + text + "`").hint("its values are written by their own names");
      return poison(span);
    default: return std::nullopt;
  }
}

Expr Checker::param(std::size_t index, Span span) {
  Param& p = params_[index];
  if (p.state == 2) return p.type.tag == Type::Tag::poison || p.value.tag == Value::Tag::unknown ? poison(span) : constant_expr(p.value, p.type, span);
  if (p.state == 1) {
    diagnostics_.report(span, diag::recursive, p.param->name.text, p.param->name.text + " -> " + p.param->name.text);
    return poison(span);
  }
  p.state = 1;
  const Type wanted = type(p.param->type);
  Value value;
  const auto given = settings_.params.find(p.param->name.text);
  if (given != settings_.params.end()) {
    if (const auto read = read_value(wanted, given->second)) value = *read;
    else diagnostics_.report(p.span, diag::bad_value, given->second, text(wanted)).hint("it was given from outside, with --set " + p.param->name.text + "=…");
  } else if (p.param->initial) {
    Scope scope;
    value = constant(expect(*p.param->initial, scope, wanted));
  } else {
    diagnostics_.report(p.span, diag::missing_param, p.param->name.text).hint("give one with --set " + p.param->name.text + "=…, or write a default: `= …`");
  }
  Param& made = params_[index];
  made.type = wanted;
  made.value = std::move(value);
  made.state = 2;
  return param(index, span);
}

std::optional<Expr> Checker::member_of(Expr object, const std::string& text, Span span) {
  const Type of = needed(object.type);
  Expr e;
  e.span = span;
  const auto take = [&] { e.operands.push_back(std::move(object)); };
  if (text == "name") {
    e.op = Op::name;
    e.type = simple(Type::Tag::text);
    take();
    return e;
  }
  if (!of.kind) return std::nullopt;
  const program::Kind& kind = program_.kinds[of.kind];
  for (const Id<Field> field : kind.fields) {
    if (program_.fields[field].name != text) continue;
    e.op = Op::field;
    e.field = field;
    e.type = program_.fields[field].type;
    take();
    return e;
  }
  if (const auto let = kind.lets.find(text); let != kind.lets.end()) {
    const Id<Let> id = let->second;
    if (program_.lets[id].parameters.size() > 1) {
      diagnostics_.report(span, diag::wrong_count, text, program_.lets[id].parameters.size() - 1, std::size_t{0});
      return poison(span);
    }
    check_let(id);
    e.op = Op::call;
    e.let = id;
    e.type = program_.lets[id].value.type;
    take();
    return e;
  }
  for (const KindId owned : kind.owned) {
    if (program_.kinds[owned].collection != text) continue;
    e.op = Op::owned;
    e.kind = owned;
    e.type = set_type(object_type(owned));
    take();
    return e;
  }
  if (kind.owner && program_.kinds[kind.owner].name == text) {
    e.op = Op::owner;
    e.type = object_type(kind.owner);
    take();
    return e;
  }
  return std::nullopt;
}

Expr Checker::member_of_set(Expr set, const ast::Expr& ast) {
  const bool of_constant = set.op == Op::owned && set.operands[0].op == Op::constant && set.operands[0].value.tag == Value::Tag::object;
  const KindId kind = element_of(set.type).kind;
  if (of_constant) {
    const ObjectId owner = set.operands[0].value.object;
    if (const auto found = find_owned(owner, kind, ast.text)) return constant_object(*found, ast.span);
    std::vector<std::string> known;
    const auto& owned = program_.objects[owner].owned;
    for (const ObjectId o : owned)
      if (program_.objects[o].kind == kind && known.size() < 5000) known.push_back(program_.objects[o].name);
    if (program_.kinds[kind].at_most_one && !known.empty()) {  // EX3.forefront.enabled
      const auto one = std::find_if(owned.begin(), owned.end(), [&](ObjectId o) { return program_.objects[o].kind == kind; });
      if (auto found = member_of(constant_object(*one, set.span), ast.text, ast.span)) return *found;
      known = member_names(kind);
    }
    unknown(ast.text_span, fmt::format("{} of {}", program_.kinds[kind].name, program_.objects[owner].path), ast.text, known);
    return poison(ast.span);
  }
  auto& report = diagnostics_.report(ast.text_span, diag::wrong_type, "one object before the dot", text(set.type));
  report.hint("`forall x in …: x." + ast.text + "`, or `count(x in … where x." + ast.text + ")`");
  return poison(ast.span);
}

/// A text is the object of that name there: `"Main Office".servers`.
Expr Checker::before_a_dot(const ast::Expr& ast, Scope& scope) {
  Expr found = infer(ast, scope);
  if (ast.kind != ast::ExprKind::text || found.op != Op::constant) return found;
  const Symbol* symbol = values_.find(found.value.text);
  return symbol != nullptr && symbol->sort == Symbol::Sort::object ? constant_object(ObjectId(symbol->index), ast.span) : found;
}

Expr Checker::member(const ast::Expr& ast, Scope& scope) {
  const ast::Expr& before_dot = ast.operands[0];
  if (before_dot.kind == ast::ExprKind::name && before_dot.text == "run" && ast.text == "started") {
    if (!scope.command) diagnostics_.report(ast.span, diag::only_in_commands, "run.started");
    Expr e;
    e.op = Op::run_started;
    e.type = simple(Type::Tag::text);
    e.span = ast.span;
    return e;
  }
  if (before_dot.kind == ast::ExprKind::name) {  // a value of a named enum: role.mailbox
    const Symbol* symbol = values_.find(before_dot.text);
    if (symbol != nullptr && symbol->sort == Symbol::Sort::enumeration) {
      Type type = simple(Type::Tag::enumeration);
      type.enumeration = Id<program::Enum>(symbol->index);
      if (const auto value = read_value(type, ast.text)) return constant_expr(*value, type, ast.span);
      unknown(ast.text_span, "value of " + before_dot.text, ast.text, program_.enums[type.enumeration].values);
      return poison(ast.span);
    }
  }
  Expr object = before_a_dot(before_dot, scope);
  if (is_poison(object)) return poison(ast.span);
  const Type of = needed(object.type);
  if (of.tag == Type::Tag::duration && ast.text == "seconds") {
    Expr e;
    e.op = Op::seconds;
    e.type = simple(Type::Tag::integer);
    e.span = ast.span;
    e.operands.push_back(std::move(object));
    return e;
  }
  if (of.tag == Type::Tag::set && element_of(of).tag == Type::Tag::object) return member_of_set(std::move(object), ast);
  if (of.tag != Type::Tag::object) {
    diagnostics_.report(ast.text_span, diag::unknown_name, "member of " + text(of) + ":", ast.text);
    return poison(ast.span);
  }
  if (auto found = member_of(std::move(object), ast.text, ast.span)) return *found;
  unknown(ast.text_span, of.kind ? "member of a " + program_.kinds[of.kind].name : std::string("member of an object"), ast.text,
          of.kind ? member_names(of.kind) : std::vector<std::string>{"name"});
  return poison(ast.span);
}

std::vector<Expr> Checker::arguments(const std::string& callee, const std::vector<program::Local>& parameters, std::size_t given_already, const ast::Expr& ast,
                                     Scope& scope) {
  std::vector<Expr> result;
  const std::size_t wanted = parameters.size() - given_already;
  if (ast.operands.size() != wanted) diagnostics_.report(ast.span, diag::wrong_count, callee, wanted, ast.operands.size());
  for (std::size_t i = 0; i < wanted; ++i) {
    const Type& type = parameters[i + given_already].type;
    if (i >= ast.operands.size()) {
      result.push_back(poison(ast.span));
      continue;
    }
    Expr e = infer(ast.operands[i], scope, &type);
    // EX3.forefront, where one is wanted and there is at most one
    const bool one_of_set = type.tag == Type::Tag::object && e.op == Op::owned && program_.kinds[e.kind].at_most_one && e.operands[0].op == Op::constant;
    if (one_of_set && e.kind == type.kind) {
      for (const ObjectId o : program_.objects[e.operands[0].value.object].owned) {
        if (program_.objects[o].kind != type.kind) continue;
        e = constant_object(o, e.span);
        break;
      }
    }
    if (!fits(e.type, type, Fit::or_none)) {
      mismatch(ast.operands[i].span, type, e.type);
      e = poison(e.span);
    }
    result.push_back(std::move(e));
  }
  return result;
}

Expr Checker::call_let(Id<Let> let, std::vector<Expr> first, const ast::Expr& ast, Scope& scope) {
  Expr e;
  e.op = Op::call;
  e.let = let;
  e.span = ast.span;
  const std::size_t given = first.size();
  e.operands = std::move(first);
  const std::vector<program::Local> wanted = program_.lets[let].parameters;
  for (Expr& argument : arguments(ast.text, wanted, given, ast, scope)) e.operands.push_back(std::move(argument));
  check_let(let);
  e.type = program_.lets[let].value.type;
  return e;
}

Expr Checker::call(const ast::Expr& ast, Scope& scope) {
  if (ast.text == "known" || ast.text == "was") {
    if (ast.operands.size() != 1) {
      diagnostics_.report(ast.span, diag::wrong_count, ast.text, std::size_t{1}, ast.operands.size());
      return poison(ast.span);
    }
    Expr e;
    e.op = ast.text == "known" ? Op::known : Op::was;
    e.span = ast.span;
    e.operands.push_back(infer(ast.operands[0], scope));
    const Expr& of = e.operands[0];
    if (is_poison(of)) return poison(ast.span);
    e.type = e.op == Op::known ? simple(Type::Tag::boolean) : of.type;
    const bool a_state = of.op == Op::field && program_.fields[of.field].is_state;
    if (e.op == Op::known || a_state) return e;
    diagnostics_.report(ast.operands[0].span, diag::not_a_state, "this").hint("`was(x.state)` is the value to which that state is to be restored");
    return poison(ast.span);
  }
  if (scope.self) {
    const auto& lets = program_.kinds[scope.self].lets;
    if (const auto let = lets.find(ast.text); let != lets.end()) return call_let(let->second, {local_expr(scope.locals, 0, ast.span)}, ast, scope);
  }
  const Symbol* symbol = values_.find(ast.text);
  if (symbol != nullptr && symbol->sort == Symbol::Sort::let) return call_let(Id<Let>(symbol->index), {}, ast, scope);
  std::vector<std::string> known = {"known", "was", "count", "sum"};
  for (const Let& let : program_.lets)
    if (!let.kind) known.push_back(let.name);
  const bool is_action = actions_.find(ast.text) != nullptr || intents_.find(ast.text) != nullptr;
  auto& report = diagnostics_.report(ast.text_span, diag::unknown_name, "function", ast.text);
  if (is_action) report.hint("`" + ast.text + "` is something to do, it has no value");
  else if (const std::string near = nearest(ast.text, known); !near.empty()) report.hint("did you mean `" + near + "`?");
  for (const ast::Expr& operand : ast.operands) infer(operand, scope);
  return poison(ast.span);
}

}  // namespace exm::checking
