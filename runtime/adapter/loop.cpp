#include "runtime/adapter/loop.h"

#include <uv.h>

#include <algorithm>
#include <chrono>
#include <csignal>

namespace exm {
namespace {

constexpr Milliseconds longest = 100;  // so that whoever waits can look around

}  // namespace

Loop::Loop() : loop_(std::make_unique<uv_loop_s>()), timer_(std::make_unique<uv_timer_s>()) {
  // A program that ends before it has read its input is told by the write; it must not end this one.
  (void)std::signal(SIGPIPE, SIG_IGN);
  uv_loop_init(loop_.get());
  uv_timer_init(loop_.get(), timer_.get());
  wall_ = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  birth_ = uv_hrtime();
}

Loop::~Loop() {
  uv_close(reinterpret_cast<uv_handle_t*>(timer_.get()), nullptr);
  uv_run(loop_.get(), UV_RUN_DEFAULT);
  uv_loop_close(loop_.get());
}

Milliseconds Loop::now() const { return wall_ + static_cast<Milliseconds>((uv_hrtime() - birth_) / 1'000'000); }

Loop::Alarm Loop::at(Milliseconds when, std::function<void()> what) {
  alarms_[{when, ++last_}] = std::move(what);
  times_[last_] = when;
  return last_;
}

void Loop::forget(Alarm& alarm) {
  if (const auto found = times_.find(alarm); found != times_.end()) {
    alarms_.erase({found->second, alarm});
    times_.erase(found);
  }
  alarm = 0;
}

void Loop::ring() {
  while (!alarms_.empty() && alarms_.begin()->first.first <= now()) {
    auto first = alarms_.extract(alarms_.begin());
    times_.erase(first.key().second);
    first.mapped()();
  }
}

void Loop::turn(Milliseconds until) {
  const Milliseconds here = now();
  if (!alarms_.empty()) until = std::min(until, alarms_.begin()->first.first);
  const auto span = std::clamp<Milliseconds>(until - here, 0, longest);
  uv_update_time(loop_.get());
  if (span > 0) uv_timer_start(timer_.get(), [](uv_timer_t*) {}, static_cast<std::uint64_t>(span), 0);
  uv_run(loop_.get(), span > 0 ? UV_RUN_ONCE : UV_RUN_NOWAIT);
  uv_timer_stop(timer_.get());
  ring();
}

}  // namespace exm
