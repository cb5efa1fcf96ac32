#include "runtime/cli/interrupt.h"

#include <ctime>

namespace exm {

Interrupt::Interrupt() {
  sigemptyset(&signals_);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&signals_, number);
  pthread_sigmask(SIG_BLOCK, &signals_, &before_);
  listener_ = std::jthread([this](const std::stop_token& end) { listen(end); });
}

Interrupt::~Interrupt() {
  listener_.request_stop();
  listener_.join();
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

void Interrupt::listen(const std::stop_token& end) {
  const timespec moment{0, 20'000'000};
  while (!end.stop_requested()) {
    if (sigtimedwait(&signals_, nullptr, &moment) < 0) continue;
    if (once_.stop_requested()) twice_.request_stop();
    once_.request_stop();
  }
}

}  // namespace exm
