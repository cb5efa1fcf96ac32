// `plugin:COMMAND`: a program of anybody's that reaches hosts in its own way; docs/adapters.md is what its author reads.
// Whatever it does, it harms nothing but the steps that it was to take. Entry point: Plugin.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "runtime/adapter/adapter.h"
#include "runtime/adapter/loop.h"
#include "runtime/adapter/plugin_messages.h"
#include "runtime/adapter/process.h"

namespace exm {

struct PluginOptions {
  std::string command;                          // for `sh -c`
  std::map<std::string, std::string> options;   // for the plugin
  Milliseconds grace = 10'000;                  // for an answer once a command has been cancelled
  std::function<void(const std::string&)> log;  // a line for people
};

class Plugin final : public Adapter {
 public:
  /// The plan outlives it.
  Plugin(const plan::Plan& plan, PluginOptions options);
  /// Asks it to stop, and ends it where it does not.
  ~Plugin() override;

  std::string name() const override { return "plugin:" + options_.command; }
  Result<Milliseconds> start() override;
  bool speaks(std::string_view language) const override;
  Milliseconds now() const override { return loop_.now(); }
  void observe(Observe request) override;
  void execute(Execute request) override;
  void cancel(const std::string& key) override;
  Fate fate(const std::string&) override { return Fate::unknown; }
  Result<std::vector<Reply>> wait(Milliseconds until) override;

 private:
  enum class State { gone, starting, ready };
  /// Something that the plugin is to do.
  struct Request {
    std::optional<Observe> observe;
    std::optional<Execute> execute;
    bool cancelled = false;
    Milliseconds heard = 0;  // when it was cancelled: what had been heard of the plugin by then
    Loop::Alarm alarm = 0;
  };
  using Id = std::int64_t;

  // plugin.cpp: requests and their replies
  void take(Request request);
  void pump();
  void answer(Request request, Reply::Status status, std::string text);
  void too_late(Id id);
  void give_up(Id id);
  Id id_of(const std::string& key) const;

  // plugin_life.cpp: the program, and what it says
  void begin();
  void end(const std::string& why);
  void ended(const ProcessEnd& end);
  void hear(std::string_view bytes);
  void hear_line(std::string_view line);
  void hear_error(std::string_view bytes);
  void initialized(const Message& message);
  void answered(Id id, const Message& message);
  void breach(const std::string& what);
  void stray(const Message& message, std::string_view line);
  void lose_all(const std::string& why);
  void tell(const std::string& line);

  const plan::Plan& plan_;
  PluginOptions options_;
  Loop loop_;
  std::unique_ptr<Process> process_;
  State state_ = State::gone;
  std::string trouble_;          // why it is gone
  std::vector<std::string> languages_;
  std::size_t concurrency_ = 1;
  std::deque<Id> waiting_;       // to be sent
  std::map<Id, Request> requests_;
  std::map<Id, bool> sent_;      // false: it waits
  std::map<Id, std::string> recent_;  // answered, and not handed over yet: their keys
  std::set<Id> late_;            // an answer to these may still come, and changes nothing
  std::vector<Reply> replies_;
  std::string line_, error_line_;
  std::size_t since_answer_ = 0; // bytes
  Milliseconds heard_ = 0;       // the last time that it said anything
  int breaches_ = 0, deaths_ = 0;
  int lines_told_ = 0;
  Milliseconds telling_since_ = 0;
  Id last_ = 0, initialize_ = 0;
  Loop::Alarm patience_ = 0;
};

}  // namespace exm
