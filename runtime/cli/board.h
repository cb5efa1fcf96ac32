// What a person sees of a run at the bottom of a terminal: what runs where and since when, what comes next, and how near the
// environment is to what the rules keep. It is made of the run's records alone, and drawn anew in place. Entry point: Board.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "runtime/run/headroom.h"
#include "runtime/run/progress.h"

namespace exm {

struct Screen {
  int columns = 80;
  int rows = 24;
};

class Board {
 public:
  /// `show` writes to the terminal; `screen` is asked at each drawing, as windows change. The plan outlives it.
  Board(const plan::Plan& plan, std::function<void(const std::string&)> show, std::function<Screen()> screen);

  /// Takes a record over, and prints its line (where it has one) above the board.
  void take(const Record& record, const std::string& line);
  /// Draws it as of this time of the run's clock.
  void draw(Milliseconds now);
  /// Takes it away: what is printed next stands where it was.
  void clear();

 private:
  std::vector<std::string> lines(Milliseconds now, const Screen& screen) const;
  std::string summary_line(Milliseconds now) const;
  std::vector<std::string> running_lines(Milliseconds now, std::size_t most) const;
  std::string next_line() const;

  const plan::Plan& plan_;
  std::function<void(const std::string&)> show_;
  std::function<Screen()> screen_;
  Progress progress_;
  Counts counts_;
  std::map<std::string, std::vector<std::string>> before_;  // what a step waits for
  std::map<std::string, Milliseconds> running_;             // since when, by step
  Milliseconds begun_ = 0;
  std::string paused_;
  std::string back_from_;  // the step from which the run goes back
  std::size_t drawn_ = 0;  // lines on the screen now
};

}  // namespace exm
