#include "tests/run/contract.h"

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>

#include "runtime/adapter/adapters.h"
#include "runtime/verify/evaluate.h"
#include "tests/run/sshd.h"

namespace exm::test {
namespace {

const char* script_of(Deed deed) {
  switch (deed) {
    case Deed::well: return "echo done";
    case Deed::badly: return "echo 'no such thing' >&2\nexit 3";
    case Deed::slow: return "(trap '' TERM; sleep 600) &\nsleep 600";
    case Deed::flood: return "head -c 20000000 /dev/zero | tr '\\0' x";
    case Deed::beat: return "sleep 0.1";
  }
  return "";
}

const char* name_of(Deed deed) {
  switch (deed) {
    case Deed::badly: return "badly";
    case Deed::slow: return "slow";
    default: return "well";
  }
}

std::unique_ptr<Adapter> started(const AdapterChoice& choice, AdapterSetup setup) {
  static const plan::Plan plan = contract_plan();
  setup.start = plan::start_world(plan);
  setup.begun = "2026-11-24T02:00:00.000Z";
  auto made = make_adapter(choice, plan, std::move(setup));
  if (!made) throw std::runtime_error(made.error().message);
  if (auto clock = (*made)->start(); !clock) throw std::runtime_error(clock.error().message);
  return std::move(*made);
}

Ground sim_ground() {
  Ground ground;
  ground.name = "sim";
  ground.real = false;
  ground.make = [] {
    static const Folder folder;
    static int count = 0;
    AdapterSetup setup;
    setup.sim.path = folder.file(std::to_string(++count) + ".sim");
    setup.sim.injections = injections({"fail:badly", "hang:slow"});
    setup.sim.evaluate = [](const plan::Expression& expression, const World& world) { return evaluate(expression, world); };
    setup.sim.start = 1'700'000'000'000;
    return started({"sim", {}}, std::move(setup));
  };
  return ground;
}

Ground local_ground() {
  Ground ground;
  ground.name = "local";
  ground.make = [] { return started({"local", {{"grace", "1"}}}, {}); };
  return ground;
}

Ground ssh_ground(const Sshd& server) {
  Ground ground;
  ground.name = "ssh";
  ground.many = 60;
  ground.many_within = 30;  // a server that is busy with others takes its time for a session
  ground.soon = 20'000;
  ground.address = "h1";
  ground.make = [&server] { return started({"ssh", {{"grace", "1"}, {"config", server.config()}}}, {}); };
  return ground;
}

/// The plugin that users copy.
Ground plugin_ground() {
  Ground ground;
  ground.name = "plugin";
  ground.many = 60;
  ground.soon = 20'000;
  ground.make = [] { return started({"plugin:exec python3 " EXM_SOURCE_DIR "/examples/plugin/exec.py", {}}, {}); };
  return ground;
}

}  // namespace

plan::Plan contract_plan() {
  plan::Plan plan;
  plan.maintenance = "contract";
  plan.kinds["server"].states["mode"] = {plan::Type{plan::Type::Kind::text, {}, {}, {}}, plan::text("started"), false};
  plan.objects["h1"].kind = "server";
  plan.hosts["h1"].address = "127.0.0.1";
  for (const char* name : {"well", "badly", "slow"}) {
    plan.templates[name].action = name;
    plan.steps.push_back({name, name, {}, {}, {}, {}, {}, {}, {}});
  }
  return plan;
}

const std::vector<Ground>& grounds() {
  static const std::vector<Ground> all = [] {
    std::vector<Ground> list{sim_ground(), local_ground()};
    if (const auto* server = Sshd::shared(); server != nullptr) list.push_back(ssh_ground(*server));
    if (std::system("python3 -c ''") == 0) list.push_back(plugin_ground());
    else std::fprintf(stderr, "SKIPPED: no plugin is tried, as there is no python3\n");
    return list;
  }();
  return all;
}

void Talk::give(const std::string& key, Deed deed) {
  auto shape = std::make_shared<plan::Template>();
  adapter_->execute({key, name_of(deed), ground_.host, ground_.address, ground_.language,
                     {{plan::Piece::Kind::text, script_of(deed), {}, 0}}, 60, shape});
}

void Talk::give(const std::string& key, const std::string& script) {
  adapter_->execute({key, "well", ground_.host, ground_.address, ground_.language, {{plan::Piece::Kind::text, script, {}, 0}}, 60,
                     std::make_shared<plan::Template>()});
}

void Talk::ask(std::uint64_t ticket, const plan::Text& command) {
  plan::Probe probe{"h1.mode", ground_.language, {command, {}}, {}, 5};
  adapter_->observe({ticket, "well", ground_.host, ground_.address, std::make_shared<const plan::Probe>(probe)});
}

void Talk::listen(Milliseconds span) {
  const Milliseconds end = adapter_->now() + span;
  do {
    auto replies = adapter_->wait(end);
    INFO((replies ? std::string() : replies.error().message));
    REQUIRE(replies);
    for (auto& reply : *replies) {
      ++count_;
      const std::string name = reply.kind == Reply::Kind::executed ? reply.key : "#" + std::to_string(reply.ticket);
      got_[name].push_back(std::move(reply));
    }
  } while (adapter_->now() < end);
}

Reply Talk::take(const std::string& name, Milliseconds patience) {
  const Milliseconds end = adapter_->now() + patience;
  while (got_[name].empty() && adapter_->now() < end) listen(ground_.real ? 10 : 1);
  INFO(ground_.name << ": no answer to " << name);
  REQUIRE_FALSE(got_[name].empty());
  Reply first = got_[name].front();
  got_[name].erase(got_[name].begin());
  return first;
}

Reply Talk::reply(const std::string& key, Milliseconds patience) { return take(key, patience); }
Reply Talk::reply(std::uint64_t ticket) { return take("#" + std::to_string(ticket), ground_.soon); }

}  // namespace exm::test
