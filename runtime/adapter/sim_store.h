// The simulated hosts' own file: they outlive the controller, so each thing that happens to them is one transaction.
// Entry points: SimStore::open, and read_simulation for those who want to know how it ended.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "runtime/adapter/adapter.h"
#include "runtime/adapter/database.h"
#include "runtime/adapter/effects.h"

namespace exm {

/// A command that a simulated host was given, with all that it read when it began.
struct SimCommand {
  enum class State { going, stuck, gone, ended_well, ended_badly };
  std::string key;
  std::string step;
  State state = State::going;
  int phase = -1;              // -1: accepted; 0: `during` holds; n: n groups of effects are done
  Milliseconds next = 0;       // when the next phase comes
  Milliseconds each = 0;       // between two phases
  Changes during;
  Changes back;                // what the end puts back: `during` values that no effect sets
  std::vector<Changes> effects;
};

/// Once for each time that a command was begun.
struct Execution {
  std::string key;
  std::string step;
};

struct SimRecord {
  World changed;  // the variables that ever changed
  std::vector<Execution> executions;
};

class SimStore {
 public:
  enum class Open { fresh, existing };
  static Result<SimStore> open(const std::string& path, Open how);

  /// What the file holds.
  Result<Milliseconds> load(World& world, std::map<std::string, SimCommand>& commands);

  Result<Done> begin();
  Result<Done> commit(Milliseconds now);
  Result<Done> save(const std::string& variable, const plan::Value& value);
  Result<Done> save(const SimCommand& command);
  /// How far one that is saved has come; what it does stays as it was.
  Result<Done> save_progress(const SimCommand& command);
  Result<Done> log(const Execution& execution, Milliseconds now);
  /// How often a step was begun.
  Result<std::int64_t> executions(const std::string& step);

 private:
  explicit SimStore(Database database) : database_(std::move(database)) {}
  Result<Done> prepare();

  Database database_;
  Statement begin_, commit_, clock_, variable_, command_, advance_, execution_, count_;
};

Result<SimRecord> read_simulation(const std::string& path);

}  // namespace exm
