// `--time-limit`: a request to stop, some time from now.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace exm {

/// Asks for a stop when the time is over. No time: never.
class Deadline {
 public:
  explicit Deadline(double seconds) {
    if (seconds <= 0) return;
    timer_ = std::jthread([this, seconds](std::stop_token over) {
      std::mutex mutex;
      std::unique_lock lock(mutex);
      std::condition_variable_any wake;
      wake.wait_for(lock, over, std::chrono::duration<double>(seconds), [] { return false; });
      if (!over.stop_requested()) stop_.request_stop();
    });
  }
  std::stop_token token() const { return stop_.get_token(); }
  bool passed() const { return stop_.stop_requested(); }

 private:
  std::stop_source stop_;
  std::jthread timer_;
};

}  // namespace exm
