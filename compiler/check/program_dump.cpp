#include "compiler/check/program_dump.h"

#include <fmt/format.h>

#include "compiler/check/evaluate.h"

namespace exm {

namespace {
using namespace program;

class Dumper {
 public:
  explicit Dumper(const Program& program) : p_(program) {}

  std::string dump() {
    for (const Enum& e : p_.enums)
      if (!e.name.empty()) line("(enum {} {})", e.name, fmt::join(e.values, " "));
    for (const Kind& kind : p_.kinds) dump(kind);
    for (const Let& let : p_.lets)
      if (!let.kind) line("(let {}({}) : {} = {})", let.name, parameters(let.parameters), type(let.value.type), expr(let.value));
    for (const Object& object : p_.objects) dump(object);
    for (const Action& action : p_.actions) dump(action);
    for (const Prelude& prelude : p_.preludes)
      line("(prelude {}{} {})", prelude.language, prelude.host_kind ? " on " + p_.kinds[prelude.host_kind].name : "", expr(prelude.text));
    for (const Rule& rule : p_.rules) dump(rule);
    for (const Fault& fault : p_.faults) {
      line("(fault {}({})", fault.name, parameters(fault.parameters));
      for (const Effect& e : fault.effects) line("  (effect {})", effect(e));
      close();
    }
    for (const Intent& intent : p_.intents) {
      line("(intent {}({})", intent.name, parameters(intent.parameters));
      dump(intent.wishes);
      close();
    }
    for (const Maintenance& maintenance : p_.maintenances) {
      line("(maintenance {}", maintenance.name);
      dump(maintenance.wishes);
      close();
    }
    for (const Test& test : p_.tests) dump(test);
    return std::move(out_);
  }

 private:
  template <class... Args>
  void line(fmt::format_string<Args...> format, Args&&... args) {
    out_ += fmt::format(format, std::forward<Args>(args)...) + "\n";
  }

  void close() { out_.insert(out_.size() - 1, ")"); }

  std::string expr(const Expr& e) const { return to_text(p_, e, {}); }
  std::string condition(const std::optional<Expr>& when) const { return when ? " when " + expr(*when) : ""; }

  std::string type(const Type& t) const {
    static constexpr const char* words[] = {"poison", "bool", "int", "string", "duration", "version", "ip", "cidr", "path"};
    switch (t.tag) {
      case Type::Tag::enumeration: {
        const Enum& e = p_.enums[t.enumeration];
        return e.name.empty() ? fmt::format("enum {{ {} }}", fmt::join(e.values, ", ")) : e.name;
      }
      case Type::Tag::object: return t.kind ? p_.kinds[t.kind].name : "object";
      case Type::Tag::optional: return type(t.element[0]) + "?";
      case Type::Tag::set: return "set of " + type(t.element[0]);
      case Type::Tag::list: return "list of " + type(t.element[0]);
      case Type::Tag::none: return "none";
      default: return words[static_cast<std::size_t>(t.tag)];
    }
  }

  std::string parameters(const std::vector<Local>& locals) const {
    std::string text;
    for (const Local& l : locals) text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", l.name, type(l.type));
    return text;
  }

  void dump(const Kind& kind) {
    line("(kind {}{}{}", kind.name, kind.owner ? fmt::format(" in {} as {}", p_.kinds[kind.owner].name, kind.collection) : "", kind.at_most_one ? "?" : "");
    for (const Id<Field> id : kind.fields) {
      const Field& f = p_.fields[id];
      const std::string_view sort = id == kind.key ? "key" : f.lasting ? "lasting" : f.is_state ? "state" : "fact";
      if (f.name != "exists") line("  ({} {} : {}{})", sort, f.name, type(f.type), f.initial ? " = " + expr(*f.initial) : "");
    }
    if (kind.reached_by) line("  (reached by {})", p_.fields[kind.reached_by].name);
    for (const auto& [name, id] : kind.lets) line("  (let {} : {} = {})", name, type(p_.lets[id].value.type), expr(p_.lets[id].value));
    for (const Disrupts& d : kind.disrupts) line("  (disrupts when {})", expr(d.condition));
    for (const Probe& probe : kind.probes) {
      line("  (probe {} {}{}{} every {}s {}", p_.fields[probe.state].name, probe.language, probe.on ? " on " + expr(*probe.on) : "",
           from(probe.from_controller, probe.from), probe.every, expr(probe.text));
      for (const auto& [text, value] : probe.as) line("    (as {} {})", text, to_text(p_, value));
      close();
    }
    close();
  }

  std::string from(bool controller, const std::optional<Expr>& where) const {
    return controller ? " from controller" : where ? " from " + expr(*where) : "";
  }

  void dump(const Object& object) {
    line("({}{} {}", object.planned ? "planned " : "", p_.kinds[object.kind].name, object.path);
    for (const Id<Field> f : p_.kinds[object.kind].fields) {
      const auto value = object.values.find(f);
      if (p_.fields[f].name != "exists" && value != object.values.end()) line("  ({} {})", p_.fields[f].name, to_text(p_, value->second));
    }
    close();
  }

  std::string effect(const Effect& e) const {
    std::string text;
    if (e.local) {
      text = fmt::format("forall {} in {}", e.variable, expr(e.collection[0]));
      if (!e.where.empty()) text += " where " + expr(e.where[0]);
      for (const Effect& inner : e.body) text += ": " + effect(inner);
      return text + condition(e.when);
    }
    for (const Assignment& a : e.together)
      text += fmt::format("{}{}.{} := {}{}", text.empty() ? "" : ", ", expr(a.object), p_.fields[a.state].name, expr(a.value), condition(a.when));
    return text + condition(e.when);
  }

  void conditionals(std::string_view word, const std::vector<Conditional>& all) {
    for (const Conditional& c : all) line("  ({} {}{})", word, expr(c.value), condition(c.when));
  }

  void dump(const Action& action) {
    line("(action {}({})", action.name, parameters(action.parameters));
    if (action.title) line("  (title {})", expr(*action.title));
    if (action.on) line("  (on {})", expr(*action.on));
    if (action.takes) line("  (takes {}{})", expr(action.takes->value), condition(action.takes->when));
    if (action.timeout) line("  (timeout {}{})", expr(action.timeout->value), condition(action.timeout->when));
    if (action.retry_times > 0) line("  (retry {} every {}s)", action.retry_times, action.retry_every);
    if (action.fallback) line("  (fallback {})", call(*action.fallback, p_.actions));
    for (const Part& part : action.parts) dump(part);
    for (const Run& run : action.run) line("  (run {}{} {})", run.language, from(run.from_controller, run.from), expr(run.text));
    close();
  }

  void dump(const Part& part) {
    if (part.extension) line("  (extension)");
    for (const Requirement& r : part.requires_)
      line("  (requires {}{}{})", expr(r.condition), r.otherwise ? " else " + expr(*r.otherwise) : "", condition(r.when));
    for (const Effect& e : part.during) line("  (during {})", effect(e));
    for (const Effect& e : part.effects) line("  (effect {})", effect(e));
    for (const TimedDisruption& d : part.disrupts) line("  (disrupts {} for {}{})", expr(d.whose), expr(d.lasts), condition(d.when));
    conditionals("uses", part.uses);
    conditionals("confirm", part.confirms);
    conditionals("privilege", part.privileges);
    conditionals("notice", part.notices);
    conditionals("irreversible", part.irreversible);
    conditionals("cost", part.cost);
    conditionals("lease", part.lease);
  }

  template <class T>
  std::string call(const Call<T>& c, const Table<T>& table) const {
    std::string text = c.callee ? table[c.callee].name + "(" : "?(";
    for (const Expr& a : c.arguments) text += (text.back() == '(' ? "" : ", ") + expr(a);
    return text + ")";
  }

  void dump(const Rule& rule) {
    line("(rule {}{}{}", rule.name, rule.of_steps ? " of steps" : "", rule.warning ? " warning" : "");
    for (const RuleClause& c : rule.clauses) {
      static constexpr const char* words[] = {"always", "check", "notice"};
      line("  ({} {}{})", words[static_cast<std::size_t>(c.kind)], expr(c.condition), c.text ? " else " + expr(*c.text) : "");
    }
    close();
  }

  void dump(const Wishes& w) {
    static constexpr const char* measures[] = {"disruption", "duration", "cost", "away"};
    for (const auto& c : w.do_) line("  (do {})", call(c, p_.intents));
    for (const Wish& a : w.achieve) line("  (achieve {}{})", expr(a.condition), condition(a.when));
    for (const Wish& k : w.keep) line("  (keep {}{})", expr(k.condition), condition(k.when));
    for (const Leave& l : w.leave) line("  (leave {}.{})", expr(l.objects), l.state ? p_.fields[l.state].name : "*");
    for (const auto& r : w.repair) line("  (repair {})", r.what ? p_.rules[r.what].name : "?");
    if (w.tolerate) line("  (tolerate {})", w.tolerate->n);
    for (const auto& f : w.withstand) line("  (withstand {} {})", f.n, f.what ? p_.faults[f.what].name : "?");
    for (const auto& a : w.allow_no_retreat) line("  (allow no retreat from {})", a.what ? p_.actions[a.what].name : "?");
    for (const Measure m : w.minimize) line("  (minimize {})", measures[static_cast<std::size_t>(m)]);
    if (w.at_most) line("  (at most {})", w.at_most->n);
    for (const auto& f : w.forbid) line("  (forbid {})", f.what ? p_.actions[f.what].name : "?");
    for (const Confirm& c : w.confirms) line("  (confirm {}{})", expr(c.question), c.before ? " before " + p_.actions[c.before].name : "");
    for (const Window& x : w.windows) line("  (window {} {}{})", x.from_minute, x.to_minute, x.zone.empty() ? "" : " " + x.zone);
  }

  void dump(const Test& test) {
    static constexpr const char* words[] = {"before", "always", "no plan", "step", "no step", "retreat", "headroom"};
    line("(test \"{}\" {}", test.title, test.maintenance ? p_.maintenances[test.maintenance].name : "?");
    dump(test.with);
    for (const Expect& e : test.expectations) {
      line("  (expect {}{}{}{}{})", words[static_cast<std::size_t>(e.kind)], e.first ? " " + call(*e.first, p_.actions) : "",
           e.second ? " " + call(*e.second, p_.actions) : "", e.value ? " " + expr(*e.value) : "", e.because.empty() ? "" : " because " + e.because);
    }
    close();
  }

  const Program& p_;
  std::string out_;
};
}  // namespace

std::string dump(const program::Program& program) { return Dumper(program).dump(); }

}  // namespace exm
