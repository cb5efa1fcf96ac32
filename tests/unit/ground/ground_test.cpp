#include "compiler/ground/ground.h"

#include <catch2/catch.hpp>

#include "compiler/ground/task_dump.h"
#include "tests/unit/ground/builder.h"

using namespace exm;
using namespace made;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Servers with `up`, `health` and a build, owning services; two of them.
struct Servers : made::World {
  Id<Enum> health_type = program.enums.add({"health", {"good", "bad"}, {}});
  Id<Kind> server = kind("server");
  Id<Field> up = state(server, "up", bool_type());
  Id<Field> health = state(server, "health", enum_type(health_type));
  Id<Field> build = state(server, "build", version_type());
  Id<Field> site = fact(server, "site", {Type::Tag::text, {}, {}, {}});
  Id<Kind> service = kind("service", server);
  Id<Field> running = state(service, "running", bool_type());

  Id<Object> add(const std::string& name, std::map<Id<Field>, Value> more = {}, bool planned = false) {
    std::map<Id<Field>, Value> values{{up, boolean(true)}, {health, made::name("good")}, {build, version("1.0")}, {site, {Value::Tag::text, 0, "HQ", {}, {}}}};
    for (auto& [f, v] : more) values[f] = v;
    const auto id = thing(server, name, values, {}, planned);
    thing(service, "web", {{running, boolean(true)}}, id, planned);
    return id;
  }
  Local a_server(const char* called = "s") const { return {called, kind_type(server), {}}; }
  Expr s(std::uint32_t i = 0) const { return local(i, "s"); }

  void add_reboot() {
    Action& reboot = action("reboot", {a_server()});
    reboot.on = s();
    reboot.parts[0].requires_.push_back({field(s(), up), {}, {}, {}});
    reboot.parts[0].during.push_back(set(s(), up, constant(boolean(false))));
    reboot.parts[0].effects.push_back(set(s(), health, constant({})));
    Effect each;
    each.local = 1;
    each.collection = {owned(s(), service)};
    each.body = {set(local(1, "v"), running, constant(boolean(true)))};
    reboot.parts[0].effects.push_back(each);
  }
  Wishes wish_builds(const char* text) {
    Wishes wishes;
    wishes.achieve.push_back({over(Op::forall, 0, all(server), yes(), {equal(field(local(0, "s"), build), constant(version(text)))}), {}, {}, {}});
    return wishes;
  }
};

std::string grounded(const made::World& world, Id<Maintenance> maintenance, Diagnostics& diagnostics, Limits limits = {}) {
  const auto task = ground(world.program, maintenance, nullptr, limits, diagnostics);
  return task ? dump(world.program, *task) : "";
}

}  // namespace

TEST_CASE("an action becomes an operator for each object, its effects in order") {
  Servers w;
  w.add("A");
  w.add("B");
  w.add_reboot();
  Diagnostics diagnostics;
  const std::string text = grounded(w, w.maintenance(w.wish_builds("2.0")), diagnostics);
  REQUIRE(diagnostics.ok());
  CHECK(has(text, "var A.up = true\n"));
  CHECK_FALSE(has(text, "A.exists"));
  CHECK(has(text,
            "step reboot(B) \"reboot(B)\"\n  on B\n  requires B.up\n    says B.up\n  during B.up := false\n"
            "  effect [B.health := unknown; B.services.web.running := true]\n  takes 1m\n"));
  CHECK(has(text, "wish (== A.build \"2.0\")\n  says A.build == \"2.0\"\n"));
  CHECK(has(text, "wish (== B.build \"2.0\")"));
  CHECK(has(text, "minimize disruption, duration, cost, away"));
}

TEST_CASE("a version parameter ranges over what its variable has in the files") {
  Servers w;
  w.add("A");
  w.add("B", {{w.build, version("1.5")}});
  Action& install = w.action("install", {w.a_server(), {"v", version_type(), {}}});
  install.parts[0].requires_.push_back({make(Op::less, {field(w.s(), w.build), local(1, "v")}), {}, {}, {}});
  install.parts[0].effects.push_back(set(w.s(), w.build, local(1, "v")));
  Diagnostics diagnostics;
  const std::string text = grounded(w, w.maintenance(w.wish_builds("2.0")), diagnostics);
  CHECK(has(text, "step install(A, \"1.0\")"));
  CHECK(has(text, "step install(A, \"2.0\")"));
  CHECK_FALSE(has(text, "step install(A, \"1.5\")"));
  CHECK(has(text, "step install(B, \"1.5\")"));
}

TEST_CASE("facts exclude operators, and extensions interleave with the action") {
  Servers w;
  w.add("A");
  w.add("B", {{w.site, {Value::Tag::text, 0, "branch", {}, {}}}});
  w.add_reboot();
  Part extension = w.program.actions.items()[0].parts[0];
  extension = {};
  extension.extension = true;
  extension.locals = 8;
  extension.requires_.push_back({equal(field(w.s(), w.site), constant({Value::Tag::text, 0, "HQ", {}, {}})), {}, {}, {}});
  extension.effects.push_back(set(w.s(), w.build, constant(version("2.0"))));
  w.program.actions.items()[0].parts.push_back(extension);
  Diagnostics diagnostics;
  const std::string text = grounded(w, w.maintenance(w.wish_builds("2.0")), diagnostics);
  CHECK(has(text, "step reboot(A)"));
  CHECK_FALSE(has(text, "step reboot(B)"));
  CHECK(has(text, "effect {[A.health := unknown; A.services.web.running := true] | A.build := \"2.0\"}"));
  CHECK_FALSE(has(text, "requires true"));
}

TEST_CASE("whether a state is known is nothing that facts can say") {
  Servers w;
  w.add("A");
  w.add_reboot();
  w.program.actions.items()[0].parts[0].requires_.push_back({make(Op::known, {field(w.s(), w.build)}), {}, {}, {}});
  Diagnostics diagnostics;
  CHECK(has(grounded(w, w.maintenance(w.wish_builds("2.0")), diagnostics), "requires (known A.build)"));
}

TEST_CASE("what is planned has a variable exists, and comes with its declared values") {
  Servers w;
  w.add("A");
  w.add("P", {}, true);
  Action& create = w.action("create", {w.a_server()});
  create.parts[0].requires_.push_back({make(Op::not_, {field(w.s(), w.program.kinds[w.server].fields[0])}), {}, {}, {}});
  Effect effect = set(w.s(), w.program.kinds[w.server].fields[0], constant(boolean(true)));
  effect.together.push_back({w.s(), w.up, constant(boolean(false)), {}, {}});
  create.parts[0].effects.push_back(effect);
  Diagnostics diagnostics;
  const std::string text = grounded(w, w.maintenance(w.wish_builds("2.0")), diagnostics);
  CHECK(has(text, "var P.exists = false planned\n"));
  CHECK(has(text, "var P.services.web.exists = false planned\n"));
  CHECK(has(text, "var P.build = unknown planned\n"));
  CHECK(has(text, "wish (or (not P.exists) (== P.build \"2.0\"))"));
  CHECK(has(text, "P.exists := true, P.up := false, P.health := good, P.build := \"1.0\", P.services.web.exists := true, P.services.web.running := true"));
}

TEST_CASE("what a step makes need not exist before, and what is planned by a word of its own stays away") {
  Servers w;
  const auto planned = w.add("P", {}, true);
  w.program.objects[w.program.objects[planned].owned[0]].planned_apart = true;
  const auto exists = w.program.kinds[w.server].fields[0];
  Action& create = w.action("create", {w.a_server()});
  create.parts[0].effects.push_back(set(w.s(), exists, constant(boolean(true))));
  Action& check = w.action("check", {w.a_server()});
  check.parts[0].requires_.push_back({equal(field(w.s(), w.health), make(Op::was, {field(w.s(), w.health)})), {}, {}, {}});
  check.parts[0].effects.push_back(set(w.s(), w.up, constant(boolean(true))));
  Diagnostics diagnostics;
  const std::string text = grounded(w, w.maintenance(w.wish_builds("2.0")), diagnostics);
  INFO(text);
  const auto made = text.substr(text.find("create(P)"), text.find("check(P)") - text.find("create(P)"));
  CHECK(has(made, "P.exists := true, P.up := true"));
  CHECK_FALSE(has(made, "requires"));
  CHECK_FALSE(has(made, "P.services.web"));
  const auto checked = text.substr(text.find("check(P)"));
  CHECK(has(checked, "requires P.exists"));
  CHECK(has(checked, "requires (== P.health good)"));  // its declared value: that with which it comes
}

TEST_CASE("a parameter of a kind of which there is nothing has no value") {
  Servers w;
  w.add("A");
  const auto kind = w.kind("licence");
  const auto held = w.state(w.server, "held", {Type::Tag::optional, {}, {}, {kind_type(kind)}});
  w.program.objects[Id<Object>(0)].values[held] = {Value::Tag::none, 0, {}, {}, {}};
  Action& give = w.action("give", {w.a_server(), {"l", kind_type(kind), {}}});
  give.parts[0].effects.push_back(set(w.s(), held, local(1, "l")));
  Diagnostics diagnostics;
  CHECK_FALSE(has(grounded(w, w.maintenance(w.wish_builds("2.0")), diagnostics), "give("));
}

TEST_CASE("rules become one instance per object, and must hold at the start") {
  Servers w;
  w.add("A");
  w.add("B", {{w.health, {}}});
  Rule rule;
  rule.name = "healthy";
  rule.title = "A server is healthy";
  RuleClause clause;
  clause.locals = 4;
  clause.condition = over(Op::forall, 0, all(w.server), yes(), {equal(field(local(0, "s"), w.health), constant(name("good")))});
  rule.clauses.push_back(clause);
  const auto id = w.program.rules.add(rule);
  Wishes wishes = w.wish_builds("2.0");

  SECTION("else it is an error that names the instance and what to do") {
    Diagnostics diagnostics;
    CHECK(grounded(w, w.maintenance(wishes), diagnostics).empty());
    REQUIRE(diagnostics.all().size() == 1);
    CHECK(diagnostics.all()[0].id == "EXM0301");
    REQUIRE(diagnostics.all()[0].hints.size() == 3);
    CHECK(diagnostics.all()[0].hints[0] == "it says here: B.health == good");
    CHECK(diagnostics.all()[0].hints[1] == "at the start B.health is unknown");
  }
  SECTION("unless it is to be repaired") {
    wishes.repair.push_back({id, 1, {}});
    Diagnostics diagnostics;
    const std::string text = grounded(w, w.maintenance(wishes), diagnostics);
    CHECK(has(text, "rule healthy (== A.health good)"));
    CHECK(has(text, "rule healthy repaired (== B.health good)"));
  }
  SECTION("or speaks of steps") {
    w.program.rules[id].of_steps = true;
    Diagnostics diagnostics;
    CHECK(has(grounded(w, w.maintenance(wishes), diagnostics), "rule healthy of steps (== B.health good)"));
  }
}

TEST_CASE("a wish about nothing, a bound, and effects that contradict each other are errors") {
  Servers w;
  SECTION("no object") {
    Diagnostics diagnostics;
    grounded(w, w.maintenance(w.wish_builds("2.0")), diagnostics);
    REQUIRE(diagnostics.all().size() == 1);
    CHECK(diagnostics.all()[0].id == "EXM0302");
  }
  SECTION("too many operators") {
    w.add("A");
    w.add("B");
    w.add_reboot();
    Diagnostics diagnostics;
    Limits limits;
    limits.operators = 1;
    grounded(w, w.maintenance(w.wish_builds("2.0")), diagnostics, limits);
    REQUIRE(diagnostics.all().size() == 1);
    CHECK(diagnostics.all()[0].id == "EXM0303");
  }
  SECTION("a value that is none of its type") {
    w.add("A");
    w.action("spoil", {w.a_server()}).parts[0].effects.push_back(set(w.s(), w.health, constant(name("purple"))));
    Diagnostics diagnostics;
    grounded(w, w.maintenance(w.wish_builds("2.0")), diagnostics);
    REQUIRE(diagnostics.all().size() == 1);
    CHECK(diagnostics.all()[0].id == "EXM0304");
  }
  SECTION("two values for one variable") {
    w.add("A");
    Action& both = w.action("both", {w.a_server()});
    both.parts[0].effects.push_back(set(w.s(), w.health, constant(name("good"))));
    both.parts[0].effects.push_back(set(w.s(), w.health, constant(name("bad"))));
    Diagnostics diagnostics;
    grounded(w, w.maintenance(w.wish_builds("2.0")), diagnostics);
    REQUIRE(diagnostics.all().size() == 1);
    CHECK(diagnostics.all()[0].id == "EXM0305");
  }
}

TEST_CASE("a relation of facts between two parameters is looked up, not tried for all pairs") {
  made::World w;
  const auto group = w.kind("group");
  const auto member = w.kind("member");
  const auto in = w.fact(member, "group", kind_type(group));
  const auto busy = w.state(group, "busy", bool_type());
  for (int i = 0; i < 3000; ++i) {
    const auto g = w.thing(group, "g" + std::to_string(i), {{busy, boolean(false)}});
    w.thing(member, "m" + std::to_string(i), {{in, object(g)}});
  }
  Action& use = w.action("use", {{"g", kind_type(group), {}}, {"m", kind_type(member), {}}});
  use.parts[0].requires_.push_back({equal(field(local(1, "m"), in), local(0, "g")), {}, {}, {}});
  use.parts[0].effects.push_back(set(local(0, "g"), busy, constant(boolean(true))));
  Wishes wishes;
  wishes.achieve.push_back({over(Op::forall, 0, all(group), yes(), {field(local(0, "g"), busy)}), {}, {}, {}});
  Diagnostics diagnostics;
  Limits limits;
  limits.nodes = 100'000;  // 9,000,000 pairs would pass it
  const auto task = ground(w.program, w.maintenance(wishes), nullptr, limits, diagnostics);
  REQUIRE(task);
  CHECK(task->operators.size() == 3000);
}

TEST_CASE("following a state that holds an object asks which one it is") {
  made::World w;
  const auto node = w.kind("node");
  const auto up = w.state(node, "up", bool_type());
  const auto box = w.kind("box");
  const auto owner = w.state(box, "owner", kind_type(node));
  const auto n1 = w.thing(node, "N1", {{up, boolean(true)}});
  w.thing(node, "N2", {{up, boolean(true)}});
  w.thing(node, "N3", {{up, boolean(true)}});
  w.thing(box, "B", {{owner, object(n1)}});
  Action& move = w.action("move", {{"b", kind_type(box), {}}, {"n", kind_type(node), {}}});
  move.parts[0].requires_.push_back({make(Op::not_equal, {make(Op::name, {local(1, "n")}), constant({Value::Tag::text, 0, "N3", {}, {}})}), {}, {}, {}});
  move.parts[0].effects.push_back(set(local(0, "b"), owner, local(1, "n")));
  Wishes wishes;
  wishes.keep.push_back({over(Op::forall, 0, all(box), yes(), {field(field(local(0, "b"), owner), up)}), {}, {}, {}});
  wishes.achieve.push_back({yes(), {}, {}, {}});
  Diagnostics diagnostics;
  const std::string text = grounded(w, w.maintenance(wishes), diagnostics);
  CHECK(has(text, "keep (if (== B.owner N1) N1.up N2.up)"));
}

TEST_CASE("who has something among what it owns is looked up too") {
  made::World w;
  const auto server = w.kind("server");
  const auto up = w.state(server, "up", bool_type());
  const auto cluster = w.kind("cluster");
  const auto seat = w.kind("seat", cluster);
  const auto whose = w.fact(seat, "server", kind_type(server));
  const auto open = w.state(cluster, "open", bool_type());
  for (int i = 0; i < 2000; ++i) {
    const auto s = w.thing(server, "s" + std::to_string(i), {{up, boolean(true)}});
    const auto c = w.thing(cluster, "c" + std::to_string(i), {{open, boolean(true)}});
    w.thing(seat, "s" + std::to_string(i), {{whose, object(s)}}, c);
  }
  Action& stop = w.action("stop", {{"s", kind_type(server), {}}});
  Expr has_seat = over(Op::exists, 2, owned(local(1, "c"), seat), yes(), {equal(field(local(2, "h"), whose), local(0, "s"))});
  stop.parts[0].requires_.push_back({over(Op::forall, 1, all(cluster), has_seat, {field(local(1, "c"), open)}), {}, {}, {}});
  stop.parts[0].effects.push_back(set(local(0, "s"), up, constant(boolean(false))));
  Wishes wishes;
  wishes.achieve.push_back({yes(), {}, {}, {}});
  Diagnostics diagnostics;
  Limits limits;
  limits.nodes = 100'000;
  const auto task = ground(w.program, w.maintenance(wishes), nullptr, limits, diagnostics);
  REQUIRE(task);
  CHECK(dump(w.program, *task, task->operators.items()[1999].requires_[0].formula) == "c1999.open");
}
