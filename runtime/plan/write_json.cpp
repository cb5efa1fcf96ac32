#include "runtime/plan/write_json.h"

#include <array>

namespace exm::plan {

namespace {

constexpr std::array<std::pair<Operator, std::string_view>, 21> operators = {{
    {Operator::and_, "and"}, {Operator::or_, "or"}, {Operator::not_, "not"}, {Operator::equal, "=="}, {Operator::not_equal, "!="},
    {Operator::less, "<"}, {Operator::less_equal, "<="}, {Operator::greater, ">"}, {Operator::greater_equal, ">="},
    {Operator::in, "in"}, {Operator::set, "set"}, {Operator::count, "count"}, {Operator::sum, "sum"}, {Operator::add, "+"},
    {Operator::subtract, "-"}, {Operator::multiply, "*"}, {Operator::divide, "/"}, {Operator::if_, "if"}, {Operator::known, "known"},
    {Operator::constant, ""}, {Operator::variable, ""},
}};

template <class Items>
Json list(const Items& items) {
  Json out = Json::array();
  for (const auto& item : items) out.push_back(write(item));
  return out;
}

template <class T>
void put(Json& out, const char* key, const T& value, const T& usual = {}) {
  if (!(value == usual)) out[key] = value;
}

}  // namespace

Json write(const Command& command) {
  Json out = {{"command", write(command.command)}};
  put(out, "from", command.from);
  return out;
}

Json write(const Requirement& r) {
  if (r.otherwise.empty()) return write(r.formula);
  return {{"else", r.otherwise}, {"formula", write(r.formula)}};
}

Json write(const Probe& probe) {
  Json out = {{"command", write(probe.command.command)}, {"language", probe.language}, {"var", probe.variable}};
  put(out, "from", probe.command.from);
  put(out, "every", probe.every, Seconds{5});
  for (const auto& [text, value] : probe.as) out["as"][text] = write(value);
  return out;
}

Json write(const Disruption& d) { return {{"for", d.lasts}, {"of", d.whose}}; }

Json write(const Piece& piece) {
  switch (piece.kind) {
    case Piece::Kind::text: return piece.text;
    case Piece::Kind::object: return {{"object", piece.slot}};
    case Piece::Kind::argument: return {{"arg", piece.text}};
    case Piece::Kind::secret: return {{"secret", piece.text}};
    case Piece::Kind::run: return {{"run", piece.text}};
    case Piece::Kind::value: break;
  }
  Json value = nullptr;
  switch (piece.value.type) {
    case Value::Type::boolean: value = piece.value.number != 0; break;
    case Value::Type::integer: case Value::Type::duration: value = piece.value.number; break;
    case Value::Type::set:
      value = Json::array();
      for (const auto& e : piece.value.elements) value.push_back(write(Piece{Piece::Kind::value, "", e, 0}));
      break;
    case Value::Type::none: case Value::Type::unknown: value = ""; break;
    default: value = piece.value.text;
  }
  return {{"type", type_name(piece.value.type)}, {"value", value}};
}

Json write(const Formula& formula) {
  Json out = {{"formula", write(formula.formula)}};
  if (!formula.instances.empty()) out["instances"] = formula.instances;
  return out;
}

Json write(const Rule& rule) {
  Json out = write(rule.formula);
  out["id"] = rule.id;
  out["kind"] = rule.kind == Rule::Kind::keep ? "keep" : "always";
  put(out, "title", rule.title);
  put(out, "source", rule.source);
  put(out, "repaired", rule.repaired);
  put(out, "of_steps", rule.of_steps);
  return out;
}

Json write(const Step& step) {
  Json out = {{"id", step.id}, {"template", step.step_template}};
  put(out, "objects", step.objects);
  put(out, "after", step.after);
  put(out, "acquires", step.acquires);
  put(out, "releases", step.releases);
  put(out, "why", step.why);
  put(out, "retreat", step.retreat);
  for (const auto& [name, value] : step.args) out["args"][name] = write(value);
  return out;
}

Json write(const Fault& fault) {
  Json out = {{"effects", write(fault.effects)}, {"id", fault.id}};
  put(out, "title", fault.title);
  if (!fault.instances.empty()) out["instances"] = fault.instances;
  return out;
}

Json write(const Object& object) {
  Json out = {{"kind", object.kind}};
  for (const auto& [name, value] : object.start) out["start"][name] = write(value);
  for (const auto& [name, value] : object.restore) out["restore"][name] = write(value);
  put(out, "planned", object.planned);
  return out;
}

Json write(const Kind& kind) {
  Json states = Json::object();
  for (const auto& [name, state] : kind.states) {
    Json& out = states[name] = {{"type", write(state.type)}};
    if (state.default_value) out["default"] = write(*state.default_value);
    put(out, "lasting", state.lasting);
  }
  return {{"states", states}};
}

Json write(const Limits& limits) {
  Json out = Json::object();
  put(out, "forbid", limits.forbid);
  if (limits.at_most) out["at_most"] = *limits.at_most;
  put(out, "slots", limits.slots);
  for (const auto& w : limits.windows) {
    Json window = {{"length", w.length}, {"minute", w.minute}, {"weekday", w.weekday}};
    put(window, "zone", w.zone);
    out["windows"].push_back(window);
  }
  for (const auto& c : limits.confirms) {
    Json confirm = {{"id", c.id}, {"question", c.question}};
    put(confirm, "before", c.before);
    out["confirms"].push_back(confirm);
  }
  put(out, "tolerate", limits.tolerate);
  for (const auto& w : limits.withstand) out["withstand"].push_back({{"fault", w.fault}, {"n", w.n}});
  put(out, "allow", limits.allow);
  return out;
}

Json write(const Retreat& retreat) {
  Json out = Json::object();
  for (const auto& step : retreat.steps) {
    Json s = {{"template", step.step_template}};
    put(s, "objects", step.objects);
    for (const auto& [name, value] : step.args) s["args"][name] = write(value);
    for (const auto& [name, theirs] : step.given) s["args"][name] = {{"arg", theirs}};
    out["steps"].push_back(s);
  }
  for (const auto& [variable, value] : retreat.open) out["open"][variable] = write(value);
  return out;
}

Json write(const Summary& s) {
  Json out = Json::object();
  put(out, "steps", s.steps);
  put(out, "disruption", s.disruption);
  put(out, "duration", s.duration);
  put(out, "cost", s.cost);
  put(out, "away", s.away);
  put(out, "exposure", s.exposure);
  for (auto m : s.least) out["least"].push_back(name_of(m));
  for (const auto& [m, bound] : s.bounds) out["bounds"][std::string(name_of(m))] = bound;
  return out;
}

namespace {

template <class T>
void put_map(Json& out, const char* key, const std::map<std::string, T>& map) {
  for (const auto& [name, item] : map) out[key][name] = write(item);
}

template <class T>
void put_list(Json& out, const char* key, const std::vector<T>& items) {
  if (!items.empty()) out[key] = list(items);
}

}  // namespace

std::string_view name_of(Operator op) {
  for (const auto& [known, name] : operators)
    if (known == op) return name;
  return "";
}

std::string_view name_of(Free::Why why) {
  constexpr std::string_view names[] = {"lasting", "left", "achieved", "unknown", "planned"};
  return names[static_cast<int>(why)];
}

std::string_view name_of(Measure measure) {
  constexpr std::string_view names[] = {"disruption", "duration", "cost", "away"};
  return names[static_cast<int>(measure)];
}

std::string_view type_name(Value::Type type) {
  constexpr std::string_view names[] = {"unknown", "none", "bool", "int", "string", "duration", "version", "ip", "cidr", "path", "ref", "list"};
  return names[static_cast<int>(type)];
}

Json write(const Value& value) {
  switch (value.type) {
    case Value::Type::unknown: return Json::array({"unknown"});
    case Value::Type::none: return Json::array({"none"});
    case Value::Type::boolean: return value.number != 0;
    case Value::Type::integer: return value.number;
    case Value::Type::text: return value.text;
    case Value::Type::duration: return {{"duration", value.number}};
    case Value::Type::set: {
      Json out = Json::array({"set"});
      for (const auto& e : value.elements) out.push_back(write(e));
      return out;
    }
    default: return {{std::string(type_name(value.type)), value.text}};
  }
}

Json write(const Expression& e) {
  switch (e.op) {
    case Operator::constant: return write(e.value);
    case Operator::variable: return {{"var", e.text}};
    case Operator::argument: return {{"arg", e.text}};
    case Operator::object: return {{"object", e.slot}};
    default: break;
  }
  Json out = Json::array({name_of(e.op)});
  for (const auto& operand : e.operands) out.push_back(write(operand));
  return out;
}

Json write(const Type& type) {
  switch (type.kind) {
    case Type::Kind::boolean: return "bool";
    case Type::Kind::integer: return "int";
    case Type::Kind::text: return "string";
    case Type::Kind::duration: return "duration";
    case Type::Kind::version: return "version";
    case Type::Kind::ip: return "ip";
    case Type::Kind::cidr: return "cidr";
    case Type::Kind::path: return "path";
    case Type::Kind::enumeration: return {{"enum", type.names}};
    case Type::Kind::reference: return {{"ref", type.object_kind}};
    case Type::Kind::optional: return {{"optional", write(type.element.at(0))}};
    case Type::Kind::set: return {{"set", write(type.element.at(0))}};
    case Type::Kind::list: return {{"list", write(type.element.at(0))}};
  }
  return nullptr;
}

Json write(const Text& text) { return list(text); }

Json write(const Assignment& a) {
  Json out = {{"set", a.variable}, {"to", write(a.to)}};
  if (a.when) out["when"] = write(*a.when);
  return out;
}

Json write(const Effect& effect) {
  switch (effect.kind) {
    case Effect::Kind::together: return list(effect.assignments);
    case Effect::Kind::sequence: return {{"seq", list(effect.parts)}};
    case Effect::Kind::any_order: return {{"all", list(effect.parts)}};
  }
  return nullptr;
}

Json write(const Template& t) {
  Json out = {{"action", t.action}, {"effects", write(t.effects)}, {"title", t.title}};
  put(out, "on", t.on);
  put(out, "uses", t.uses);
  put_list(out, "requires", t.requires_);
  put_list(out, "during", t.during);
  put_map(out, "run", t.run);
  put_list(out, "probes", t.probes);
  put(out, "takes", t.takes);
  put(out, "timeout", t.timeout);
  if (t.retry) out["retry"] = {{"every", t.retry->every}, {"times", t.retry->times}};
  if (t.fallback) {
    out["fallback"] = {{"template", t.fallback->step_template}};
    put(out["fallback"], "objects", t.fallback->objects);
  }
  put(out, "confirm", t.confirm);
  put(out, "cost", t.cost, std::int64_t{1});
  put_list(out, "disrupts", t.disrupts);
  put(out, "irreversible", t.irreversible);
  put(out, "privileges", t.privileges);
  put(out, "notices", t.notices);
  put(out, "lease", t.lease);
  return out;
}

Json write(const Plan& p) {
  Json out = {{"digest", p.digest}, {"format", "exm-plan/1"}, {"maintenance", p.maintenance}};
  put(out, "title", p.title);
  for (const auto& s : p.sources) out["sources"].push_back({{"path", s.path}, {"sha256", s.sha256}});
  put_map(out, "kinds", p.kinds);
  put_list(out, "disrupts_when", p.disrupts_when);
  put_map(out, "objects", p.objects);
  for (const auto& [name, host] : p.hosts) out["hosts"][name] = {{"address", host.address}};
  for (const auto& [language, kinds] : p.preludes)
    for (const auto& [kind, text] : kinds) out["preludes"][language][kind] = write(text);
  for (const auto& [variable, f] : p.free) out["free"][variable] = {{"ends", write(f.ends)}, {"why", name_of(f.why)}};
  put_map(out, "templates", p.templates);
  put_list(out, "steps", p.steps);
  put_list(out, "rules", p.rules);
  put_list(out, "achieve", p.achieve);
  if (Json limits = write(p.limits); !limits.empty()) out["limits"] = std::move(limits);
  put_list(out, "faults", p.faults);
  for (auto m : p.minimize) out["minimize"].push_back(name_of(m));
  put(out, "notices", p.notices);
  put_map(out, "retreats", p.retreats);
  if (Json summary = write(p.summary); !summary.empty()) out["summary"] = std::move(summary);
  return out;
}

std::string compact(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

namespace {

void put_line(const Json& json, std::string& out) {
  if (!json.is_structured() || json.empty()) {
    out += compact(json);
    return;
  }
  const bool map = json.is_object();
  out += map ? '{' : '[';
  bool first = true;
  for (const auto& [key, value] : json.items()) {
    if (!first) out += ", ";
    first = false;
    if (map) out += compact(Json(key)) + ": ";
    put_line(value, out);
  }
  out += map ? '}' : ']';
}

}  // namespace

std::string canonical(const Json& json) {
  std::string out = "{\n";
  bool first = true;
  for (const auto& [key, value] : json.items()) {
    if (!first) out += ",\n";
    first = false;
    out += "  " + compact(Json(key)) + ": ";
    if (!value.is_structured() || value.empty()) {
      out += compact(value);
      continue;
    }
    const bool map = value.is_object();
    out += map ? "{" : "[";
    bool first_element = true;
    for (const auto& [name, element] : value.items()) {
      out += first_element ? "\n    " : ",\n    ";
      first_element = false;
      if (map) out += compact(Json(name)) + ": ";
      put_line(element, out);
    }
    out += map ? "\n  }" : "\n  ]";
  }
  return out + "\n}\n";
}

}  // namespace exm::plan
