#include "runtime/adapter/errand.h"

#include <csignal>

namespace exm {
namespace {

constexpr Milliseconds moment = 300;         // for the shell to go once it has said how its script ended
constexpr std::size_t recent_size = 256;     // more than a mark and what stands beside it
constexpr std::size_t last_words_size = 2000;

}  // namespace

Result<std::unique_ptr<Errand>> Errand::start(Loop& loop, const std::vector<std::string>& command, std::string script, std::string mark,
                                              std::function<void(ErrandEnd)> ended) {
  std::unique_ptr<Errand> errand(new Errand(loop));
  errand->script_ = std::move(script);
  errand->mark_ = std::move(mark);
  errand->ended_ = std::move(ended);
  auto* self = errand.get();
  auto process = Process::start(loop, command, true,
                                {[self](std::string_view bytes) { self->hear(bytes); },
                                 [self](std::string_view bytes) { self->errors_.add(bytes); },
                                 [self](const ProcessEnd& end) { self->finish(end); }});
  if (!process) return process.error();
  errand->process_ = std::move(*process);
  return errand;
}

Errand::~Errand() { loop_.forget(patience_); }

void Errand::hear(std::string_view bytes) {
  output_.add(bytes);
  recent_ += bytes;
  if (group_ == 0) {
    const auto marked = read_marks(recent_, mark_);
    if (marked.begun) {
      group_ = marked.group;
      process_->write(script_line(script_));
      process_->close_input();
      script_.clear();
    }
  }
  if (group_ != 0 && patience_ == 0 && recent_.find(mark_ + " end ") != std::string::npos)
    patience_ = loop_.after(moment, [this] { finish({}); });
  if (recent_.size() > recent_size) recent_.erase(0, recent_.size() - recent_size);
}

void Errand::finish(const ProcessEnd& end) {
  ErrandEnd told{read_marks(output_.text(), mark_), errors_.text(), output_.whole(), end};
  const auto ended = std::move(ended_);
  loop_.forget(patience_);
  if (ended) ended(std::move(told));
}

std::string last_words(const ErrandEnd& end) {
  std::string words = end.errors.find_first_not_of(" \t\r\n") == std::string::npos ? end.output.said : end.errors;
  while (!words.empty() && std::string_view(" \t\r\n").find(words.back()) != std::string_view::npos) words.pop_back();
  if (words.size() <= last_words_size) return words;
  auto from = words.size() - last_words_size;
  while (from < words.size() && (static_cast<unsigned char>(words[from]) & 0xC0u) == 0x80u) ++from;
  return "[…] " + words.substr(from);
}

}  // namespace exm
