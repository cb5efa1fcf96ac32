#include "compiler/parse/ast_dump.h"

#include <array>

namespace exm {

namespace {

using namespace ast;

// ------------------------------------------------------------------------------------------ building blocks

std::string quoted(std::string_view text) {
  std::string made = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') made += '\\';
    if (c == '\n') made += "\\n";
    else if (c == '\r') made += "\\r";
    else made += c;
  }
  return made + "\"";
}

template <class... Parts>
std::string form(std::string_view head, const Parts&... parts);

std::string part(const std::string& text) { return text; }
std::string part(const Name& name) { return name.text; }
std::string part(const Expr& e) { return dump(e); }
std::string part(const TypeExpr& type);
std::string part(const Parameter& p) { return form("of", p.name, p.type); }
std::string part(const Effect& effect);
std::string part(const Clause& clause);
std::string part(const Wish& wish);
std::string part(const Expect& expect);
std::string part(const RuleClause& clause);
std::string part(const Member& member);
std::string part(const Entry& entry);
std::string part(const Object& object);
std::string part(const AsEntry& e) { return form("->", dump(e.text), dump(e.value)); }

template <class T>
std::string part(const std::optional<T>& value) {
  return value ? part(*value) : "";
}
template <class T>
std::string part(const std::vector<T>& values) {
  std::string made;
  for (const T& value : values) made += (made.empty() ? "" : " ") + part(value);
  return made;
}

/// "(head a b)", leaving out what is empty.
template <class... Parts>
std::string form(std::string_view head, const Parts&... parts) {
  std::string made = "(" + std::string(head);
  const auto add = [&](const std::string& part) {
    if (!part.empty()) made += " " + part;
  };
  (add(part(parts)), ...);
  return made + ")";
}

std::string marked(std::string_view head, const std::string& inner) { return inner.empty() ? "" : form(head, inner); }
template <class T>
std::string marked(std::string_view head, const std::optional<T>& value) {
  return value ? form(head, part(*value)) : "";
}
std::string flag(bool set, std::string_view word) { return set ? std::string(word) : ""; }
std::string doc(const std::string& text) { return text.empty() ? "" : form("doc", quoted(text)); }

// ---------------------------------------------------------------------------------------------- expressions

constexpr std::array binary_signs{"implies", "or", "and", "==", "!=", "<", "<=", ">", ">=", "in", "not-in", "+", "-", "*", "/"};

std::string text_parts(const Expr& e) {
  std::string made;
  for (const TextPart& p : e.parts) {
    made += made.empty() ? "" : " ";
    if (p.value.empty()) made += quoted(p.literal);
    else made += p.format.empty() ? form("put", p.value) : form("put", p.value, quoted(p.format));
  }
  return e.parts.size() == 1 && e.parts[0].value.empty() ? made : made.empty() ? "\"\"" : form("text", made);
}

std::string binder(std::string_view head, const Expr& e) {
  return form(head, e.variable, e.collection, marked("where", part(e.where)), e.operands);
}

std::string expression(const Expr& e) {
  switch (e.kind) {
    case ExprKind::integer: return std::to_string(e.number);
    case ExprKind::duration: return std::to_string(e.number) + "s";
    case ExprKind::boolean: return e.number != 0 ? "true" : "false";
    case ExprKind::none: return "none";
    case ExprKind::unknown: return "unknown";
    case ExprKind::text: return text_parts(e);
    case ExprKind::name: return e.text;
    case ExprKind::member: return form(".", e.operands, e.text);
    case ExprKind::call: return form("call", e.text, e.operands);
    case ExprKind::list: return form("list", e.operands);
    case ExprKind::set: return form("set", e.operands);
    case ExprKind::not_: return form("not", e.operands);
    case ExprKind::negate: return form("negate", e.operands);
    case ExprKind::binary: return form(binary_signs[static_cast<std::size_t>(e.op)], e.operands);
    case ExprKind::if_: return form("if", e.operands);
    case ExprKind::forall: return binder("forall", e);
    case ExprKind::exists: return binder("exists", e);
    case ExprKind::count: return binder("count", e);
    case ExprKind::sum: return binder("sum", e);
    case ExprKind::filter: return binder("filter", e);
    case ExprKind::map: return binder("map", e);
    case ExprKind::range: return form("..", e.operands);
    case ExprKind::secret: return form("secret", quoted(e.text));
  }
  return "";
}

std::string part(const TypeExpr& type) {
  switch (type.kind) {
    case TypeExpr::Kind::named: return type.name.text;
    case TypeExpr::Kind::enumeration: return form("enum", type.values);
    case TypeExpr::Kind::optional: return form("?", type.element);
    case TypeExpr::Kind::set: return form("set-of", type.element);
    case TypeExpr::Kind::list: return form("list-of", type.element);
  }
  return "";
}

// ---------------------------------------------------------------------------------------- kinds and objects

std::string part(const Object& o) {
  return form("object", flag(o.planned, "planned"), o.kind, marked("named", o.name), doc(o.doc), o.body.entries);
}
std::string each(const Each& e) { return form("each", e.variable, e.collection, marked("where", e.where), e.body.entries); }
std::string let(const Let& l) {
  return form("let", l.name, doc(l.doc), marked("parameters", part(l.parameters)), marked("type", l.type), l.value);
}

std::string part(const Entry& entry) {
  if (const auto* assign = std::get_if<Assign>(&entry.entry)) return form("=", assign->name, assign->value);
  if (const auto* object = std::get_if<Object>(&entry.entry)) return part(*object);
  return each(std::get<Each>(entry.entry));
}

struct MemberDump {
  std::string operator()(const Field& f) const {
    return form(f.is_state ? "state" : "field", flag(f.lasting, "lasting"), f.name, doc(f.doc), f.type, f.initial);
  }
  std::string operator()(const ReachedBy& r) const { return form("reached-by", r.field); }
  std::string operator()(const Key& k) const { return form("key", k.name, k.type); }
  std::string operator()(const Let& l) const { return let(l); }
  std::string operator()(const Has& h) const { return form("has", h.object, marked("when", h.when)); }
  std::string operator()(const DisruptsWhen& d) const { return form("disrupts-when", d.condition); }
};
std::string part(const Member& member) { return std::visit(MemberDump{}, member); }

// -------------------------------------------------------------------------------------------------- actions

std::string part(const Effect& e) {
  if (e.variable) return form("forall", *e.variable, e.collection, marked("where", part(e.where)), e.body);
  std::string made;
  for (const Assignment& a : e.together) made += (made.empty() ? "" : " ") + form(":=", a.target, a.value);
  return e.together.size() == 1 ? made : form("together", made);
}

constexpr std::array clause_words{"title",    "source",   "requires", "during",  "effect",    "takes",        "timeout", "retry", "fallback", "on",
                                  "uses",     "disrupts", "cost",     "confirm", "privilege", "irreversible", "notice",  "lease", "run"};

std::string run(const Run& r) { return form("run", r.language, marked("from", r.from), r.text); }

std::string part(const Clause& c) {
  return form(clause_words[static_cast<std::size_t>(c.kind)], c.value, c.text, marked("every", c.every), c.effect, c.run ? run(*c.run) : "",
              marked("else", c.otherwise), marked("when", c.when));
}

constexpr std::array wish_words{"title",     "source", "do",       "achieve", "keep",   "leave",   "repair", "tolerate",
                                "withstand", "allow",  "minimize", "at-most", "forbid", "confirm", "window"};

std::string window(const WindowExpr& w) {
  return w.from_day.text + " " + std::to_string(w.from_minute) + " " + w.to_day.text + " " + std::to_string(w.to_minute) +
         (w.zone ? " " + dump(*w.zone) : "");
}

std::string part(const Wish& w) {
  const bool counts = w.kind == WishKind::tolerate || w.kind == WishKind::withstand || w.kind == WishKind::at_most;
  return form(wish_words[static_cast<std::size_t>(w.kind)], counts ? std::to_string(w.number) : "", w.value, flag(w.all_states, "*"), w.text, w.name,
              w.names, w.window ? window(*w.window) : "", marked("else", w.otherwise), marked("when", w.when));
}

constexpr std::array rule_words{"always", "check", "notice"};
std::string part(const RuleClause& c) {
  return form(rule_words[static_cast<std::size_t>(c.kind)], c.condition, marked("else", c.text));
}

constexpr std::array expect_words{"before", "always", "no-plan", "step", "no-step", "retreat", "headroom"};
std::string part(const Expect& e) {
  return form("expect", std::string(expect_words[static_cast<std::size_t>(e.kind)]), e.first, e.second, e.because, e.value);
}

// --------------------------------------------------------------------------------------------- declarations

struct DeclarationDump {
  std::string operator()(const Broken& /*unused*/) const { return "(broken)"; }
  std::string operator()(const Use& u) const { return form("use", u.is_file ? quoted(u.path) : u.path); }
  std::string operator()(const Enum& e) const { return form("enum", e.name, e.values); }
  std::string operator()(const Kind& k) const {
    return form("kind", k.name, marked("in", k.owner), marked("as", k.collection), flag(k.at_most_one, "?"), k.members);
  }
  std::string operator()(const ExtendKind& e) const { return form("extend", e.name, e.members); }
  std::string operator()(const Let& l) const { return let(l); }
  std::string operator()(const Param& p) const { return form("param", p.name, p.type, p.initial); }
  std::string operator()(const Each& e) const { return each(e); }
  std::string operator()(const Object& o) const { return part(o); }
  std::string operator()(const Action& a) const { return form("action", a.name, marked("parameters", part(a.parameters)), a.clauses); }
  std::string operator()(const ExtendAction& a) const { return form("extend-action", a.name, marked("parameters", part(a.parameters)), a.clauses); }
  std::string operator()(const Probe& p) const {
    return form("probe", p.kind.text + "." + p.state.text, marked("on", p.on), run(p.run), marked("every", p.every), marked("as", part(p.as)));
  }
  std::string operator()(const Prelude& p) const { return form("prelude", p.language, marked("on", p.host_kind), p.text); }
  std::string operator()(const Rule& r) const {
    return form("rule", r.name, flag(r.of_steps, "of-steps"), flag(r.warning, "warning"), marked("title", r.title), marked("source", part(r.sources)),
                r.clauses);
  }
  std::string operator()(const Fault& f) const {
    return form("fault", f.name, marked("parameters", part(f.parameters)), marked("title", f.title), f.effects);
  }
  std::string operator()(const Intent& i) const { return form("intent", i.name, marked("parameters", part(i.parameters)), i.wishes); }
  std::string operator()(const Maintenance& m) const { return form("maintenance", m.name, m.wishes); }
  std::string operator()(const Test& t) const { return form("test", t.title, marked("plan", part(t.plan)), marked("with", part(t.with)), t.expectations); }
};

}  // namespace

std::string dump(const Expr& e) { return expression(e); }

std::string dump(const File& file) {
  std::string made;
  for (const Declaration& d : file.declarations) {
    const bool own_doc = std::holds_alternative<Let>(d.what) || std::holds_alternative<Object>(d.what);
    std::string line = std::visit(DeclarationDump{}, d.what);
    if (!d.doc.empty() && !own_doc) line = form("doc", quoted(d.doc), line);
    made += line + "\n";
  }
  return made;
}

}  // namespace exm
