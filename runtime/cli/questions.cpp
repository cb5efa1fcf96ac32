#include "runtime/cli/questions.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <iostream>

#include "runtime/show/words.h"

namespace exm {
namespace {

constexpr int patience = 50;  // milliseconds

bool is_yes(const std::string& line) { return line == "y" || line == "Y" || line == "yes"; }

}  // namespace

Questions::Questions(std::stop_token stop, std::function<void()> make_room) : stop_(std::move(stop)), make_room_(std::move(make_room)) {}

Consent Questions::ask(const std::string& id, const std::string& question) {
  if (!id_.empty() && id_ != id) return stop_.stop_requested() ? Consent::nobody : Consent::later;
  const auto end = [this](Consent answer) {
    if (answer == Consent::nobody && shown_) std::cerr << "\n";
    id_.clear();
    line_.clear();
    return answer;
  };
  if (stop_.stop_requested()) return end(Consent::nobody);
  if (id_.empty()) shown_ = false;
  id_ = id;
  if (!shown_) {
    make_room_();
    std::cerr << show::clean(question) << " [y/N] " << line_ << std::flush;
    shown_ = true;
  }
  pollfd input{STDIN_FILENO, POLLIN, 0};
  if (poll(&input, 1, patience) <= 0) return Consent::later;
  std::array<char, 256> some{};
  const auto got = read(STDIN_FILENO, some.data(), some.size());
  if (got <= 0) return end(Consent::nobody);
  line_.append(some.data(), static_cast<std::size_t>(got));
  const auto newline = line_.find('\n');
  if (newline == std::string::npos) return Consent::later;
  const std::string line = line_.substr(0, newline);
  return end(is_yes(line) ? Consent::yes : Consent::no);
}

}  // namespace exm
