#include "runtime/plan/read_json.h"

namespace exm::plan {

namespace {

template <class E, std::size_t N>
E read_name(const Json& json, const std::string& where, Reading& reading, const E (&all)[N], std::string_view (*name)(E)) {
  const std::string text = read_text(json, where, reading);
  for (E e : all)
    if (name(e) == text) return e;
  reading.fail(where, "unknown name `" + text + "`");
  return all[0];
}

Measure read_measure(const Json& json, const std::string& where, Reading& reading) {
  constexpr Measure all[] = {Measure::disruption, Measure::duration, Measure::cost, Measure::away};
  return read_name<Measure>(json, where, reading, all, name_of);
}

std::vector<std::string> read_texts(const Json& json, const std::string& where, Reading& reading) {
  return read_list(json, where, reading, read_text);
}

SourceFile read_source(const Json& json, const std::string& where, Reading& reading) {
  SourceFile out;
  Fields f(json, where, reading);
  if (const Json* path = f.required("path")) out.path = read_text(*path, f.at("path"), reading);
  if (const Json* hash = f.required("sha256")) out.sha256 = read_text(*hash, f.at("sha256"), reading);
  if (out.sha256.size() != 64 || out.sha256.find_first_not_of("0123456789abcdef") != std::string::npos)
    reading.fail(f.at("sha256"), "expected 64 hex digits");
  return out;
}

State read_state(const Json& json, const std::string& where, Reading& reading) {
  State out;
  Fields f(json, where, reading);
  if (const Json* type = f.required("type")) out.type = read_type(*type, f.at("type"), reading);
  if (const Json* usual = f.find("default")) out.default_value = read_value(*usual, f.at("default"), reading);
  if (const Json* lasting = f.find("lasting")) out.lasting = read_bool(*lasting, f.at("lasting"), reading);
  return out;
}

Kind read_kind(const Json& json, const std::string& where, Reading& reading) {
  Kind out;
  Fields f(json, where, reading);
  if (const Json* states = f.required("states")) out.states = read_map(*states, f.at("states"), reading, read_state);
  return out;
}

Formula read_formula(Fields& f) {
  Formula out;
  if (const Json* formula = f.required("formula")) out.formula = read_expression(*formula, f.at("formula"), f.reading());
  if (const Json* instances = f.find("instances")) out.instances = read_list(*instances, f.at("instances"), f.reading(), read_texts);
  return out;
}

Object read_object(const Json& json, const std::string& where, Reading& reading) {
  Object out;
  Fields f(json, where, reading);
  if (const Json* kind = f.required("kind")) out.kind = read_text(*kind, f.at("kind"), reading);
  if (const Json* start = f.find("start")) out.start = read_map(*start, f.at("start"), reading, read_value);
  if (const Json* restore = f.find("restore")) out.restore = read_map(*restore, f.at("restore"), reading, read_value);
  if (const Json* planned = f.find("planned")) out.planned = read_bool(*planned, f.at("planned"), reading);
  return out;
}

Host read_host(const Json& json, const std::string& where, Reading& reading) {
  Host out;
  Fields f(json, where, reading);
  if (const Json* address = f.required("address")) out.address = read_text(*address, f.at("address"), reading);
  return out;
}

Free read_free(const Json& json, const std::string& where, Reading& reading) {
  constexpr Free::Why all[] = {Free::Why::lasting, Free::Why::left, Free::Why::achieved, Free::Why::unknown, Free::Why::planned};
  Free out;
  Fields f(json, where, reading);
  if (const Json* why = f.required("why")) out.why = read_name<Free::Why>(*why, f.at("why"), reading, all, name_of);
  if (const Json* ends = f.required("ends")) out.ends = read_value(*ends, f.at("ends"), reading);
  return out;
}

Step read_step(const Json& json, const std::string& where, Reading& reading) {
  Step out;
  Fields f(json, where, reading);
  if (const Json* id = f.required("id")) out.id = read_text(*id, f.at("id"), reading);
  if (const Json* shape = f.required("template")) out.step_template = read_text(*shape, f.at("template"), reading);
  if (const Json* objects = f.find("objects")) out.objects = read_texts(*objects, f.at("objects"), reading);
  if (const Json* args = f.find("args")) out.args = read_map(*args, f.at("args"), reading, read_value);
  if (const Json* after = f.find("after")) out.after = read_texts(*after, f.at("after"), reading);
  if (const Json* acquires = f.find("acquires")) out.acquires = read_texts(*acquires, f.at("acquires"), reading);
  if (const Json* releases = f.find("releases")) out.releases = read_texts(*releases, f.at("releases"), reading);
  if (const Json* why = f.find("why")) out.why = read_text(*why, f.at("why"), reading);
  if (const Json* retreat = f.find("retreat")) out.retreat = read_text(*retreat, f.at("retreat"), reading);
  return out;
}

Rule read_rule(const Json& json, const std::string& where, Reading& reading) {
  Rule out;
  Fields f(json, where, reading);
  out.formula = read_formula(f);
  if (const Json* id = f.required("id")) out.id = read_text(*id, f.at("id"), reading);
  if (const Json* title = f.find("title")) out.title = read_text(*title, f.at("title"), reading);
  if (const Json* source = f.find("source")) out.source = read_text(*source, f.at("source"), reading);
  if (const Json* repaired = f.find("repaired")) out.repaired = read_bool(*repaired, f.at("repaired"), reading);
  if (const Json* of_steps = f.find("of_steps")) out.of_steps = read_bool(*of_steps, f.at("of_steps"), reading);
  if (const Json* kind = f.required("kind")) {
    const std::string name = read_text(*kind, f.at("kind"), reading);
    if (name != "always" && name != "keep") reading.fail(f.at("kind"), "expected always or keep, found `" + name + "`");
    out.kind = name == "keep" ? Rule::Kind::keep : Rule::Kind::always;
  }
  return out;
}

Window read_window(const Json& json, const std::string& where, Reading& reading) {
  Window out;
  Fields f(json, where, reading);
  if (const Json* weekday = f.required("weekday")) out.weekday = read_count(*weekday, f.at("weekday"), reading);
  if (const Json* minute = f.required("minute")) out.minute = read_count(*minute, f.at("minute"), reading);
  if (const Json* length = f.required("length")) out.length = read_integer(*length, f.at("length"), reading);
  if (const Json* zone = f.find("zone")) out.zone = read_text(*zone, f.at("zone"), reading);
  if (out.weekday < 0 || out.weekday > 6 || out.minute < 0 || out.minute >= 24 * 60 || out.length < 1) reading.fail(where, "no such window");
  return out;
}

Confirm read_confirm(const Json& json, const std::string& where, Reading& reading) {
  Confirm out;
  Fields f(json, where, reading);
  if (const Json* id = f.required("id")) out.id = read_text(*id, f.at("id"), reading);
  if (const Json* question = f.required("question")) out.question = read_text(*question, f.at("question"), reading);
  if (const Json* before = f.find("before")) out.before = read_text(*before, f.at("before"), reading);
  return out;
}

Withstand read_withstand(const Json& json, const std::string& where, Reading& reading) {
  Withstand out;
  Fields f(json, where, reading);
  if (const Json* fault = f.required("fault")) out.fault = read_text(*fault, f.at("fault"), reading);
  if (const Json* n = f.required("n")) out.n = read_count(*n, f.at("n"), reading);
  return out;
}

Limits read_limits(const Json& json, const std::string& where, Reading& reading) {
  Limits out;
  Fields f(json, where, reading);
  if (const Json* forbid = f.find("forbid")) out.forbid = read_texts(*forbid, f.at("forbid"), reading);
  if (const Json* at_most = f.find("at_most")) out.at_most = read_count(*at_most, f.at("at_most"), reading);
  if (const Json* slots = f.find("slots")) out.slots = read_map(*slots, f.at("slots"), reading, read_count);
  if (const Json* windows = f.find("windows")) out.windows = read_list(*windows, f.at("windows"), reading, read_window);
  if (const Json* confirms = f.find("confirms")) out.confirms = read_list(*confirms, f.at("confirms"), reading, read_confirm);
  if (const Json* tolerate = f.find("tolerate")) out.tolerate = read_count(*tolerate, f.at("tolerate"), reading);
  if (const Json* withstand = f.find("withstand")) out.withstand = read_list(*withstand, f.at("withstand"), reading, read_withstand);
  if (const Json* allow = f.find("allow")) out.allow = read_texts(*allow, f.at("allow"), reading);
  return out;
}

Fault read_fault(const Json& json, const std::string& where, Reading& reading) {
  Fault out;
  Fields f(json, where, reading);
  if (const Json* id = f.required("id")) out.id = read_text(*id, f.at("id"), reading);
  if (const Json* title = f.find("title")) out.title = read_text(*title, f.at("title"), reading);
  if (const Json* effects = f.required("effects")) out.effects = read_effect(*effects, f.at("effects"), reading);
  if (const Json* instances = f.find("instances")) out.instances = read_list(*instances, f.at("instances"), reading, read_texts);
  return out;
}

RetreatStep read_retreat_step(const Json& json, const std::string& where, Reading& reading) {
  RetreatStep out;
  Fields f(json, where, reading);
  if (const Json* shape = f.required("template")) out.step_template = read_text(*shape, f.at("template"), reading);
  if (const Json* objects = f.find("objects")) out.objects = read_texts(*objects, f.at("objects"), reading);
  const auto is_given = [](const Json& value) { return value.is_object() && value.contains("arg"); };
  if (const Json* args = f.find("args")) {
    Json own = *args;
    if (args->is_object())
      for (const auto& [name, value] : args->items())
        if (is_given(value)) {
          Fields given(value, f.at("args") + "." + name, reading);
          out.given[name] = read_text(*given.required("arg"), given.at("arg"), reading);
          own.erase(name);
        }
    out.args = read_map(own, f.at("args"), reading, read_value);
  }
  return out;
}

Retreat read_retreat(const Json& json, const std::string& where, Reading& reading) {
  Retreat out;
  Fields f(json, where, reading);
  if (const Json* steps = f.find("steps")) out.steps = read_list(*steps, f.at("steps"), reading, read_retreat_step);
  if (const Json* open = f.find("open")) out.open = read_map(*open, f.at("open"), reading, read_value);
  return out;
}

Summary read_summary(const Json& json, const std::string& where, Reading& reading) {
  Summary out;
  Fields f(json, where, reading);
  if (const Json* steps = f.find("steps")) out.steps = read_amount(*steps, f.at("steps"), reading);
  if (const Json* disruption = f.find("disruption")) out.disruption = read_amount(*disruption, f.at("disruption"), reading);
  if (const Json* duration = f.find("duration")) out.duration = read_amount(*duration, f.at("duration"), reading);
  if (const Json* cost = f.find("cost")) out.cost = read_amount(*cost, f.at("cost"), reading);
  if (const Json* away = f.find("away")) out.away = read_amount(*away, f.at("away"), reading);
  if (const Json* least = f.find("least")) out.least = read_list(*least, f.at("least"), reading, read_measure);
  if (const Json* exposure = f.find("exposure")) out.exposure = read_texts(*exposure, f.at("exposure"), reading);
  if (const Json* bounds = f.find("bounds"))
    for (const auto& [name, n] : read_map(*bounds, f.at("bounds"), reading, read_amount))
      out.bounds[read_measure(Json(name), f.at("bounds"), reading)] = n;
  return out;
}

Formula read_disrupts_when(const Json& json, const std::string& where, Reading& reading) {
  Fields f(json, where, reading);
  return read_formula(f);
}

std::map<std::string, Text> read_preludes(const Json& json, const std::string& where, Reading& reading) {
  return read_map(json, where, reading, read_command_text);
}

/// What the world is: kinds, objects, hosts.
void read_world(Fields& f, Plan& out) {
  Reading& reading = f.reading();
  if (const Json* kinds = f.find("kinds")) out.kinds = read_map(*kinds, "kinds", reading, read_kind);
  if (const Json* objects = f.find("objects")) out.objects = read_map(*objects, "objects", reading, read_object);
  if (const Json* hosts = f.find("hosts")) out.hosts = read_map(*hosts, "hosts", reading, read_host);
  if (const Json* preludes = f.find("preludes")) out.preludes = read_map(*preludes, "preludes", reading, read_preludes);
  if (const Json* free = f.find("free")) out.free = read_map(*free, "free", reading, read_free);
  if (const Json* disrupts = f.find("disrupts_when")) out.disrupts_when = read_list(*disrupts, "disrupts_when", reading, read_disrupts_when);
  if (const Json* faults = f.find("faults")) out.faults = read_list(*faults, "faults", reading, read_fault);
}

}  // namespace

Plan read_plan(const Json& json, Reading& reading) {
  Plan out;
  Fields f(json, "", reading);
  if (const Json* format = f.required("format"); format && *format != "exm-plan/1")
    reading.fail("format", "expected \"exm-plan/1\": this program reads no other");
  if (const Json* digest = f.required("digest")) out.digest = read_text(*digest, "digest", reading);
  if (const Json* maintenance = f.required("maintenance")) out.maintenance = read_text(*maintenance, "maintenance", reading);
  if (const Json* title = f.find("title")) out.title = read_text(*title, "title", reading);
  if (const Json* sources = f.find("sources")) out.sources = read_list(*sources, "sources", reading, read_source);
  read_world(f, out);
  if (const Json* templates = f.find("templates")) out.templates = read_map(*templates, "templates", reading, read_template);
  if (const Json* steps = f.find("steps")) out.steps = read_list(*steps, "steps", reading, read_step);
  if (const Json* rules = f.find("rules")) out.rules = read_list(*rules, "rules", reading, read_rule);
  if (const Json* achieve = f.find("achieve")) out.achieve = read_list(*achieve, "achieve", reading, read_expression);
  if (const Json* limits = f.find("limits")) out.limits = read_limits(*limits, "limits", reading);
  if (const Json* minimize = f.find("minimize")) out.minimize = read_list(*minimize, "minimize", reading, read_measure);
  if (const Json* notices = f.find("notices")) out.notices = read_texts(*notices, "notices", reading);
  if (const Json* retreats = f.find("retreats")) out.retreats = read_map(*retreats, "retreats", reading, read_retreat);
  if (const Json* summary = f.find("summary")) out.summary = read_summary(*summary, "summary", reading);
  return out;
}

}  // namespace exm::plan
