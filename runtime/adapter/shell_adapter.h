// What the adapters that run shell commands have in common: requests become scripts, scripts become errands, and each ends
// in one reply. Here they run on this machine; `ssh` sends those of other hosts there. Entry point: ShellAdapter.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/adapter/adapter.h"
#include "runtime/adapter/errand.h"
#include "runtime/adapter/loop.h"
#include "runtime/adapter/script.h"
#include "runtime/adapter/secrets.h"

namespace exm {

struct ShellOptions {
  std::string secrets;                          // the folder that has them
  std::string begun;                            // when the run began, in UTC
  Milliseconds grace = 10'000;                  // between SIGTERM and SIGKILL
  int processes = 0;                            // at once; 0: as many as there may be open files for
  std::function<void(const std::string&)> log;  // a line for people
};

class ShellAdapter : public Adapter {
 public:
  /// The plan outlives it.
  ShellAdapter(const plan::Plan& plan, ShellOptions options);
  /// Commands that still run are ended, and not waited for longer than a second.
  ~ShellAdapter() override;

  Result<Milliseconds> start() override;
  bool speaks(std::string_view language) const override { return language == "shell"; }
  Milliseconds now() const override { return loop_.now(); }
  void observe(Observe request) override;
  void execute(Execute request) override;
  void cancel(const std::string& key) override;
  Fate fate(const std::string&) override { return Fate::unknown; }
  Result<std::vector<Reply>> wait(Milliseconds until) override;

 protected:
  struct Job {
    Reply::Kind kind = Reply::Kind::executed;
    std::uint64_t ticket = 0;
    std::string key;
    std::string variable;   // of a probe
    std::string host, address;
    std::string script, mark;
    std::unique_ptr<Errand> errand;  // none: it waits for its turn
    bool away = false;               // on another machine
    bool counted = false;            // among those that run
    bool stopping = false;
    bool cancelled = false;          // else its own time ran out
    bool killed = false;
    Milliseconds stop_by = 0;        // when it is killed, or given up
    Loop::Alarm alarm = 0;
  };
  using JobId = std::uint64_t;

  /// Sends the job's script where it belongs.
  virtual void dispatch(JobId id) { run_here(id); }
  /// Ends a job that has an errand: the whole process group.
  virtual void stop(JobId id) { stop_here(id); }
  /// What the end of an errand means.
  virtual Reply::Status status_of(const Job& job, const ErrandEnd& end) const;
  /// The job has its answer.
  virtual void over(const Job&) {}

  void run_here(JobId id);
  void stop_here(JobId id);
  void begin(JobId id, const std::vector<std::string>& command);
  void answer(JobId id, Reply::Status status, std::string text);
  Job* job(JobId id);
  std::map<JobId, Job>& jobs() { return jobs_; }
  /// Nothing that waits is begun any more.
  void leave() { leaving_ = true; }
  bool leaving() const { return leaving_; }
  Loop& loop() { return loop_; }
  const ShellOptions& options() const { return options_; }

 private:
  void take(Job job, const plan::Text& command);
  void run_next();
  void end_by_itself(JobId id);
  void ended(JobId id, const ErrandEnd& end);
  void watch_stop(JobId id);
  void tell_probe(const Job& job, const std::string& text);

  ShellOptions options_;
  Loop loop_;
  Secrets secrets_;
  Scripts scripts_;
  std::map<JobId, Job> jobs_;
  std::map<std::string, JobId> by_key_;
  std::deque<JobId> queue_;
  std::size_t running_ = 0, most_ = 1;
  bool leaving_ = false;
  int files_before_ = 0;  // how many a process may have open: what commands are given
  JobId last_ = 0;
  std::vector<Reply> replies_;
  std::map<std::string, std::string> said_;  // by variable: why it could not be observed
};

}  // namespace exm
