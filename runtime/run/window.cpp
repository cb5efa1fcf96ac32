#include "runtime/run/window.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <limits>

namespace exm {
namespace {

constexpr Milliseconds minute = 60'000;
constexpr Milliseconds week = 7 * 24 * 60 * minute;

/// Local time in a zone, for as long as it lives. C has one zone for the whole process; a run has one thread.
class Zone {
 public:
  explicit Zone(const std::string& name) : changed_(!name.empty()) {
    if (!changed_) return;
    if (const char* before = std::getenv("TZ")) before_ = before;
    setenv("TZ", name.c_str(), 1);
    tzset();
  }
  Zone(const Zone&) = delete;
  Zone& operator=(const Zone&) = delete;
  ~Zone() {
    if (!changed_) return;
    if (before_)
      setenv("TZ", before_->c_str(), 1);
    else
      unsetenv("TZ");
    tzset();
  }

 private:
  bool changed_;
  std::optional<std::string> before_;
};

/// How long ago, by the wall clock, the window last began.
Milliseconds since_begin(const plan::Window& window, Milliseconds now) {
  const Zone zone(window.zone);
  const std::time_t seconds = static_cast<std::time_t>(now / 1000);
  std::tm local{};
  localtime_r(&seconds, &local);
  const Milliseconds day = (local.tm_wday + 6) % 7;
  const Milliseconds in_week =
      ((day * 24 + local.tm_hour) * 60 + local.tm_min) * minute + local.tm_sec * Milliseconds{1000} + now % 1000;
  const Milliseconds begin = (Milliseconds{window.weekday} * 24 * 60 + window.minute) * minute;
  return ((in_week - begin) % week + week) % week;
}

}  // namespace

WindowLook look_at_windows(const std::vector<plan::Window>& windows, Milliseconds now) {
  if (windows.empty()) return {true, std::numeric_limits<Milliseconds>::max(), 0};
  WindowLook look;
  look.opens = std::numeric_limits<Milliseconds>::max();
  for (const auto& window : windows) {
    const Milliseconds since = since_begin(window, now);
    const Milliseconds length = window.length * 1000;
    if (since < length) {
      look.open = true;
      look.closes = std::max(look.closes, now + length - since);
    } else {
      look.opens = std::min(look.opens, now + week - since);
    }
  }
  return look;
}

std::string window_text(const plan::Window& window) {
  constexpr std::array<const char*, 7> days{"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  const auto two = [](std::int64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
  return std::string(days[static_cast<std::size_t>(window.weekday % 7)]) + " " + two(window.minute / 60) + ":" +
         two(window.minute % 60) + " for " + std::to_string(window.length / 3600) + " h " +
         std::to_string(window.length / 60 % 60) + " min" + (window.zone.empty() ? "" : " in " + window.zone);
}

}  // namespace exm
