// The simulator: an adapter with a world of its own, in a file of its own. Steps change it effect by effect, as their
// shapes say and as injections have it; time passes as fast as nothing happens. Entry point: Sim.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "runtime/adapter/adapter.h"
#include "runtime/adapter/effects.h"
#include "runtime/adapter/injection.h"
#include "runtime/adapter/sim_store.h"

namespace exm {

struct SimOptions {
  std::string path;                 // of the world's file
  SimStore::Open open = SimStore::Open::fresh;
  std::vector<Injection> injections;
  double speed = 0;                 // simulated seconds in a real one; 0: no waiting at all
  Milliseconds start = 0;           // what its clock shows when the world is fresh
  Evaluate evaluate;
  std::function<void()> at_point;   // called before and after each transaction
  std::function<void()> crash;      // what `crash:STEP@PHASE` does
};

class Sim final : public Adapter {
 public:
  /// The plan outlives it. `world` is where the plan starts.
  Sim(const plan::Plan& plan, World world, SimOptions options);

  std::string name() const override { return "sim"; }
  Result<Milliseconds> start() override;
  bool speaks(std::string_view) const override { return true; }
  Milliseconds now() const override { return now_; }
  void observe(Observe request) override;
  void execute(Execute request) override;
  void cancel(const std::string& key) override;
  Fate fate(const std::string& key) override;
  Result<std::vector<Reply>> wait(Milliseconds until) override;

  const World& world() const { return world_; }

 private:
  Result<Done> check_injections() const;
  Result<Done> transact(const std::function<Result<Done>()>& change);
  Result<Done> change(const Changes& changes);
  Result<Done> drift(const std::string& step);
  Result<Done> begin(const Execute& request);
  Result<Done> advance(SimCommand& command);
  Result<Done> stumble(SimCommand& command);
  Result<Done> finish(SimCommand& command);
  void schedule(const SimCommand& command);
  void note(const Result<Done>& done);
  void reply(const SimCommand& command, Reply::Status status, std::string text);
  const Injection* injected(Injection::Kind kind, const std::string& step) const;
  bool pass_time(Milliseconds until);

  const plan::Plan& plan_;
  SimOptions options_;
  World world_;
  std::optional<SimStore> store_;
  std::map<std::string, SimCommand> commands_;
  std::map<std::pair<Milliseconds, std::string>, SimCommand*> agenda_;  // what happens next, by time and key
  std::vector<Reply> replies_;
  std::optional<Failure> failure_;
  std::vector<const Injection*> drifted_;
  Milliseconds now_ = 0;
};

}  // namespace exm
