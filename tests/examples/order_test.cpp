// What an administrator would check in the plan for the two hosts, read from the plan's own graph and effects.
#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <set>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/plan_json.h"
#include "tests/cli/program.h"
#include "tests/properties/verify_naive.h"

using namespace exm;

namespace {

plan::Plan cas_array() {
  const auto made = cli::call_exm({"plan", "examples/cas-array/casarray.exm", "--format", "json"});
  REQUIRE(made.code == 0);
  auto plan = plan_from_json(made.out);
  REQUIRE(plan);
  return *plan;
}

class Order {
 public:
  explicit Order(const plan::Plan& plan) {
    for (const auto& step : plan.steps) {
      auto& before = before_[step.id];
      for (const auto& id : step.after) {
        before.insert(id);
        before.insert(before_[id].begin(), before_[id].end());
      }
      const auto shape = plan::instantiate(plan, step);
      std::string name = shape.action + " " + step.objects.at(0);
      if (shape.action == "set_initial") name += " " + step.args.at("state_at_boot").text;
      REQUIRE(step_of_.emplace(name, step.id).second);
    }
  }

  std::string step(const std::string& name) const {
    const auto found = step_of_.find(name);
    std::string all;
    for (const auto& [known, id] : step_of_) all += known + "\n";
    INFO("no step `" << name << "` among\n" << all);
    REQUIRE(found != step_of_.end());
    return found->second;
  }

  /// In every order that the graph allows.
  bool before(const std::string& a, const std::string& b) const { return before_.at(step(b)).count(step(a)) > 0; }

 private:
  std::map<std::string, std::set<std::string>> before_;
  std::map<std::string, std::string> step_of_;
};

}  // namespace

TEST_CASE("the two hosts: the order is one that the article would accept") {
  const Order order(cas_array());
  for (const std::string s : {"EX3", "EX4"}) {
    INFO(s);
    const std::string host = "casnlb.hosts." + s, forefront = s + ".forefront", scom = s + ".scom_agent";
    const std::string kept_out = "set_initial " + host + " stopped", drained = "drainstop " + host;
    const std::string installed = "install " + s, rebooted = "reboot " + s, checked = "check_services " + s, verified = "verify " + s;
    const std::string started = "start " + host, let_in = "set_initial " + host + " started";
    const std::string rows[][2] = {
        {kept_out, installed}, {kept_out, rebooted},
        {drained, installed}, {"begin_maintenance " + scom, installed}, {"forefront_off " + forefront, installed},
        {installed, rebooted}, {rebooted, checked}, {checked, verified},
        {verified, "forefront_on " + forefront}, {verified, started}, {verified, let_in}, {"forefront_on " + forefront, started},
        {started, "end_maintenance " + scom}, {let_in, "end_maintenance " + scom},
    };
    for (const auto& row : rows) {
      INFO(row[0] << " before " << row[1]);
      CHECK(order.before(row[0], row[1]));
    }
  }
  // Never both out: one is back before the other is drained.
  CHECK(order.before("start casnlb.hosts.EX3", "drainstop casnlb.hosts.EX4"));
  CHECK(order.before("start casnlb.hosts.EX3", "set_initial casnlb.hosts.EX4 stopped"));
}

TEST_CASE("the two hosts: everything is as it was at the end, but for what was wished") {
  const plan::Plan plan = cas_array();
  const auto end = naive::end_of(plan);
  REQUIRE(end);
  std::set<std::string> changed;
  for (const auto& [variable, value] : plan::start_world(plan))
    if (!(end->at(variable) == value)) changed.insert(variable);
  CHECK(changed == std::set<std::string>{"EX3.build", "EX4.build"});
  CHECK(end->at("EX3.build").text == "14.1.323.1");
}

TEST_CASE("the two hosts: each step says why it is there") {
  const plan::Plan plan = cas_array();
  for (const auto& step : plan.steps) {
    INFO(step.id);
    CHECK_FALSE(step.why.empty());
  }
}
