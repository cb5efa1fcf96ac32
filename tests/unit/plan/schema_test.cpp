#include <catch2/catch.hpp>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "runtime/plan/plan_json.h"

using namespace exm;
using Json = nlohmann::json;

namespace {

std::string file(const char* path) {
  std::ifstream in(std::string(EXM_SOURCE_DIR) + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// As much of JSON Schema as docs/plan.schema.json uses.
class Validator {
 public:
  explicit Validator(const Json& root) : root_(root) {}

  bool fits(const Json& schema, const Json& value) const {
    if (schema.contains("$ref")) return fits(root_.at(Json::json_pointer(schema["$ref"].get<std::string>().substr(1))), value);
    if (schema.contains("anyOf"))
      if (std::none_of(schema["anyOf"].begin(), schema["anyOf"].end(), [&](const Json& s) { return fits(s, value); })) return false;
    if (schema.contains("const") && schema["const"] != value) return false;
    if (schema.contains("enum") && std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end()) return false;
    if (schema.contains("minimum") && value.is_number_integer() && value.get<std::int64_t>() < schema["minimum"].get<std::int64_t>()) return false;
    if (schema.contains("maximum") && value.is_number_integer() && value.get<std::int64_t>() > schema["maximum"].get<std::int64_t>()) return false;
    return !schema.contains("type") || (of_type(schema["type"], value) && map_fits(schema, value) && list_fits(schema, value));
  }

 private:
  static bool of_type(const std::string& type, const Json& value) {
    if (type == "integer") return value.is_number_integer();
    if (type == "array") return value.is_array();
    return type == value.type_name();
  }

  bool map_fits(const Json& schema, const Json& value) const {
    if (!value.is_object()) return true;
    for (const auto& key : schema.value("required", Json::array()))
      if (!value.contains(key.get<std::string>())) return false;
    const Json known = schema.value("properties", Json::object());
    const Json others = schema.value("additionalProperties", Json(true));
    for (const auto& [key, element] : value.items()) {
      if (known.contains(key) ? !fits(known[key], element) : others.is_boolean() ? !others.get<bool>() : !fits(others, element)) return false;
    }
    return true;
  }

  bool list_fits(const Json& schema, const Json& value) const {
    if (!value.is_array()) return true;
    if (value.size() < schema.value("minItems", std::size_t{0}) || value.size() > schema.value("maxItems", ~std::size_t{0})) return false;
    const Json first = schema.value("prefixItems", Json::array());
    for (std::size_t i = 0; i < value.size(); ++i)
      if (i < first.size() ? !fits(first[i], value[i]) : schema.contains("items") && !fits(schema["items"], value[i])) return false;
    return true;
  }

  const Json& root_;
};

/// The example with every key that the format has.
plan::Plan everything() {
  auto read = plan_from_json(file("/tests/unit/plan/plan-example.json"));
  REQUIRE(read);
  plan::Plan p = *read;
  const auto list_of = [](plan::Type type) { return plan::Type{plan::Type::Kind::set, {}, {}, {std::move(type)}}; };
  auto& states = p.kinds["server"].states;
  states["owner"] = {{plan::Type::Kind::optional, {}, {}, {{plan::Type::Kind::reference, {}, "server", {}}}}, plan::none(), true};
  states["ports"] = {list_of({plan::Type::Kind::integer, {}, {}, {}}), plan::Value{plan::Value::Type::set, 0, "", {plan::integer(25)}}, false};
  states["tags"] = {{plan::Type::Kind::list, {}, {}, {{plan::Type::Kind::text, {}, {}, {}}}}, std::nullopt, false};
  const std::pair<const char*, plan::Value> constants[] = {{"ip", {plan::Value::Type::ip, 0, "10.0.0.1", {}}}, {"net", {plan::Value::Type::cidr, 0, "10.0.0.0/8", {}}},
      {"folder", {plan::Value::Type::path, 0, "C:\\Temp", {}}}, {"pause", {plan::Value::Type::duration, 60, "", {}}}};
  const plan::Type::Kind kinds[] = {plan::Type::Kind::ip, plan::Type::Kind::cidr, plan::Type::Kind::path, plan::Type::Kind::duration};
  for (std::size_t i = 0; i < 4; ++i) states[constants[i].first] = {{kinds[i], {}, {}, {}}, constants[i].second, false};
  p.objects["EX3"].start = {{"owner", {plan::Value::Type::reference, 0, "EX4", {}}}, {"tags", plan::unknown()}};
  p.objects["EX3"].restore = {{"owner", plan::none()}};
  p.objects["EX9"] = {"server", {}, {}, true};
  p.preludes["powershell"]["server"] = {{plan::Piece::Kind::text, "Import-Module X", {}, 0}};
  plan::Template& drain = p.templates["drain"];
  drain.requires_[0].otherwise = "the host does not serve";
  plan::Text& command = drain.run["powershell"].command;
  command.push_back({plan::Piece::Kind::argument, "speed", {}, 0});
  command.push_back({plan::Piece::Kind::secret, "admin", {}, 0});
  command.push_back({plan::Piece::Kind::run, "started", {}, 0});
  command.push_back({plan::Piece::Kind::value, "", {plan::Value::Type::set, 0, "", {plan::text("a"), plan::boolean(true)}}, 0});
  drain.run["powershell"].from = "controller";
  drain.probes[0].every = 9;
  drain.probes[0].command.from = "$0";
  drain.retry = plan::Retry{2, 30};
  drain.fallback = plan::Fallback{"hold", {"$0", "$1"}};
  drain.confirm = {"May $0 go?"};
  drain.cost = 3;
  drain.disrupts = {{"$1", 60}};
  drain.irreversible = true;
  drain.privileges = {"administrator"};
  drain.notices = {"slow"};
  drain.lease["$1.mode"] = 600;
  plan::Expression when;
  when.value = plan::boolean(true);
  drain.effects.assignments[0].when = when;
  for (auto& step : p.steps)
    if (step.step_template == "drain") step.args["speed"] = plan::integer(3);
  p.steps[1].acquires = {"out"};
  p.steps[2].releases = {"out"};
  p.steps[1].retreat = "r1";
  p.retreats["r1"] = {{{"start", {"$0", "$1"}, {{"x", plan::none()}}, {{"pace", "speed"}}}}, {{"$0.health", plan::unknown()}}};
  p.rules[0].repaired = true;
  p.limits = {{"wipe"}, 4, {{"out", 1}}, {{5, 1320, 7200, "Europe/Berlin"}}, {{"told", "Told?", "drainstop"}}, 1, {{"power", 1}}, {"install"}};
  p.faults = {{"power", "$0 loses power", {plan::Effect::Kind::any_order, {}, {{plan::Effect::Kind::together, {{"$0.up", when, when}}, {}}}}, {{"EX3"}}}};
  p.faults[0].effects.parts[0].assignments[0].to.value = plan::boolean(false);
  plan::Expression object;
  object.op = plan::Operator::object;
  p.faults[0].effects.parts[0].assignments.push_back({"$0.owner", object, std::nullopt});
  plan::Expression argument;
  argument.op = plan::Operator::argument;
  argument.text = "speed";
  plan::Expression three = when;
  three.value = plan::integer(3);
  plan::Expression same;
  same.op = plan::Operator::equal;
  same.operands = {argument, three};
  drain.requires_.push_back({same, ""});
  p.notices = {"Tell the desk"};
  p.summary = {22, 60, 8640, 24, 9, {plan::Measure::disruption}, {{plan::Measure::disruption, 1}, {plan::Measure::duration, 8000}, {plan::Measure::cost, 22}, {plan::Measure::away, 2}}, {"EX3 out"}};
  return p;
}

void keys_of_schema(const Json& schema, const std::string& name, std::set<std::string>& out) {
  if (schema.is_array())
    for (const auto& s : schema) keys_of_schema(s, name, out);
  if (!schema.is_object()) return;
  for (const auto& [key, part] : schema.items()) {
    if (key == "properties")
      for (const auto& [property, s] : part.items()) {
        out.insert(property);
        keys_of_schema(s, property, out);
      }
    else
      keys_of_schema(part, key, out);
  }
}

void keys_of(const Json& value, std::set<std::string>& out) {
  for (const auto& [key, part] : value.items()) {
    if (value.is_object()) out.insert(key);
    if (part.is_structured()) keys_of(part, out);
  }
}

}  // namespace

TEST_CASE("a plan with every key is written, read and written the same") {
  const std::string text = to_json(everything());
  const auto plan = plan_from_json(text);
  INFO((plan ? "" : plan.error().message));
  REQUIRE(plan);
  CHECK(to_json(*plan) == text);
}

TEST_CASE("the published schema is in step with what is written and read") {
  const Json schema = Json::parse(file("/docs/plan.schema.json"));
  const Validator validator(schema);
  CHECK(validator.fits(schema, Json::parse(file("/tests/unit/plan/plan-example.json"))));
  const Json all = Json::parse(to_json(everything()));
  CHECK(validator.fits(schema, all));
  std::set<std::string> known, written;
  keys_of_schema(schema, "", known);
  keys_of(all, written);
  for (const auto& key : known) {
    INFO("the schema's key " << key);
    CHECK(written.count(key) == 1);
  }
}

TEST_CASE("what the schema refuses, the reader refuses") {
  const Json schema = Json::parse(file("/docs/plan.schema.json"));
  const Validator validator(schema);
  const Json good = Json::parse(to_json(everything()));
  // Every value in turn becomes something else, and every map gets a key too many.
  std::size_t refused = 0;
  const Json flat = good.flatten();
  std::size_t n = 0;
  for (const auto& [pointer, value] : flat.items()) {
    if (++n % 11 != 0) continue;  // a sample: each takes a whole reading
    for (const Json& other : {Json(nullptr), Json(1.5), Json(-7), Json::object({{"odd", 1}})}) {
      Json bad = good;
      bad[Json::json_pointer(pointer)] = other;
      if (validator.fits(schema, bad)) continue;
      ++refused;
      INFO(pointer << " as " << other.dump());
      CHECK_FALSE(plan_from_json(bad.dump(), DigestCheck::ignored));
    }
  }
  CHECK(refused > 100);
}
