// Runs a plan, or goes on with a run that was stopped or killed: each step checked, run and verified, each transition in
// the journal before its act. Entry point: run.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <vector>

#include "runtime/adapter/adapter.h"
#include "runtime/plan/plan.h"
#include "runtime/run/control.h"
#include "runtime/run/gates.h"
#include "runtime/run/journal.h"
#include "runtime/verify/verdict.h"

namespace exm {

/// What a person says of a step that is in doubt. `ended`: nothing of its command goes on; said before a retreat.
enum class Decision { done, again, ended };

/// What a person says to a question. `later`: nothing yet; it is asked again soon, and the run goes on meanwhile.
enum class Consent { yes, no, nobody, later };

struct RunOptions {
  int parallel = 0;                 // steps at once; 0: as many as the plan allows
  bool yes = false;                 // every gate is open
  std::set<std::string> approved;   // the ids of gates that are open
  bool wait_for_window = false;     // else a run outside its windows is refused
  std::map<std::string, Decision> decisions;  // by step
  /// Asks a person. Empty: nobody is ever there.
  std::function<Consent(const Gate&)> ask;
  /// Has a person take a step; yes when they say it is done. Empty: nobody is there.
  std::function<Consent(const std::string& step, const std::string& what)> hand_over;
  std::function<void(const Record&)> on_record;
  /// What somebody asks of the run: called whenever it looks around, and each second of the adapter's clock while it waits.
  /// Empty: nobody can ask.
  std::function<Request()> attend;
  std::stop_token stop_now;         // end at once, without waiting for what runs
  /// Whether what is left is valid from what is believed, some steps being over. Empty: by all clauses of a plan.
  std::function<Verdict(const World& believed, const std::set<std::string>& over)> check;
};

struct Outcome {
  enum class Kind {
    done,
    failed,       // a step failed, more than the plan tolerates
    in_doubt,     // a person has to decide
    drift,        // the world is not as the plan says; nothing was run there
    invalid,      // what is left of the plan is not valid from what was observed
    refused,      // a person has not said yes
    stopped,      // its window is closed, or somebody has asked for it
    bound,        // the check of the plan came to no answer
    interrupted,
    broken,       // the journal or the adapter can't be used
    usage,        // an option names what the plan does not have
  };
  Kind kind = Kind::done;
  std::string message;               // one line
  std::vector<std::string> details;  // what to know, and what to do
  int done = 0, skipped = 0, failed = 0, in_doubt = 0, left = 0;
  bool began = false;                // some command was given, in this run or an earlier one
  World believed;                    // the environment, as far as it is known
  bool back = false;                 // it was a retreat
  std::string way_back;              // of a run that has one: what `resume --retreat` would do
};

/// "done", "failed", ... as the event stream has it.
std::string_view name_of(Outcome::Kind kind);

/// `stop` asked for once: begins nothing new, and lets what runs end. The journal is new, or one of the same plan.
Outcome run(const plan::Plan& plan, Adapter& adapter, Journal& journal, std::stop_token stop, const RunOptions& options);

}  // namespace exm
