// replan: a new plan from where a run was left, on to the wish or back. The new plan verifies, runs to its end, and puts back what the
// first plan found.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

#include "runtime/adapter/sim_store.h"
#include "runtime/plan/paths.h"
#include "runtime/plan/plan_json.h"
#include "tests/cli/lamps.h"
#include "tests/cli/program.h"

using namespace exm::cli;
using nlohmann::json;

namespace {

const std::string array = "examples/cas-array/casarray.exm", four = "examples/cas-array/four/four.exm";

/// A run of a plan that ends before its time, and what is planned from there.
struct Left {
  Folder folder;
  std::string journal = folder.file("run.exmrun");
  std::string next = folder.file("next.json");

  void run(const std::string& plan, const Words& misfortunes) const {
    Words words{"run", plan, "--yes", "--no-sync", "--journal", journal};
    for (const auto& one : misfortunes) words.insert(words.end(), {"--inject", one});
    const Ran ran = call_exm(words);
    INFO(ran.out << ran.err);
    REQUIRE(ran.code != 0);
  }
  Ran replan(const std::string& file, const Words& more = {"--adapter", "sim"}) const {
    Words words{"replan", journal, file, "-o", next};
    words.insert(words.end(), more.begin(), more.end());
    return call_exm(words);
  }
  /// The new plan is valid, and runs to its end; the world then.
  exm::World carry_out() const {
    const Ran verified = call_runtime({"verify", next});
    INFO(verified.out << verified.err);
    CHECK(verified.code == 0);
    const std::string again = folder.file("again.exmrun");
    const Ran ran = call_exm({"run", next, "--yes", "--no-sync", "--journal", again});
    INFO(ran.out << ran.err);
    REQUIRE(ran.code == 0);
    const auto first = exm::read_simulation(journal + ".sim");
    exm::World world = first->changed;
    for (const auto& [variable, value] : exm::plan::start_world(*exm::plan_from_json(text_of(next)))) world[variable] = value;
    const auto simulation = exm::read_simulation(again + ".sim");
    for (const auto& [variable, value] : simulation->changed) world[variable] = value;
    return world;
  }
  json plan() const { return json::parse(text_of(next), nullptr, false); }
};

std::string value(const exm::World& world, const std::string& variable) {
  const auto found = world.find(variable);
  if (found == world.end()) return "(there is no such state)";
  const auto& v = found->second;
  return v.type == exm::plan::Value::Type::boolean ? (v.number != 0 ? "true" : "false") : v.text;
}

}  // namespace

TEST_CASE("replan: wherever the first run was killed, the new plan ends at the wish and puts back what the first run found") {
  // monitoring off, Forefront off, out of the cluster: the values at the start of the second plan are not those to be restored
  for (const char* where : {"1b@1", "1d@1", "1e@1", "1f@0", "1h@1", "1j@0", "2e@1"}) {
    const Left left;
    left.run("examples/cas-array/plan.json", {std::string("crash:") + where});
    const Ran ran = left.replan(array);
    INFO("killed at " << where << "\n" << ran.out << ran.err);
    REQUIRE(ran.code == 0);
    CHECK(has(ran.err, std::string("cut off: ") + std::string(where, 2)));
    CHECK(has(ran.err, "nobody knows whether what these began has ended"));
    CHECK(left.plan()["objects"][std::string("EX") + (where[0] == '1' ? "3" : "4") + ".scom_agent"].value("restore", json()).dump() ==
          (std::string(where) == "1b@1" ? "null" : R"({"maintenance":false})"));
    const auto world = left.carry_out();
    for (const std::string server : {"EX3", "EX4"}) {
      INFO(server);
      CHECK(value(world, server + ".build") == "14.1.323.1");
      CHECK(value(world, server + ".forefront.enabled") == "true");
      CHECK(value(world, server + ".scom_agent.maintenance") == "false");
      CHECK(value(world, "casnlb.hosts." + server + ".mode") == "started");
      CHECK(value(world, "casnlb.hosts." + server + ".initial") == "started");
    }
  }
}

TEST_CASE("replan: back from two cut-offs at once") {
  Left left;
  const std::string plan = left.folder.file("plan.json");
  REQUIRE(call_exm({"plan", four, "-o", plan}).code == 0);
  left.run(plan, {"cut:1f@0", "cut:2e@1"});
  const Ran recorded = call_exm({"resume", left.journal, "--retreat"});
  INFO(recorded.out << recorded.err);
  CHECK(recorded.code == 5);
  CHECK(has(recorded.out, "several steps were cut off"));
  CHECK(has(recorded.out, "`exm replan " + left.journal + " FILE… --retreat`"));
  const Ran ran = left.replan(four, {"--adapter", "sim", "--retreat"});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK(has(ran.err, "cut off: 2e (Install UR5 on CAS-02), 1f (Reboot CAS-01)"));
  CHECK(has(ran.err, "Stays open: "));
  CHECK(has(ran.err, "CAS-02.build is unknown and was \"14.1.218.15\""));
  const auto world = left.carry_out();
  // CAS-01 has its update and is back; CAS-02 can't be, since nobody knows what is on it; the others have not been touched
  CHECK(value(world, "CAS-01.build") == "14.1.323.1");
  CHECK(value(world, "CAS-01.forefront.enabled") == "true");
  CHECK(value(world, "casnlb.hosts.CAS-01.mode") == "started");
  CHECK(value(world, "casnlb.hosts.CAS-02.mode") == "stopped");
  CHECK(value(world, "casnlb.hosts.CAS-03.mode") == "started");
  CHECK(has(call_exm({"show", left.next}).out, "Back from: "));
}

TEST_CASE("replan: what was reached stays, what was begun is not gone on with, and users feel nothing at the end") {
  const Left left;
  left.run("examples/cas-array/plan.json", {"crash:2b@1"});
  const Ran ran = left.replan(array, {"--adapter", "sim", "--retreat"});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK_FALSE(has(ran.err, "Stays open"));
  const auto world = left.carry_out();
  CHECK(value(world, "EX3.build") == "14.1.323.1");
  CHECK(value(world, "EX4.build") == "14.1.218.15");
  CHECK(value(world, "casnlb.hosts.EX4.mode") == "started");
  CHECK(value(world, "casnlb.hosts.EX4.initial") == "started");
  for (const auto& step : left.plan()["steps"]) CHECK_FALSE(has(step["template"].get<std::string>(), "install"));
}

namespace {

const std::string lamps = lamps_in_general + R"(
probe lamp.lit on self shell """
  lamp ${self} state
""" as { "on" -> true, "off" -> false }
lamp desk {}
lamp hall {}
maintenance m { "Both"  achieve desk.build == 2 and hall.build == 2 }
)";

/// The lamps' run, left in its middle.
struct LeftLamps : Left {
  std::string file = folder.file("lamps.exm"), state = folder.file("state.json");
  explicit LeftLamps(const Words& misfortunes = {"crash:1b@1"}) {
    write_text(file, lamps);
    REQUIRE(call_exm({"plan", file, "-o", folder.file("plan.json")}).code == 0);
    run(folder.file("plan.json"), misfortunes);
  }
  void see(const std::string& values) const { write_text(state, R"({"format": "exm-state/1", "values": )" + values + "}"); }
};

}  // namespace

TEST_CASE("replan: a rule that the observed state breaks is repaired, and listed") {
  const LeftLamps left;
  left.see(R"({"hall.lit": false, "desk.build": 1})");
  const Ran ran = left.replan(left.file, {"--state", left.state});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK(has(ran.err, "To be repaired: one_is_lit: One lamp is lit (now desk.lit is false, hall.lit is false)\n"));
  CHECK(left.plan()["rules"][0]["repaired"] == true);
  const auto world = left.carry_out();
  CHECK(value(world, "desk.lit") == "true");
  CHECK(value(world, "hall.lit") == "true");
  left.see(R"({"hall.lit": false, "desk.lit": false})");
  const Ran plan = call_exm({"plan", left.file, "--state", left.state});
  INFO(plan.err);
  CHECK(plan.code == 1);  // a first plan repairs only what it is told to
  CHECK(has(plan.err, "`repair one_is_lit` in the maintenance makes it a wish"));
}

TEST_CASE("replan: without a look, what was cut off is unknown; the same input gives the same bytes") {
  const LeftLamps left;
  const Ran ran = left.replan(left.file, {"--retreat"});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK(left.plan()["objects"]["desk"]["start"].dump() == R"({"build":["unknown"],"lit":false})");
  CHECK(has(ran.err, "Stays open: desk.build is unknown and was 1\n"));
  CHECK(value(left.carry_out(), "desk.lit") == "true");
  const std::string once = text_of(left.next);
  CHECK(left.replan(left.file, {"--retreat"}).code == 0);
  CHECK(text_of(left.next) == once);
}

TEST_CASE("replan: a second run that was left is planned anew with the values of the first") {
  const LeftLamps left;
  REQUIRE(left.replan(left.file).code == 0);
  CHECK(has(call_exm({"verify", left.next, "--against", left.file}).out, "it was made by `exm replan` from where a run was left, which the files do not tell"));
  Left second;
  second.run(left.next, {"crash:1a@1"});
  const Ran ran = second.replan(left.file);
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  const auto world = second.carry_out();
  CHECK(value(world, "desk.lit") == "true");
  CHECK(value(world, "hall.lit") == "true");
}

TEST_CASE("replan: after a retreat that was begun, the plan is from where that was left") {
  const Left left;
  left.run("examples/cas-array/plan.json", {"fail:1c@0"});
  const Ran back = call_exm({"resume", left.journal, "--retreat", "--inject", "crash:1c/retreat/1@1", "--no-sync"});
  INFO(back.out << back.err);
  REQUIRE(back.code == 1009);
  const Ran ran = left.replan(array, {"--adapter", "sim", "--retreat"});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  CHECK(has(ran.err, "cut off: 1c/retreat/1"));
  const auto world = left.carry_out();
  CHECK(value(world, "casnlb.hosts.EX3.initial") == "started");
  CHECK(value(world, "casnlb.hosts.EX3.mode") == "started");
}

TEST_CASE("replan: whatever is wrong is said") {
  const LeftLamps left;
  const std::string other = left.folder.file("other.exm");
  write_text(other, lamps + "# another text\n");
  Ran ran = left.replan(other);
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(has(ran.err, "the run's plan was from other files: the plan was made without `"));
  const std::string fewer = left.folder.file("fewer.exm");
  write_text(fewer, lamps_in_general + "lamp desk {}\nlamp porch {}\nmaintenance m { \"One\"  achieve desk.build == 2 }\n");
  ran = left.replan(fewer, {});
  CHECK(ran.code == 0);
  CHECK(has(ran.err, "the files have no `hall.build` and 2 more any more: passed over"));
  ran = left.replan(left.folder.file("none.exm"));
  CHECK(ran.code == 7);
  CHECK(has(ran.err, "none.exm: cannot be read"));
  ran = call_exm({"replan", "/nowhere/run.exmrun", left.file});
  CHECK(ran.code == 7);
  CHECK(has(ran.err, "exm replan: /nowhere/run.exmrun: there is no such file"));
  ran = left.replan(left.file, {"--adapter", "telepathy"});
  CHECK(ran.code == 2);
  write_text(other, lamps_in_general + "lamp desk {}\nlamp hall {}\nmaintenance other { \"Other\"  achieve desk.build == 2 }\n");
  ran = left.replan(other);
  CHECK(ran.code == 1);
  CHECK(has(ran.err, "`m`"));
  ran = call_runtime({"replan", left.journal, left.file});
  CHECK(ran.code == 2);
  CHECK(has(ran.err, "use `exm replan`"));
}

TEST_CASE("replan: on the way back, what is only to be put back excuses nothing else from being put back") {
  const Left left;
  const std::string file = left.folder.file("one.exm"), first = left.folder.file("first.json"), state = left.folder.file("state.json");
  write_text(file, R"(
kind seat {
  state mode : enum { ready, drain } = ready
  state up : bool = true
  state health : enum { good, bad } = good
  state new : bool = false
  disrupts when mode == ready and not up and was(up)
}
seat one {}
action drain(s: seat) { "Drain"  effect s.mode := drain  takes 1m  on s  run shell "true" }
action renew(s: seat) { "Renew"  requires s.mode == drain  effect s.new := true  takes 1m  on s  run shell "true" }
action restart(s: seat) { "Restart"  requires s.mode == drain  effect s.up := unknown, s.health := unknown  takes 1m  on s  run shell "true" }
action look(s: seat) { "Look"  requires not known(s.health)  effect s.health := good  takes 1m  on s }
action wait(s: seat) { "Wait"  effect s.up := true  takes 1m  on s }
action back(s: seat) { "Return"  requires s.up and s.health == good  effect s.mode := ready  takes 1m  on s  run shell "true" }
probe seat.mode on self shell "true"
probe seat.up on self shell "true"
probe seat.health on self shell "true"
maintenance renewed { "Renew it"  achieve one.new }
)");
  REQUIRE(call_exm({"plan", file, "-o", first}).code == 0);
  left.run(first, {"drift:one.health=bad@1c"});
  const Ran ran = left.replan(file, {"--adapter", "sim", "--retreat"});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  const auto world = left.carry_out();
  CHECK(value(world, "one.mode") == "ready");
  CHECK(value(world, "one.up") == "true");
  CHECK(value(world, "one.health") == "good");
}
