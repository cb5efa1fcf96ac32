// The outside world, as a run sees it: the only interface with virtual functions. A run hands in requests, then waits for
// what has ended; the clock is the adapter's, so that a simulated hour takes no time. Entry point: Adapter.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/result.h"

namespace exm {

/// Since 1970 in UTC, by the adapter's clock; also used for spans.
using Milliseconds = std::int64_t;

/// Asks the live system for one state.
struct Observe {
  std::uint64_t ticket = 0;  // comes back with the answer
  std::string step;          // for which step it is asked
  std::string host;          // an object's path, "controller", or empty
  std::string address;
  std::shared_ptr<const plan::Probe> probe;  // no slots are left in it
};

/// Tells a host to take a step. `language` is empty where there is nothing to run: the world does it by itself.
struct Execute {
  std::string key;  // the same when the step is tried again
  std::string step;
  std::string host;
  std::string address;
  std::string language;
  plan::Text command;       // no slots are left in it
  plan::Seconds timeout = 0;
  std::shared_ptr<const plan::Template> shape;  // the step with its slots filled; simulators live on it
};

/// Something that was asked for has ended.
struct Reply {
  enum class Kind { observed, executed };
  enum class Status {
    ok,
    failed,
    lost,  // executed only: nobody knows whether the command goes on
  };
  Kind kind = Kind::executed;
  Status status = Status::ok;
  std::uint64_t ticket = 0;  // of observed
  std::string key;           // of executed
  std::string text;          // what was observed, raw; or what went wrong
};

/// What has become of a command that a run which is no more had begun.
enum class Fate {
  unknown,
  not_begun,
  under_way,  // its `executed` will come
  ended_well,
  ended_badly,
};

class Adapter {
 public:
  virtual ~Adapter() = default;

  /// As `--adapter` names it.
  virtual std::string name() const = 0;
  /// Opens the session. Called once, before anything else but `name` and `speaks`.
  virtual Result<Milliseconds> start() = 0;
  /// Whether it runs commands of this language ("powershell", "shell", "person").
  virtual bool speaks(std::string_view language) const = 0;
  virtual Milliseconds now() const = 0;

  /// Both return at once; the answer comes from `wait`, exactly one for each request.
  virtual void observe(Observe request) = 0;
  virtual void execute(Execute request) = 0;
  /// Ends a command; its `executed` still comes, as `failed` when it has ended and as `lost` when that is not known.
  virtual void cancel(const std::string& key) = 0;
  virtual Fate fate(const std::string& key) = 0;

  /// Returns what has ended, as soon as something has or the clock shows `until`. It may return nothing sooner, and does
  /// so after a tenth of a second of real time, so that its caller can look around. A failure ends the run.
  virtual Result<std::vector<Reply>> wait(Milliseconds until) = 0;
};

}  // namespace exm
