// Arrays of every sort: members that differ in what runs on them and in how they are found. For each: a plan exists
// just where one can be counted on, both checkers accept it, and whoever watches it being carried out, in many orders,
// never sees what must not be. Nothing here looks at the modules' rules: what must not be is said once more, in C++.
#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

#include "runtime/plan/paths.h"
#include "runtime/plan/plan_json.h"
#include "tests/cli/program.h"
#include "tests/examples/members_world.h"

using namespace exm;
using namespace exm::cli;

namespace {

const std::string imap_states[] = {"", "startup = manual  running = true", "startup = automatic  running = true",
                                   "startup = automatic  running = false", "startup = disabled  running = false"};

struct Member {
  bool down = false, out = false, updated = false, pending = false, interim = false;
  bool forefront = true, scom = true, hook = false, monitor = false;
  std::size_t imap = 0;

  bool serves() const { return !down && !out; }
  bool waits() const { return !down && !updated; }
};

struct Array {
  std::vector<Member> members;
  int needs = 1;
  std::string backup = "scheduled";
  bool service_pack = false;

  int serving() const {
    return static_cast<int>(std::count_if(members.begin(), members.end(), [](const Member& m) { return m.serves(); }));
  }
  /// Whether each member that users reach and that waits for the update can be spared.
  bool can_be_done() const {
    const bool one_is_taken_out =
        std::any_of(members.begin(), members.end(), [](const Member& m) { return m.serves() && m.waits(); });
    return serving() - (one_is_taken_out ? 1 : 0) >= needs;
  }
  std::string text() const;
};

std::string name_of(std::size_t i) {
  return "E" + std::to_string(i + 1);
}

std::string Array::text() const {
  std::string all =
      "use exchange.cas\nuse antivirus.forefront\nuse antivirus.manual\nuse monitoring.scom\nuse "
      "monitoring.manual\nsite HQ\n";
  std::string hosts;
  for (std::size_t i = 0; i < members.size(); ++i) {
    const Member& m = members[i];
    all += "server " + name_of(i) + " {\n  fqdn = \"" + name_of(i) +
           ".example.net\"\n  roles = [client_access, hub_transport]\n";
    all += std::string("  build = ") + (m.updated ? "\"14.1.323.1\"" : "\"14.1.218.15\"") + "\n";
    if (m.down) all += "  up = false\n  health = unknown\n";
    if (m.pending) all += "  reboot_pending = true\n";
    if (m.interim) all += "  interim_update = true\n";
    if (m.forefront) all += "  forefront {}\n";
    if (m.scom) all += "  scom_agent {}\n";
    if (m.hook) all += "  hook Contoso {}\n";
    if (m.monitor) all += "  monitor Nagios {}\n";
    if (m.imap > 0) all += "  service \"MSExchangeIMAP4\" { " + imap_states[m.imap] + " }\n";
    all += "}\n";
    hosts += "  host " + name_of(i) + " { priority = " + std::to_string(i + 1) +
             (m.out ? "  mode = stopped  initial = stopped" : "") + " }\n";
  }
  all += "nlb web {\n  needs = " + std::to_string(needs) + "\n" + hosts +
         "}\ncas_array a { site = HQ  nlb = web  backup = " + backup + " }\n";
  all += std::string("update U { build = \"14.1.323.1\"  package = \"D:\\\\u\"") +
         (service_pack ? "  type = service_pack" : "") + " }\n";
  return all + "maintenance m { \"M\"  do update_array(a, U) }\n";
}

// ------------------------------------------------------------------------------------------------------- the watcher

class Watch {
 public:
  Watch(const Array& array, const cli::World& start) : array_(array), start_(start) {}

  void operator()(const cli::World& world, const std::vector<UnderWay>& steps) {
    world_ = &world;
    int serving = 0;
    for (std::size_t i = 0; i < array_.members.size(); ++i) {
      serving += serves(i) ? 1 : 0;
      look_at(i);
    }
    require(serving >= array_.needs, "too few serve");
    for (const UnderWay& step : steps)
      if (step.action == "install" || step.action == "remove_interim" || step.action == "reboot") work_on(step);
  }

  /// What is other than it was in the end is what was wished, and what is over for good.
  void end(const cli::World& world) {
    world_ = &world;
    for (const auto& [variable, value] : world) {
      const std::string state = plan::split_variable(variable).state;
      if (state == "build" || state == "backed_up" || state == "reboot_pending" || state == "interim_update") continue;
      require(value == start_.at(variable), variable + " is not as it was");
    }
    for (std::size_t i = 0; i < array_.members.size(); ++i)
      if (array_.members[i].waits())
        require(is(name_of(i) + ".build", "14.1.323.1"), name_of(i) + " has not got the update");
  }

  const std::string& seen() const { return seen_; }

 private:
  void require(bool holds, const std::string& what) {
    if (!holds && seen_.empty()) seen_ = what;
  }
  bool is(const std::string& variable, std::string_view wanted) const {
    const plan::Value v = value(variable);
    if (v.type == plan::Value::Type::boolean) return wanted == (v.number != 0 ? "true" : "false");
    return v.type != plan::Value::Type::unknown && v.text == wanted;
  }
  /// What a plan does not name never changes: it is unknown of a member that is down, and as declared of others.
  plan::Value value(const std::string& variable) const {
    const auto found = world_->find(variable);
    return found == world_->end() ? plan::unknown() : found->second;
  }
  bool is_or_absent(const std::string& variable, std::string_view value) const {
    return world_->count(variable) == 0 || is(variable, value);
  }
  std::string host(std::size_t i) const { return "web.hosts." + name_of(i); }
  bool serves(std::size_t i) const { return is(host(i) + ".mode", "started") && is(name_of(i) + ".up", "true"); }

  void look_at(std::size_t i) {
    const std::string s = name_of(i);
    if (serves(i)) {
      require(is(s + ".health", "good"), s + " serves and is not known to be good");
      require(is_or_absent(s + ".forefront.enabled", "true") && is_or_absent(s + ".hooks.Contoso.active", "true"),
              s + " serves without its antivirus");
    }
    if (is(s + ".up", "true") && is(host(i) + ".initial", "started"))
      require(is(s + ".health", "good"), s + " would rejoin and is not known to be good");
    if (!is_or_absent(s + ".forefront.enabled", "true") || !is_or_absent(s + ".hooks.Contoso.active", "true"))
      require(silent(s), s + " is watched while its antivirus is off");
    if (array_.members[i].out) require(is(host(i) + ".mode", "stopped"), s + " was out and is put into service");
    if (array_.members[i].down || array_.members[i].updated)
      for (const std::string state : {"up", "health", "build", "reboot_pending"})
        require(start_.count(s + "." + state) == 0 || value(s + "." + state) == start_.at(s + "." + state),
                s + "." + state + " is changed, and nobody asked for it");
  }

  bool silent(const std::string& s) const {
    return is_or_absent(s + ".scom_agent.maintenance", "true") && is_or_absent(s + ".monitors.Nagios.silenced", "true");
  }

  void work_on(const UnderWay& step) {
    const std::string s = step.objects.at(0), place = step.action + " on " + s + ": ";
    require(is("web.hosts." + s + ".mode", "stopped"), place + "it is in the cluster");
    require(is("web.hosts." + s + ".initial", "stopped"), place + "it would rejoin by itself");
    require(silent(s), place + "it is watched");
    if (step.action == "reboot") return;
    require(is_or_absent(s + ".forefront.enabled", "false"), place + "Forefront is on");
    require(is_or_absent(s + ".hooks.Contoso.active", "false"), place + "its antivirus is on");
    if (step.action == "remove_interim") return;
    require(array_.service_pack || is(s + ".interim_update", "false"), place + "an interim update is there");
    if (array_.backup == "every_member") require(is(s + ".backed_up", "true"), place + "it has no backup");
    bool any = array_.backup != "one_member";
    for (std::size_t i = 0; i < array_.members.size(); ++i) any = any || is(name_of(i) + ".backed_up", "true");
    require(any, place + "no member has a backup");
  }

  const Array& array_;
  const cli::World& start_;
  const cli::World* world_ = nullptr;
  std::string seen_;
};

/// Plans, checks, and carries out in several orders.
void try_out(const Array& array, int orders = 12) {
  const std::string text = array.text();
  INFO(text);
  const Folder folder;
  const std::string file = folder.file("m.exm"), made = folder.file("plan.json");
  write_text(file, text);
  const Ran ran = call_exm({"plan", file, "-o", made});
  INFO(ran.err);
  if (!array.can_be_done()) {
    CHECK(ran.code == (array.serving() < array.needs ? 1 : 3));
    return;
  }
  REQUIRE(ran.code == 0);
  CHECK(call_runtime({"verify", made}).code == 0);
  auto plan = plan_from_json(text_of(made));
  REQUIRE(plan);
  const cli::World start = plan::start_world(*plan);
  CHECK(start.empty() ==
        std::none_of(array.members.begin(), array.members.end(), [](const Member& m) { return m.waits(); }));
  if (start.empty()) return;
  for (int seed = 0; seed < orders; ++seed) {
    Watch watch(array, start);
    const cli::World end = play(*plan, static_cast<std::uint32_t>(seed),
                                [&](const cli::World& w, const std::vector<UnderWay>& s) { watch(w, s); });
    REQUIRE_FALSE(end.empty());
    watch.end(end);
    INFO("order " << seed);
    CHECK(watch.seen() == "");
  }
}

}  // namespace

TEST_CASE("members: two to eight, of which all but one must serve, half, or one") {
  for (int n = 2; n <= 8; ++n)
    for (const int needs : {1, n / 2, n - 1}) {
      if (n > 4 && needs == 1) continue;  // long to plan, and nobody's wish
      Array array;
      array.members.resize(static_cast<std::size_t>(n));
      array.needs = needs;
      try_out(array, 2);
    }
}

TEST_CASE("members: each combination of Forefront, SCOM, and products that a person stops, on one of two") {
  for (int bits = 0; bits < 16; ++bits) {
    Array array;
    array.members.resize(2);
    array.members[0] = {false,           false,           false,           false,           false,
                        (bits & 1) != 0, (bits & 2) != 0, (bits & 4) != 0, (bits & 8) != 0, 0};
    array.members[1].imap = static_cast<std::size_t>(bits) % 5;
    try_out(array);
  }
}

TEST_CASE("members: backups, and both kinds of update") {
  for (const std::string backup : {"scheduled", "one_member", "every_member"})
    for (const bool service_pack : {false, true}) {
      Array array;
      array.members.resize(2);
      array.members[1].imap = 1;
      array.backup = backup;
      array.service_pack = service_pack;
      try_out(array);
    }
}

TEST_CASE("members: two or three, found in every sort of state") {
  std::mt19937 chance(20100824);
  const auto one_in = [&](std::uint32_t n) { return chance() % n == 0; };
  for (int i = 0; i < 40; ++i) {
    Array array;
    array.members.resize(i % 4 == 0 ? 3 : 2);
    for (Member& m : array.members)
      m = {one_in(8),  one_in(8),  one_in(5), one_in(4), one_in(5),
           !one_in(3), !one_in(3), one_in(4), one_in(4), chance() % 5};
    array.needs = std::max(1, array.serving() - 1);
    array.backup = one_in(3) ? "every_member" : one_in(2) ? "one_member" : "scheduled";
    array.service_pack = one_in(4);
    try_out(array);
  }
}
