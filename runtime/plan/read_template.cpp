#include "runtime/plan/read_json.h"

namespace exm::plan {

namespace {

Value::Type piece_type(const std::string& name, const std::string& where, Reading& reading) {
  for (int t = 0; t <= static_cast<int>(Value::Type::set); ++t)
    if (type_name(static_cast<Value::Type>(t)) == name) return static_cast<Value::Type>(t);
  reading.fail(where, "unknown type `" + name + "`");
  return Value::Type::none;
}

Value read_piece_value(const std::string& type, const Json& json, const std::string& where, Reading& reading) {
  Value out;
  out.type = piece_type(type, where, reading);
  switch (out.type) {
    case Value::Type::boolean: out.number = read_bool(json, where, reading) ? 1 : 0; break;
    case Value::Type::integer: case Value::Type::duration: out.number = read_integer(json, where, reading); break;
    case Value::Type::none: case Value::Type::unknown: read_text(json, where, reading); break;
    case Value::Type::set:
      out.elements = read_list(json, where, reading, [](const Json& e, const std::string& at, Reading& r) {
        Fields f(e, at, r);
        const Json* t = f.required("type");
        const Json* v = f.required("value");
        return t && v ? read_piece_value(read_text(*t, f.at("type"), r), *v, f.at("value"), r) : Value{};
      });
      break;
    default: out.text = read_text(json, where, reading);
  }
  return out;
}

Piece read_piece(const Json& json, const std::string& where, Reading& reading) {
  if (json.is_string()) return {Piece::Kind::text, json.get<std::string>(), {}, 0};
  Piece out;
  Fields f(json, where, reading);
  if (const Json* type = f.find("type")) {
    out.kind = Piece::Kind::value;
    if (const Json* value = f.required("value"))
      out.value = read_piece_value(read_text(*type, f.at("type"), reading), *value, f.at("value"), reading);
  } else if (const Json* object = f.find("object")) {
    out.kind = Piece::Kind::object;
    out.slot = read_count(*object, f.at("object"), reading);
    if (out.slot < 0 || out.slot > 1'000'000) reading.fail(f.at("object"), "no such slot");
  } else if (const Json* arg = f.find("arg")) {
    out.kind = Piece::Kind::argument;
    out.text = read_text(*arg, f.at("arg"), reading);
  } else if (const Json* secret = f.find("secret")) {
    out.kind = Piece::Kind::secret;
    out.text = read_text(*secret, f.at("secret"), reading);
  } else if (const Json* run = f.find("run")) {
    out.kind = Piece::Kind::run;
    out.text = read_text(*run, f.at("run"), reading);
    if (out.text != "started") reading.fail(f.at("run"), "expected \"started\"");
  } else {
    reading.fail(where, "expected a text or a map with value and type, object, arg, secret or run");
  }
  return out;
}

Command read_command(const Json& json, const std::string& where, Reading& reading) {
  Command out;
  Fields f(json, where, reading);
  if (const Json* command = f.required("command")) out.command = read_command_text(*command, f.at("command"), reading);
  if (const Json* from = f.find("from")) out.from = read_text(*from, f.at("from"), reading);
  return out;
}

Requirement read_requirement(const Json& json, const std::string& where, Reading& reading) {
  if (!json.is_object() || !json.contains("formula")) return {read_expression(json, where, reading), ""};
  Requirement out;
  Fields f(json, where, reading);
  out.formula = read_expression(*f.required("formula"), f.at("formula"), reading);
  if (const Json* otherwise = f.required("else")) out.otherwise = read_text(*otherwise, f.at("else"), reading);
  return out;
}

Assignment read_assignment(const Json& json, const std::string& where, Reading& reading) {
  Assignment out;
  Fields f(json, where, reading);
  if (const Json* set = f.required("set")) out.variable = read_text(*set, f.at("set"), reading);
  if (const Json* to = f.required("to")) out.to = read_expression(*to, f.at("to"), reading);
  if (const Json* when = f.find("when")) out.when = read_expression(*when, f.at("when"), reading);
  return out;
}

Probe read_probe(const Json& json, const std::string& where, Reading& reading) {
  Probe out;
  Fields f(json, where, reading);
  if (const Json* var = f.required("var")) out.variable = read_text(*var, f.at("var"), reading);
  if (const Json* language = f.required("language")) out.language = read_text(*language, f.at("language"), reading);
  if (const Json* command = f.required("command")) out.command.command = read_command_text(*command, f.at("command"), reading);
  if (const Json* from = f.find("from")) out.command.from = read_text(*from, f.at("from"), reading);
  if (const Json* every = f.find("every")) out.every = read_integer(*every, f.at("every"), reading);
  if (const Json* as = f.find("as")) out.as = read_map(*as, f.at("as"), reading, read_value);
  if (out.every < 1) reading.fail(f.at("every"), "expected at least a second");
  return out;
}

Disruption read_disruption(const Json& json, const std::string& where, Reading& reading) {
  Disruption out;
  Fields f(json, where, reading);
  if (const Json* of = f.required("of")) out.whose = read_text(*of, f.at("of"), reading);
  if (const Json* lasts = f.required("for")) out.lasts = read_amount(*lasts, f.at("for"), reading);
  return out;
}

Retry read_retry(const Json& json, const std::string& where, Reading& reading) {
  Retry out;
  Fields f(json, where, reading);
  if (const Json* times = f.required("times")) out.times = read_count(*times, f.at("times"), reading);
  if (const Json* every = f.required("every")) out.every = read_amount(*every, f.at("every"), reading);
  return out;
}

Fallback read_fallback(const Json& json, const std::string& where, Reading& reading) {
  Fallback out;
  Fields f(json, where, reading);
  if (const Json* shape = f.required("template")) out.step_template = read_text(*shape, f.at("template"), reading);
  if (const Json* objects = f.find("objects")) out.objects = read_list(*objects, f.at("objects"), reading, read_text);
  return out;
}

/// What says how a step is run, watched and told of.
void read_running(Fields& f, Template& out) {
  Reading& reading = f.reading();
  if (const Json* run = f.find("run")) out.run = read_map(*run, f.at("run"), reading, read_command);
  if (const Json* probes = f.find("probes")) out.probes = read_list(*probes, f.at("probes"), reading, read_probe);
  if (const Json* takes = f.find("takes")) out.takes = read_integer(*takes, f.at("takes"), reading);
  if (const Json* timeout = f.find("timeout")) out.timeout = read_integer(*timeout, f.at("timeout"), reading);
  if (const Json* retry = f.find("retry")) out.retry = read_retry(*retry, f.at("retry"), reading);
  if (const Json* fallback = f.find("fallback")) out.fallback = read_fallback(*fallback, f.at("fallback"), reading);
  if (const Json* confirm = f.find("confirm")) out.confirm = read_list(*confirm, f.at("confirm"), reading, read_text);
  if (const Json* cost = f.find("cost")) out.cost = read_integer(*cost, f.at("cost"), reading);
  if (const Json* disrupts = f.find("disrupts")) out.disrupts = read_list(*disrupts, f.at("disrupts"), reading, read_disruption);
  if (const Json* final = f.find("irreversible")) out.irreversible = read_bool(*final, f.at("irreversible"), reading);
  if (const Json* privileges = f.find("privileges")) out.privileges = read_list(*privileges, f.at("privileges"), reading, read_text);
  if (const Json* notices = f.find("notices")) out.notices = read_list(*notices, f.at("notices"), reading, read_text);
  if (const Json* lease = f.find("lease")) out.lease = read_map(*lease, f.at("lease"), reading, read_amount);
  if (out.takes < 0 || out.timeout < 0 || out.cost < 0) reading.fail(f.at("takes"), "takes, timeout and cost can't be negative");
  if (out.takes > 100'000'000 || out.timeout > 100'000'000 || out.cost > 1'000'000'000) reading.fail(f.at("takes"), "out of all proportion");
}

}  // namespace

Text read_command_text(const Json& json, const std::string& where, Reading& reading) { return read_list(json, where, reading, read_piece); }

Effect read_effect(const Json& json, const std::string& where, Reading& reading) {
  Effect out;
  if (json.is_array()) {
    out.assignments = read_list(json, where, reading, read_assignment);
    return out;
  }
  Fields f(json, where, reading);
  const Json* sequence = f.find("seq");
  const Json* all = f.find("all");
  if (!sequence == !all) {
    reading.fail(where, "expected a list of assignments, or a map with `seq` or `all`");
    return out;
  }
  out.kind = sequence ? Effect::Kind::sequence : Effect::Kind::any_order;
  out.parts = read_list(sequence ? *sequence : *all, f.at(sequence ? "seq" : "all"), reading, read_effect);
  return out;
}

Template read_template(const Json& json, const std::string& where, Reading& reading) {
  Template out;
  Fields f(json, where, reading);
  if (const Json* action = f.required("action")) out.action = read_text(*action, f.at("action"), reading);
  if (const Json* title = f.required("title")) out.title = read_text(*title, f.at("title"), reading);
  if (const Json* effects = f.required("effects")) out.effects = read_effect(*effects, f.at("effects"), reading);
  if (const Json* on = f.find("on")) out.on = read_text(*on, f.at("on"), reading);
  if (const Json* uses = f.find("uses")) out.uses = read_list(*uses, f.at("uses"), reading, read_text);
  if (const Json* needs = f.find("requires")) out.requires_ = read_list(*needs, f.at("requires"), reading, read_requirement);
  if (const Json* during = f.find("during")) out.during = read_list(*during, f.at("during"), reading, read_assignment);
  read_running(f, out);
  return out;
}

}  // namespace exm::plan
