// One thread's event loop over libuv, for the adapters that reach real hosts: a clock that no change of the wall clock
// moves, and alarms. Entry point: Loop.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>

#include "runtime/adapter/adapter.h"

struct uv_loop_s;
struct uv_timer_s;

namespace exm {

class Loop {
 public:
  using Alarm = std::uint64_t;  // 0: none

  Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;
  /// Every process on it must be gone by then.
  ~Loop();

  /// Since 1970 in UTC: what the wall clock showed when the loop was made, and the time since by the monotonic clock.
  Milliseconds now() const;

  /// Calls `what` from within `turn`, once `when` has come.
  Alarm at(Milliseconds when, std::function<void()> what);
  Alarm after(Milliseconds span, std::function<void()> what) { return at(now() + span, std::move(what)); }
  void forget(Alarm& alarm);

  /// Waits until something happens or the clock shows `until`, a tenth of a second at the longest, and handles it.
  void turn(Milliseconds until);

  uv_loop_s* handle() { return loop_.get(); }
  /// Where what is read stands until it has been handled: one for all, as one thing is handled at a time.
  std::array<char, 64 * 1024>& buffer() { return buffer_; }

 private:
  void ring();

  std::unique_ptr<uv_loop_s> loop_;
  std::unique_ptr<uv_timer_s> timer_;
  Milliseconds wall_ = 0;
  std::uint64_t birth_ = 0;  // nanoseconds of the monotonic clock
  std::map<std::pair<Milliseconds, Alarm>, std::function<void()>> alarms_;
  std::map<Alarm, Milliseconds> times_;
  Alarm last_ = 0;
  std::array<char, 64 * 1024> buffer_{};
};

}  // namespace exm
