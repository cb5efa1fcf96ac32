// The run itself: one loop that begins what may begin, writes the journal, acts, and waits. Only run.cpp makes one.
// The steps' life is in runner_steps.cpp, what a killed run left behind in
// runner_settle.cpp, timers on hosts in runner_leases.cpp.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/run/judge.h"
#include "runtime/run/lease.h"
#include "runtime/run/lease_script.h"
#include "runtime/run/probes.h"
#include "runtime/run/progress.h"
#include "runtime/run/run.h"
#include "runtime/run/schedule.h"

namespace exm {

class Runner {
 public:
  Runner(const plan::Plan& plan, Adapter& adapter, Journal& journal, std::stop_token stop, const RunOptions& options);
  Outcome run();

 private:
  /// A step that this run is busy with.
  struct Active {
    enum class Phase {
      checking,   // probes are asked before it is run
      asking,     // a person has been asked, and has not answered yet
      leasing,    // timers are left on hosts, or ended, before it is run
      running,    // its command is under way
      verifying,  // probes are asked until its effects show
      resting,    // it is tried again at `wake`
      looking,    // it failed: probes are asked what it left
      settling,   // an earlier run had begun it: probes are asked what became of it
    };
    int step = 0;
    Phase phase = Phase::checking;
    std::shared_ptr<const plan::Template> shape;
    std::shared_ptr<const plan::Template> fallback;  // set when that is what runs
    int attempt = 1;
    Milliseconds deadline = 0;  // of its command and its effects
    Milliseconds wake = 0;      // when something is due; 0: nothing
    int timers = 0;             // leasing: so many are still to be answered for
    bool handed = false;        // running: a person does it, and has not said yet that it is done
    bool cancelled = false;
    bool lost = false;          // nobody knows whether its command goes on
    bool ended = false;         // settling: its command is known to have ended
    std::string reason;         // why it failed
    std::set<std::uint64_t> tickets;
    std::set<std::string> probed;
    World answers;
  };

  // the loop
  std::optional<Outcome> open();
  std::optional<Outcome> check_options();
  std::optional<Outcome> check_gates();
  void begin_steps();
  bool windows_allow();
  bool perform();
  void handle(const Reply& reply);
  void ring();
  void alarm(Active& active);
  void watch_stop();
  void attend();
  Milliseconds next_wake() const;
  void stop(Outcome::Kind kind, std::string message);
  Outcome conclude();
  Outcome end(Outcome::Kind kind, std::string message, std::vector<std::string> details = {});

  // the life of a step
  void start(int step);
  void ask(Active& active, const std::vector<std::string>& variables);
  void answered(Active& active);
  void checked(Active& active);
  bool may_run(Active& active);
  bool gates_open(Active& active);
  void ask_again(Active& active);
  bool rest_is_valid();
  bool takes(const Verdict& verdict, bool whole);
  void run_command(Active& active, const std::string& why);
  void give_command(Active& active);
  void ask_person(Active& active, const plan::Command& command);
  void executed(Active& active, const Reply& reply);
  void verify_effects(Active& active, const std::string& why);
  void look_at_effects(Active& active);
  void try_failed(Active& active, std::string reason);
  void after_failure(Active& active);
  bool begin_fallback(Active& active);
  void fail(Active& active);
  void finish(Active& active, StepState state, const std::string& why);
  void give_back(Active& active, const std::string& why);
  void tolerate(int step);

  // timers on hosts
  struct Held {
    Lease lease;
    bool left = false;          // it is on its host, for all that is known
    Milliseconds turned = 0;    // when it was last left or extended
    Milliseconds next = 0;      // when it is to be extended
    Milliseconds issued = 0;    // when the last command about it was given
    bool busy = false;          // that command is under way
  };
  struct TimerCommand {
    std::string name;           // of the timer
    LeaseAct act = LeaseAct::leave;
    int step = -1;              // that waits for it
  };
  std::optional<Outcome> check_leases();
  bool settle_timers(Active& active);
  void tend_timers();
  void timers_after(int step);
  void command_timer(Held& held, LeaseAct act, int step);
  void timer_turned(Held& held, LeaseAct what, const Reply& reply);
  void timer_answered(const TimerCommand& command, const Reply& reply);
  void take_timers_up();
  std::vector<std::shared_ptr<const plan::Template>> under_way(const Active* and_this) const;
  Milliseconds next_turn() const;

  // what an earlier run left
  Result<World> look_again();
  void settle_all();
  void settle_unfinished(int step);
  void settle_failed(int step);
  void settled(Active& active);
  Active& take_up(int step, Active::Phase phase);

  // small things
  void enter(const Active& active, StepState state, const std::string& why, const World& values = {});
  void tell(Record record);
  const plan::Step& step_of(const Active& active) const { return plan_.steps[static_cast<std::size_t>(active.step)]; }
  std::string label(int step) const;
  std::string key_of(const Active& active) const;
  void act(std::function<void()> what) { acts_.push_back(std::move(what)); }
  void act_on(int step, void (Runner::*what)(Active&));
  void forget_questions(Active& active);
  void wake_at(Active& active, Milliseconds time);

  const plan::Plan& plan_;
  Adapter& adapter_;
  Journal& journal_;
  std::stop_token stop_;
  const RunOptions& options_;
  Progress progress_;
  Probes probes_;
  Schedule schedule_;
  std::map<int, Active> active_;
  std::map<std::uint64_t, std::pair<int, std::string>> asked_;  // ticket: step, variable
  std::map<std::string, int> commands_;                         // key: step
  std::set<std::pair<Milliseconds, int>> alarms_;
  std::map<std::string, Held> timers_;                          // by name
  std::map<std::string, TimerCommand> timer_commands_;          // by the key of the command
  std::uint64_t last_timer_ = 0;
  std::vector<std::function<void()>> acts_;  // after the next commit
  std::vector<Record> told_;                 // to be shown after the next commit
  std::set<std::string> approved_;           // keys of gates
  World verified_astray_;                    // the strays with which the rest was found valid
  std::vector<std::string> problems_;
  std::uint64_t last_ticket_ = 0;
  Milliseconds window_opens_ = 0;
  int failures_ = 0;
  bool resumed_ = false;
  bool anything_ran_ = false;
  bool settling_ = false;
  bool stopping_ = false;
  bool paused_ = false;
  bool must_verify_ = false;                 // what is left is to be verified whatever the strays are
  Outcome::Kind stop_kind_ = Outcome::Kind::done;
  std::string stop_message_;
};

}  // namespace exm
