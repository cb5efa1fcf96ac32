#include "runtime/cli/attendant.h"

namespace exm {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto between_looks = std::chrono::milliseconds(200);
constexpr auto between_drawings = std::chrono::seconds(1);

Milliseconds wall_clock() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

Attendant::Attendant(std::string journal, HostLocks locks) : journal_(std::move(journal)), locks_(std::move(locks)) { forget_request(journal_); }

Attendant::~Attendant() {
  clear();
  forget_request(journal_);
}

void Attendant::show(Board& board, std::function<Milliseconds()> now, std::function<bool()> busy) {
  board_ = &board;
  now_ = std::move(now);
  busy_ = std::move(busy);
}

void Attendant::clear() {
  if (board_ != nullptr) board_->clear();
  drawn_ = {};
}

Request Attendant::look() {
  const auto time = Clock::now();
  if (board_ != nullptr && !busy_() && time - drawn_ >= between_drawings) {
    drawn_ = time;
    board_->draw(now_());
  }
  if (time - looked_ < between_looks) return last_;
  looked_ = time;
  last_ = asked_of_run(journal_);
  if (auto extended = locks_.extend(wall_clock()); !extended) last_ = {Request::Kind::stop, {}, extended.error().message};
  return last_;
}

}  // namespace exm
