#include "compiler/lower/lower.h"

#include <catch2/catch.hpp>

#include <fmt/format.h>

#include "compiler/ground/ground.h"
#include "runtime/plan/instantiate.h"
#include "runtime/plan/plan_json.h"
#include "tests/unit/ground/builder.h"

using namespace exm;
using namespace made;

namespace {

/// Hosts in one cluster; each runs on a server with an address of its own.
struct Clusters : made::World {
  Id<Enum> modes = program.enums.add({"mode", {"started", "stopped"}, {}});
  Id<Kind> server = kind("server");
  Id<Field> up = state(server, "up", bool_type());
  Id<Field> build = state(server, "build", version_type());
  Id<Field> fqdn = fact(server, "fqdn", {Type::Tag::text, {}, {}, {}});
  Id<Kind> agent = kind("agent", server);
  Id<Field> quiet = state(agent, "quiet", bool_type());
  Id<Kind> cluster = kind("cluster");
  Id<Kind> host = kind("host", cluster);
  Id<Field> of = fact(host, "server", kind_type(server));
  Id<Field> mode = state(host, "mode", enum_type(modes));
  Id<Object> array = thing(cluster, "array", {});
  Id<Maintenance> work;

  Expr s() const { return local(0, "s"); }

  explicit Clusters(int servers) {
    program.kinds[host].key = of;
    program.kinds[server].reached_by = fqdn;
    for (int i = 1; i <= servers; ++i) {
      const std::string called = "S" + std::to_string(i);
      const auto id = thing(server, called, {{up, boolean(true)}, {build, version("1.0")}, {fqdn, {Value::Tag::text, 0, called + ".example", {}, {}}}});
      thing(agent, "agent", {{quiet, boolean(false)}}, id);
      thing(host, called, {{of, object(id)}, {mode, name("started")}}, array);
    }
    Action& stop = action("stop", {{"h", kind_type(host), {}}});
    stop.title = text({{"Stop ", {field(local(0, "h"), of)}, {}}, {" in the cluster", {}, {}}});
    stop.on = field(local(0, "h"), of);
    stop.parts[0].requires_.push_back({equal(field(local(0, "h"), mode), constant(name("started"))), {}, {}, {}});
    stop.parts[0].effects.push_back(set(local(0, "h"), mode, constant(name("stopped"))));
    Action& install = action("install", {{"s", kind_type(server), {}}});
    install.title = text({{"Install on ", {s()}, {}}});
    install.on = s();
    Expr is_stopped = over(Op::forall, 1, all(host), equal(field(local(1, "h"), of), s()), {equal(field(local(1, "h"), mode), constant(name("stopped")))});
    install.parts[0].requires_.push_back({is_stopped, text({{"users are still on ", {s()}, {}}}), {}, {}});
    Effect effect = set(s(), build, constant(version("2.0")));
    install.parts[0].effects.push_back(effect);
    Run run;
    run.language = "powershell";
    run.text = text({{"Install-It ", {field(s(), fqdn)}, {}}, {" -As ", {make(Op::name, {s()})}, {}}});
    install.run.push_back(run);
    Action& start = action("start", {{"h", kind_type(host), {}}});
    start.title = text({{"Start ", {field(local(0, "h"), of)}, {}}});
    start.on = field(local(0, "h"), of);
    start.parts[0].effects.push_back(set(local(0, "h"), mode, constant(name("started"))));
    Wishes wishes;
    wishes.achieve.push_back({over(Op::forall, 0, all(server), yes(), {equal(field(s(), build), constant(version("2.0")))}), {}, {}, {}});
    work = maintenance(wishes);
  }

  Id<task::Operator> op(const task::Task& task, const std::string& action, const std::string& title) const {
    for (std::size_t i = 0; i < task.operators.size(); ++i) {
      const auto& o = task.operators.items()[i];
      if (program.actions[o.action].name == action && o.title == title) return task.operators.id(i);
    }
    FAIL(action << " " << title);
    return {};
  }

  /// Stop, install and start, one server after the other.
  Found found(const task::Task& task) const {
    Found result;
    for (std::size_t i = 0; i < program.objects.size(); ++i) {
      const program::Object& o = program.objects.items()[i];
      if (o.kind != server) continue;
      const auto first = static_cast<std::uint32_t>(result.steps.size());
      for (const auto& [action, title] : std::vector<std::pair<std::string, std::string>>{
               {"stop", "Stop " + o.name + " in the cluster"}, {"install", "Install on " + o.name}, {"start", "Start " + o.name}}) {
        FoundStep step;
        step.op = op(task, action, title);
        if (!result.steps.empty()) step.after = {static_cast<std::uint32_t>(result.steps.size() - 1)};
        result.steps.push_back(step);
      }
      const task::Operator& install = task.operators[result.steps[first + 1].op];
      result.steps[first].why = {Why::Kind::requirement, install.requires_[0].constraint, {}, first + 1};
      for (const task::Wish& wish : task.wishes)
        if (task.constraints[wish.constraint].formula.starts_with(o.name + ".")) result.steps[first + 1].why = {Why::Kind::wish, wish.constraint, {}, 0};
      for (std::size_t v = 0; v < task.variables.size(); ++v)
        if (task.variables.items()[v].name == "array.hosts." + o.name + ".mode") result.steps[first + 2].why = {Why::Kind::restoration, {}, task.variables.id(v), 0};
    }
    return result;
  }

  plan::Plan plan() const {
    Diagnostics diagnostics;
    const auto task = ground(program, work, nullptr, {}, diagnostics);
    REQUIRE(task);
    return lower(program, *task, found(*task), {});
  }
};

}  // namespace

TEST_CASE("steps that are equal but for names share a template; what differs is an argument") {
  Clusters two(2), many(30);
  const plan::Plan plan = two.plan();
  CHECK(plan.templates.size() == 3);
  CHECK(many.plan().templates.size() == 3);
  const plan::Template& install = plan.templates.at("install");
  CHECK(install.title == "Install on $0");
  CHECK(install.requires_[0].otherwise == "users are still on $0");
  CHECK(plan.steps[1].objects == std::vector<std::string>{"S1", "array.hosts.S1"});
  CHECK(plan.steps[4].args.at("fqdn").text == "S2.example");
  const plan::Text& command = install.run.at("powershell").command;
  REQUIRE(command.size() == 4);
  CHECK(command[1].kind == plan::Piece::Kind::argument);
  CHECK(command[3].kind == plan::Piece::Kind::object);
  const plan::Template filled = plan::instantiate(plan, plan.steps[4]);
  CHECK(filled.title == "Install on S2");
  CHECK(filled.run.at("powershell").command[1].value.text == "S2.example");
}

TEST_CASE("a single server's values are written out") {
  const plan::Plan plan = Clusters(1).plan();
  CHECK(plan.steps[1].args.empty());
  CHECK(plan.templates.at("install").run.at("powershell").command[1].value.text == "S1.example");
}

TEST_CASE("lanes by host, and whys that a person would say") {
  const plan::Plan plan = Clusters(2).plan();
  const struct { int line; std::size_t step; const char* id; const char* why; } rows[] = {
      {__LINE__, 0, "1a", "1b (Install on S1) requires it: users are still on S1"},
      {__LINE__, 1, "1b", "the wish: S1.build is 2.0"},
      {__LINE__, 2, "1c", "puts array.hosts.S1 back as it was: mode is started again"},
      {__LINE__, 3, "2a", "2b (Install on S2) requires it: users are still on S2"},
  };
  for (const auto& row : rows) {
    INFO("line " << row.line);
    CHECK(plan.steps[row.step].id == row.id);
    CHECK(plan.steps[row.step].why == row.why);
  }
}

TEST_CASE("a plan carries the objects, hosts and free states that it is about, and reads back") {
  const plan::Plan plan = Clusters(2).plan();
  CHECK(plan.hosts.at("S1").address == "S1.example");
  CHECK(plan.objects.count("array.hosts.S2") == 1);
  CHECK(plan.objects.count("S1.agent") == 0);
  CHECK(plan.free.size() == 2);
  CHECK(plan.free.at("S1.build").why == plan::Free::Why::achieved);
  CHECK(plan.free.at("S1.build").ends.text == "2.0");
  const std::string json = to_json(plan);
  const auto read = plan_from_json(json);
  INFO((read ? std::string() : read.error().message));
  REQUIRE(read);
  CHECK(to_json(*read) == json);
  CHECK(to_json(Clusters(2).plan()) == json);
}
