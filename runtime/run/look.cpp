#include "runtime/run/look.h"

namespace exm {
namespace {

constexpr Milliseconds patience = 60'000;

}  // namespace

Result<std::vector<Answer>> look(Adapter& adapter, const std::vector<Question>& questions, const std::string& step, const std::stop_token& stop) {
  std::vector<Answer> answers(questions.size());
  std::vector<bool> open(questions.size(), true);
  for (std::size_t q = 0; q < questions.size(); ++q)
    adapter.observe({q + 1, step, questions[q].host, questions[q].address, questions[q].probe});
  std::size_t left = questions.size();
  Milliseconds end = adapter.now() + patience;
  while (left > 0 && adapter.now() < end && !stop.stop_requested()) {
    auto replies = adapter.wait(end);
    if (!replies) return replies.error();
    for (const auto& reply : *replies) {
      if (reply.kind != Reply::Kind::observed || reply.ticket == 0 || reply.ticket > open.size() || !open[reply.ticket - 1]) continue;
      open[reply.ticket - 1] = false;
      answers[reply.ticket - 1] = {reply.status == Reply::Status::ok ? Answer::Kind::said : Answer::Kind::failed, reply.text};
      end = adapter.now() + patience;
      --left;
    }
  }
  return answers;
}

}  // namespace exm
