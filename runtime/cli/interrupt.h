// Ctrl-C as two stop tokens: asked once, a run begins nothing new; asked twice, it ends at once. Entry point: Interrupt.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace exm {

/// While one lives, SIGINT, SIGTERM and SIGHUP do no more than set its tokens.
class Interrupt {
 public:
  Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  ~Interrupt();

  std::stop_token once() const { return once_.get_token(); }
  std::stop_token twice() const { return twice_.get_token(); }

 private:
  void listen(const std::stop_token& end);

  std::stop_source once_, twice_;
  sigset_t signals_{}, before_{};
  std::jthread listener_;
};

}  // namespace exm
