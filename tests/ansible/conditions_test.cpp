// The conditions of a playbook against the evaluator of the checker: random formulas in random worlds, told by Ansible's own templates.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <random>

#include "runtime/adapter/value_text.h"
#include "runtime/show/ansible_conditions.h"
#include "runtime/verify/evaluate.h"
#include "tests/ansible/ground.h"

using namespace exm;
using namespace exm::cli;
using plan::Expression;
using plan::Operator;
using plan::Value;

namespace {

using Random = std::mt19937;
using Kind = plan::Type::Kind;

const std::vector<std::string> names{"x.on", "x.mode", "x.count", "x.build", "x.word", "x.maybe", "y.on", "y.count"};

plan::Type type_of_state(const std::string& name) {
  const std::string state = name.substr(2);
  plan::Type type;
  if (state == "mode") type.kind = Kind::enumeration, type.names = {"started", "stopped", "draining"};
  if (state == "count") type.kind = Kind::integer;
  if (state == "build") type.kind = Kind::version;
  if (state == "word") type.kind = Kind::text;
  if (state == "maybe") type.kind = Kind::optional, type.element = {plan::Type{Kind::text, {}, {}, {}}};
  return type;
}

Value some_value(const std::string& name, Random& random) {
  static const std::vector<std::string> words{"a", "{{ 1 / 0 }}", "it's \"so\"", "a.b\\Z", "", "none of it"};
  switch (type_of_state(name).kind) {
    case Kind::boolean: return plan::boolean(random() % 2 == 0);
    case Kind::integer: return plan::integer(static_cast<std::int64_t>(random() % 5) - 1);
    case Kind::version: return {Value::Type::version, 0, std::vector<std::string>{"1", "1.0", "14.1.218", "14.1", "1.2"}[random() % 5], {}};
    case Kind::enumeration: return plan::text(type_of_state(name).names[random() % 3]);
    case Kind::optional: return random() % 3 == 0 ? plan::none() : plan::text(words[random() % 4]);
    default: return plan::text(words[random() % words.size()]);
  }
}

Expression constant(const Value& value) { return {Operator::constant, value, {}, 0, {}}; }
Expression variable(const std::string& name) { return {Operator::variable, {}, name, 0, {}}; }

Expression formula(int depth, Random& random);

Expression number(int depth, Random& random) {
  switch (random() % (depth > 0 ? 5 : 2)) {
    case 0: return constant(plan::integer(static_cast<std::int64_t>(random() % 5) - 1));
    case 1: return variable(random() % 2 == 0 ? "x.count" : "y.count");
    case 2: return {Operator::count, {}, {}, 0, {formula(depth - 1, random), formula(depth - 1, random), formula(depth - 1, random)}};
    case 3: return {Operator::sum, {}, {}, 0, {{Operator::if_, {}, {}, 0, {formula(depth - 1, random), constant(plan::integer(2)), constant(plan::integer(0))}}, number(depth - 1, random)}};
    default: return {Operator::add, {}, {}, 0, {number(depth - 1, random), number(depth - 1, random)}};
  }
}

Expression formula(int depth, Random& random) {
  const std::string name = names[random() % names.size()];
  const std::size_t choice = random() % (depth > 0 ? 10 : 5);
  switch (choice) {
    case 0: return variable(random() % 2 == 0 ? "x.on" : "y.on");
    case 1: return {Operator::equal, {}, {}, 0, {variable(name), constant(some_value(name, random))}};
    case 2: return {Operator::not_equal, {}, {}, 0, {variable(name), constant(some_value(name, random))}};
    case 3: return {Operator::in, {}, {}, 0, {variable(name), {Operator::set, {}, {}, 0, {constant(some_value(name, random)), constant(some_value(name, random))}}}};
    case 4: return {Operator::known, {}, {}, 0, {variable(name)}};
    case 5: return {Operator::not_, {}, {}, 0, {formula(depth - 1, random)}};
    case 6: return {Operator::and_, {}, {}, 0, {formula(depth - 1, random), formula(depth - 1, random)}};
    case 7: return {Operator::or_, {}, {}, 0, {formula(depth - 1, random), formula(depth - 1, random)}};
    default: {
      constexpr Operator signs[] = {Operator::less, Operator::less_equal, Operator::greater, Operator::greater_equal};
      return {signs[random() % 4], {}, {}, 0, {number(depth - 1, random), number(depth - 1, random)}};
    }
  }
}

const char* const judge = R"(
import json, sys
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar
from ansible.utils.unsafe_proxy import wrap_var
for line in open(sys.argv[1]):
    case = json.loads(line)
    templar = Templar(loader=DataLoader(), variables={"exm_look": wrap_var({"results": case["looks"]})})
    print(templar.template("{% if " + case["condition"] + " %}yes{% else %}no{% endif %}"))
)";

}  // namespace

TEST_CASE("ansible: a condition holds where the formula is known to hold, and nowhere else") {
  if (!ansible_is_there()) return;
  Random random(4);
  const Folder folder;
  std::string cases;
  std::vector<bool> wanted;
  std::vector<std::string> told;
  for (int round = 0; round < 3000; ++round) {
    show::PlaybookStep step;
    World world;
    nlohmann::json looks = nlohmann::json::array();
    for (const std::string& name : names) {
      show::PlaybookLook look;
      look.probe.variable = name;
      look.type = type_of_state(name);
      const bool fails = random() % 6 == 0;
      std::string text = random() % 8 == 0 ? "gar{{ 1 / 0 }}bage" : value_text(some_value(name, random));
      if (look.type.kind == Kind::boolean && random() % 3 == 0 && text == "true") text = "Yes";
      world[name] = fails ? plan::unknown() : read_probe(look.probe, text, look.type);
      looks.push_back(fails && random() % 2 == 0 ? nlohmann::json{{"unreachable", true}} : nlohmann::json{{"rc", fails ? 3 : 0}, {"stdout", " " + text + "\n"}});
      step.looks.push_back(std::move(look));
    }
    const Expression wish = formula(3, random);
    const auto condition = show::condition(wish, step);
    if (!condition) continue;
    cases += nlohmann::json{{"condition", *condition}, {"looks", looks}}.dump() + "\n";
    wanted.push_back(truth(wish, world) == Truth::yes);
    told.push_back(*condition + "\n" + looks.dump());
  }
  write_text(folder.file("cases"), cases);
  write_text(folder.file("judge.py"), judge);
  const Ran ran = call("/usr/bin/env", {"/usr/bin/python3", folder.file("judge.py"), folder.file("cases")}, {"", {{"ANSIBLE_DEPRECATION_WARNINGS", "0"}}, folder.path});
  INFO(ran.err);
  REQUIRE(ran.code == 0);
  CHECK(wanted.size() > 2500);
  std::size_t at = 0, yes = 0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const auto end = ran.out.find('\n', at);
    REQUIRE(end != std::string::npos);
    INFO(told[i]);
    CHECK((ran.out.substr(at, end - at) == "yes") == wanted[i]);
    yes += wanted[i] ? 1 : 0;
    at = end + 1;
  }
  CHECK(yes > 300);
}
