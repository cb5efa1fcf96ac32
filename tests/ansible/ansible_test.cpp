// Playbooks that a real ansible-playbook runs, over a real sshd: what it does is what a run of exm would do.
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/ansible/ground.h"

using namespace exm::cli;
using exm::test::Sshd;
using Lines = std::vector<std::string>;

namespace {

std::ptrdiff_t place(const Lines& log, const std::string& line) {
  const auto last = std::find(log.rbegin(), log.rend(), line);
  return last == log.rend() ? -1 : log.rend() - last - 1;
}

}  // namespace

TEST_CASE("ansible: a playbook does all steps in the order of the plan, waits for what shows late, tries again, and puts everything back") {
  if (!ansible_is_there()) return;
  const Pool pool(Sshd::shared());
  pool.break_once("update", "w2");
  const Ran ran = pool.run({"-e", "approve_update=yes"});
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  const Lines log = pool.log();
  const auto plan = nlohmann::json::parse(text_of(pool.plan));
  std::map<std::string, std::string> acts;
  for (const auto& step : plan.at("steps")) acts[step.at("id")] = step.at("template").get<std::string>() + " " + step.at("objects")[0].get<std::string>();
  for (const auto& step : plan.at("steps")) {
    const std::string act = acts.at(step.at("id"));
    INFO(act);
    CHECK(std::count(log.begin(), log.end(), "begin " + act) == (act == "update w2" ? 2 : 1));
    CHECK(std::count(log.begin(), log.end(), "end " + act) == 1);
    if (!step.contains("after")) continue;
    for (const auto& before : step.at("after")) {
      INFO("after " << acts.at(before));
      CHECK(place(log, "end " + acts.at(before)) < place(log, "begin " + act));
    }
  }
  for (const std::string host : {"w 1", "w2", "w3"}) {
    for (const std::string state : {"serving", "watched", "checked"}) CHECK(pool.is(state, host));
    CHECK(text_of(pool.at("release-" + host)) == "2\n");
  }
  CHECK(has(ran.out, "{{ 'no' ~ 'template' }}"));
}

TEST_CASE("ansible: a step that fails stops everything, and its way back is run by its tag") {
  if (!ansible_is_there()) return;
  const Pool pool(Sshd::shared());
  pool.before_update_of_w2();
  pool.break_down("update", "w2");
  const Ran ran = pool.run({"-e", "approve_update=yes", "-e", "exm_from=7"});
  INFO(ran.out << ran.err);
  CHECK(ran.code != 0);
  CHECK(pool.log() == Lines{"begin update w2", "begin update w2"});
  CHECK(has(ran.out, "Step 2c (Update w2) failed:"));
  CHECK(has(ran.out, "exit code 4: broken {{ 1 / 0 }}"));
  CHECK(has(ran.out, "-e exm_from=7."));
  CHECK(has(ran.out, "--tags retreat_2c."));
  const Ran back = pool.run({"--tags", "retreat_2c"});
  INFO(back.out << back.err);
  CHECK(back.code == 0);
  Lines done = pool.log();
  done.erase(done.begin(), done.begin() + 2);
  CHECK(done == Lines{"begin undo w2", "end undo w2", "begin unmute w2", "end unmute w2", "begin join_pool w2", "end join_pool w2"});
  CHECK(has(back.out, "Nothing stays open."));
  CHECK(text_of(pool.at("release-w2")) == "1\n");
}

TEST_CASE("ansible: who runs beside a step that fails ends well, is named as done, and nothing more is begun") {
  if (!ansible_is_there()) return;
  const Pool pool(Sshd::shared());
  pool.before_update_of_w2();  // one wave less: w 1 is still to be watched again, w2 still serves
  pool.set("watched", "w 1", false);
  pool.set("serving", "w2", true);
  pool.break_down("unmute", "w 1");
  const Ran ran = pool.run({"-e", "approve_update=yes", "-e", "exm_from=6"});
  INFO(ran.out << ran.err);
  CHECK(ran.code != 0);
  const Lines log = pool.log();
  CHECK(log.size() == 3);
  CHECK(place(log, "end leave_pool w2") >= 0);
  CHECK(has(ran.out, "Step 1f (Watch w 1 again) failed:"));
  CHECK(has(ran.out, "-e exm_from=6 -e exm_done=2b"));
}

TEST_CASE("ansible: a gate holds where nobody can be asked, and says how it is opened") {
  if (!ansible_is_there()) return;
  const Pool pool(Sshd::shared());
  pool.before_update_of_w2();
  const Ran ran = pool.run({"-e", "exm_from=7"});
  INFO(ran.out << ran.err);
  CHECK(ran.code != 0);
  CHECK(pool.log().empty());
  CHECK(has(ran.out, "May w2 be updated? (where nobody can be asked: -e approve_update=yes)"));
}

TEST_CASE("ansible: where the world is not as the plan says, nothing of the wave is run") {
  if (!ansible_is_there()) return;
  const Pool pool(Sshd::shared());
  pool.before_update_of_w2();
  pool.set("serving", "w2", true);
  const Ran ran = pool.run({"-e", "approve_update=yes", "-e", "exm_from=7"});
  INFO(ran.out << ran.err);
  CHECK(ran.code != 0);
  CHECK(pool.log().empty());
  CHECK(has(ran.out, "Before step 2c (Update w2) the world is not as the plan says, and nothing of its wave was run: wanted:"));
}

TEST_CASE("ansible: a host that is not to be reached fails its step, and its neighbour ends its own") {
  const Sshd* const server = Sshd::shared();
  if (!ansible_is_there() || server == nullptr) return;
  const Pool pool(server);
  pool.before_update_of_w2();
  pool.set("serving", "w2", true);
  std::string inventory = text_of(pool.at("inventory.yml"));
  inventory.replace(inventory.find("\"h1\""), 4, "\"nobody\"");
  write_text(pool.at("inventory.yml"), inventory);
  const Ran ran = pool.run({"-e", "approve_update=yes", "-e", "exm_from=6"});
  INFO(ran.out << ran.err);
  CHECK(ran.code != 0);
  CHECK(pool.log().empty());
  CHECK(has(ran.out, "Before step 1f (Watch w 1 again) the world is not as the plan says"));
}

TEST_CASE("ansible: --check changes nothing") {
  if (!ansible_is_there()) return;
  const Pool pool(Sshd::shared());
  const Ran ran = pool.run({"--check", "-e", "exm_from=13"});
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(pool.log().empty());
}
