#include "runtime/cli/board.h"

#include <algorithm>

#include "runtime/run/retreat_plan.h"
#include "runtime/show/words.h"

namespace exm {
namespace {

/// Cut to what a line has room for; a character of UTF-8 is never cut in two, and none counts for more than one column.
std::string cut(const std::string& text, int columns) {
  std::string out;
  int used = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (begins && ++used > columns) break;
    out += text[i];
  }
  if (used > columns && columns > 1) {
    while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xc0) == 0x80) out.pop_back();
    if (!out.empty()) out.pop_back();
    out += "…";
  }
  return out;
}

std::string since_words(Milliseconds span) {
  const auto seconds = std::max<Milliseconds>(0, span / 1000);
  if (seconds < 120) return std::to_string(seconds) + " s";
  return show::duration_words(seconds / 60 * 60);
}

}  // namespace

Board::Board(const plan::Plan& plan, std::function<void(const std::string&)> show, std::function<Screen()> screen)
    : plan_(plan), show_(std::move(show)), screen_(std::move(screen)), progress_(plan), counts_(plan) {
  for (const auto& step : plan.steps) before_[step.id] = step.after;
}

void Board::take(const Record& record, const std::string& line) {
  progress_.take(record);
  if (begun_ == 0) begun_ = record.at;
  if (record.kind == Record::Kind::note && record.step.empty()) {
    if (record.text.rfind("paused", 0) == 0) paused_ = record.text;
    if (record.text == "goes on") paused_.clear();
  }
  if (record.kind == Record::Kind::retreat) back_from_ = record.step;
  if (record.kind == Record::Kind::transition) {
    if (!is_under_way(record.state))
      running_.erase(record.step);
    else
      running_.try_emplace(record.step, record.at);
  }
  if (line.empty()) return;
  clear();
  show_(line + "\n");
}

void Board::clear() {
  if (drawn_ > 0) show_("\x1b[" + std::to_string(drawn_) + "A\x1b[J");
  drawn_ = 0;
}

void Board::draw(Milliseconds now) {
  const Screen screen = screen_();
  std::string text;
  const auto all = lines(now, screen);
  for (const auto& line : all) text += cut(show::clean(line), screen.columns - 1) + "\n";
  clear();
  show_(text);
  drawn_ = all.size();
}

/// No more than half of the screen: what was said before stays in sight.
std::vector<std::string> Board::lines(Milliseconds now, const Screen& screen) const {
  const auto room = static_cast<std::size_t>(std::max(3, screen.rows / 2));
  std::vector<std::string> all{std::string(static_cast<std::size_t>(std::max(1, std::min(screen.columns - 1, 60))), '-'), summary_line(now)};
  if (!paused_.empty()) all.push_back(paused_);
  std::vector<std::string> last;
  if (auto next = next_line(); !next.empty() && room > 4) last.push_back(std::move(next));
  if (room > 5)
    for (const auto& count : counts_.nearest(progress_.believed(), room > 10 ? 3 : 1)) last.push_back("now    " + count_text(count));
  for (auto& line : running_lines(now, room - all.size() - last.size())) all.push_back(std::move(line));
  all.insert(all.end(), last.begin(), last.end());
  if (all.size() > room) all.resize(room);
  return all;
}

std::string Board::summary_line(Milliseconds now) const {
  const int over = progress_.count(StepState::done) + progress_.count(StepState::skipped);
  std::string line = std::to_string(over) + " of " + std::to_string(progress_.step_count()) + " done, " + std::to_string(running_.size()) + " under way";
  if (const int failed = progress_.count(StepState::failed) + progress_.count(StepState::in_doubt); failed > 0) line += ", " + std::to_string(failed) + " failed";
  if (!back_from_.empty()) return line + "; " + since_words(now - begun_) + "; on the way back from " + back_from_;
  line += "; " + since_words(begun_ == 0 ? 0 : now - begun_) + (plan_.summary.duration > 0 ? " of some " + show::duration_words(plan_.summary.duration) : "");
  return line;
}

/// Those that run longest first.
std::vector<std::string> Board::running_lines(Milliseconds now, std::size_t most) const {
  std::vector<std::pair<Milliseconds, std::string>> order;
  for (const auto& [id, since] : running_) order.emplace_back(since, id);
  std::sort(order.begin(), order.end());
  const bool too_many = order.size() > most;
  const std::size_t shown = too_many ? (most > 0 ? most - 1 : 0) : order.size();
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& [since, id] = order[i];
    const int step = progress_.number_of(id);
    const auto takes = step < 0 ? 0 : progress_.shape(step)->takes;
    lines.push_back("runs   " + id + "  " + since_words(now - since) + (takes > 0 ? " of " + show::duration_words(takes) : "") + "  " + title_of(plan_, id));
  }
  if (too_many && most > 0) lines.push_back("       and " + std::to_string(order.size() - shown) + " more");
  return lines;
}

/// The first step that waits for nothing but what runs.
std::string Board::next_line() const {
  if (!back_from_.empty()) return {};
  for (const auto& step : plan_.steps) {
    const int number = progress_.number_of(step.id);
    if (progress_.state(number) != StepState::pending) continue;
    std::string waits_for;
    bool soon = true;
    for (const auto& id : before_.at(step.id)) {
      if (is_over(progress_.state(progress_.number_of(id)))) continue;
      soon = soon && running_.count(id) != 0;
      waits_for += (waits_for.empty() ? "" : ", ") + id;
    }
    if (!step.acquires.empty()) waits_for += (waits_for.empty() ? "" : " and ") + std::string("a slot");
    if (soon) return "next   " + step.id + (waits_for.empty() ? "" : " after " + waits_for) + "  " + title_of(plan_, step.id);
  }
  return {};
}

}  // namespace exm
