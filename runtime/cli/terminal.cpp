#include "runtime/cli/terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "runtime/run/retreat_plan.h"

namespace exm {
namespace {

const char* colour_of(StepState state) {
  switch (state) {
    case StepState::done: return "\x1b[32m";
    case StepState::skipped: return "\x1b[2m";
    case StepState::failed:
    case StepState::in_doubt: return "\x1b[31m";
    case StepState::running: return "\x1b[36m";
    default: return "";
  }
}

/// Text from a plan or a host may hold anything; a terminal is told only what it can print.
std::string printable(const std::string& text) {
  std::string clean;
  for (const char c : text) clean += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  return clean;
}

}  // namespace

Terminal look_at_terminal() {
  const char* no_colour = std::getenv("NO_COLOR");
  Terminal terminal;
  const char* kind = std::getenv("TERM");
  terminal.screen = isatty(STDOUT_FILENO) == 1 && kind != nullptr && std::string_view(kind) != "dumb";
  terminal.colour = isatty(STDOUT_FILENO) == 1 && (no_colour == nullptr || *no_colour == '\0');
  terminal.person = isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1;
  return terminal;
}

Screen screen_size() {
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0 || size.ws_row == 0) return {};
  return {size.ws_col, size.ws_row};
}

std::optional<std::string> record_line(const plan::Plan& plan, const Record& record, bool colour) {
  const std::string time = utc_text(record.at).substr(11, 8) + "  ";
  switch (record.kind) {
    case Record::Kind::started: return time + "run of " + plan.maintenance + " on " + record.text;
    case Record::Kind::resumed: return time + "run of " + plan.maintenance + " goes on, on " + record.text;
    case Record::Kind::transition: {
      if (record.state == StepState::checking) return std::nullopt;
      std::string state(name_of(record.state));
      state.resize(std::max<std::size_t>(state.size(), 9), ' ');
      if (colour) state = colour_of(record.state) + state + "\x1b[0m";
      std::string line = time + record.step + "  " + state + "  " + title_of(plan, record.step);
      if (record.attempt > 1) line += ", attempt " + std::to_string(record.attempt);
      if (!record.text.empty()) line += ": " + printable(record.text);
      return line;
    }
    case Record::Kind::drift: return time + record.step + "  drift      " + printable(record.text);
    case Record::Kind::approved: return time + "approved   " + printable(record.text);
    case Record::Kind::decided: return time + record.step + "  decided    " + record.text;
    case Record::Kind::retreat: return time + record.step + "  goes back  " + printable(record.text);
    case Record::Kind::lease: return time + record.step + "  timer      " + printable(record.text);
    case Record::Kind::note: return time + (record.step.empty() ? "" : record.step + "  ") + printable(record.text);
    case Record::Kind::ended: return std::nullopt;
  }
  return std::nullopt;
}

std::string outcome_text(const Outcome& outcome, const std::string& journal) {
  const int all = outcome.done + outcome.skipped + outcome.failed + outcome.in_doubt + outcome.left;
  std::string text;
  if (outcome.kind == Outcome::Kind::done) {
    text = "done: " + std::to_string(all) + (all == 1 ? " step" : " steps");
    if (outcome.skipped > 0) text += ", " + std::to_string(outcome.skipped) + " of them skipped: their effects held already";
    text += "\n";
    if (!outcome.back) return text;
    text = outcome.message + ": " + text;
    if (outcome.details.empty()) return text + "nothing stays open\n";
    text += "stays open:\n";
    for (const auto& line : outcome.details) text += "  " + printable(line) + "\n";
    return text;
  }
  text = std::string(name_of(outcome.kind)) + ": " + printable(outcome.message) + "\n";
  for (const auto& line : outcome.details) text += "  " + printable(line) + "\n";
  if (!outcome.began && outcome.done + outcome.skipped == 0) return text + "nothing was run\n";
  text += std::to_string(outcome.done + outcome.skipped) + " of " + std::to_string(all) + " steps are done, " +
          std::to_string(outcome.left) + " are left\n";
  text += "go on with: exm resume " + journal + (outcome.back ? " --retreat" : "") + "\n";
  if (outcome.kind == Outcome::Kind::drift || outcome.kind == Outcome::Kind::invalid)
    text += "or plan anew from what is seen: exm replan " + journal + " FILE…\n";
  if (!outcome.way_back.empty()) text += "or back: exm resume " + journal + " --retreat does: " + printable(outcome.way_back) + "\n";
  return text;
}

}  // namespace exm
