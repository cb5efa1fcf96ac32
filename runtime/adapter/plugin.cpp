#include "runtime/adapter/plugin.h"

#include <algorithm>
#include <csignal>

namespace exm {
namespace {

constexpr Milliseconds probe_limit = 60'000;
constexpr Milliseconds farewell = 2'000;
constexpr std::size_t reply_size = 64 * 1024;
constexpr std::size_t words_size = 2'000;

std::string shortened(std::string text, std::size_t most) {
  if (text.size() > most) text = text.substr(0, most) + " […]";
  return text;
}

}  // namespace

Plugin::Plugin(const plan::Plan& plan, PluginOptions options) : plan_(plan), options_(std::move(options)) {}

Plugin::~Plugin() {
  if (!process_) return;
  for (const auto& [id, request] : requests_)
    if (request.execute && sent_[id]) process_->write(cancel_line(++last_, request.execute->key));
  process_->write(shutdown_line(++last_));
  process_->close_input();
  waiting_.clear();
  const auto wait_for_it = [this](Milliseconds span) {
    for (const Milliseconds end = now() + span; process_ && now() < end;) loop_.turn(end);
  };
  state_ = State::gone;
  wait_for_it(farewell);
  if (process_) process_->signal_group(SIGTERM);
  wait_for_it(farewell / 2);
  if (process_) process_->signal_group(SIGKILL);
}

Result<Milliseconds> Plugin::start() {
  begin();
  while (state_ == State::starting) loop_.turn(now() + 100);
  if (state_ != State::ready) return Failure{Failure::Kind::environment, name() + ": " + trouble_};
  return now();
}

bool Plugin::speaks(std::string_view language) const {
  return std::find(languages_.begin(), languages_.end(), language) != languages_.end();
}

void Plugin::observe(Observe request) {
  Request asked;
  asked.observe = std::move(request);
  if (!speaks(asked.observe->probe->language))
    return answer(std::move(asked), Reply::Status::failed, "the plugin does not speak the language of the probe");
  take(std::move(asked));
}

void Plugin::execute(Execute request) {
  Request given;
  given.execute = std::move(request);
  if (given.execute->language.empty()) return answer(std::move(given), Reply::Status::ok, {});
  take(std::move(given));
}

void Plugin::take(Request request) {
  const Id id = ++last_;
  if (request.observe) request.alarm = loop_.after(probe_limit, [this, id] { too_late(id); });
  requests_[id] = std::move(request);
  sent_[id] = false;
  waiting_.push_back(id);
  pump();
}

/// As many as the plugin says it can do at once.
void Plugin::pump() {
  if (state_ == State::gone && !waiting_.empty()) begin();
  while (state_ == State::ready && !waiting_.empty() && requests_.size() - waiting_.size() < concurrency_) {
    const Id id = waiting_.front();
    waiting_.pop_front();
    const Request& next = requests_.at(id);
    sent_[id] = true;
    process_->write(next.observe ? observe_line(id, *next.observe) : execute_line(id, *next.execute));
  }
}

void Plugin::answer(Request request, Reply::Status status, std::string text) {
  loop_.forget(request.alarm);
  const bool observed = request.observe.has_value();
  if (observed && status == Reply::Status::ok && text.size() > reply_size) {
    text = "the plugin said more than a value can be: " + std::to_string(text.size()) + " bytes";
    status = Reply::Status::failed;
  }
  text = shortened(std::move(text), observed ? reply_size : words_size);
  if (observed && status != Reply::Status::ok) tell("probe: " + request.observe->probe->variable + " could not be observed: " + text);
  replies_.push_back({observed ? Reply::Kind::observed : Reply::Kind::executed, status, observed ? request.observe->ticket : 0,
                      observed ? std::string() : request.execute->key, std::move(text)});
}

/// What became of a command: the plugin's word for it.
void Plugin::answered(Id id, const Message& message) {
  auto node = requests_.extract(id);
  sent_.erase(id);
  Request& request = node.mapped();
  recent_[id] = request.execute ? request.execute->key : std::string();
  if (message.kind == Message::Kind::refusal) {
    answer(std::move(request), Reply::Status::failed, "the plugin says: " + *message.error);
  } else if (request.observe) {
    if (message.text) answer(std::move(request), Reply::Status::ok, *message.text);
    else answer(std::move(request), Reply::Status::failed, "the plugin's answer has no `text`");
  } else if (message.status == "ok") {
    answer(std::move(request), Reply::Status::ok, message.output.value_or(""));
  } else if (message.status == "failed") {
    std::string text = message.code ? "it ended with code " + std::to_string(*message.code) : "it failed";
    const std::string words = message.error ? *message.error : message.output.value_or("");
    answer(std::move(request), Reply::Status::failed, words.empty() ? text : text + ": " + words);
  } else {
    answer(std::move(request), Reply::Status::lost, "the plugin's answer has no `status` that is ok or failed: nobody knows how the command ended");
  }
}

Plugin::Id Plugin::id_of(const std::string& key) const {
  const auto found = std::find_if(requests_.begin(), requests_.end(), [&](const auto& entry) { return entry.second.execute && entry.second.execute->key == key; });
  return found == requests_.end() ? 0 : found->first;
}

void Plugin::cancel(const std::string& key) {
  const Id id = id_of(key);
  if (id == 0) return;
  Request& request = requests_.at(id);
  if (!sent_.at(id)) {
    std::erase(waiting_, id);
    sent_.erase(id);
    auto node = requests_.extract(id);
    return answer(std::move(node.mapped()), Reply::Status::failed, "it was ended before it was begun");
  }
  if (request.cancelled) return;
  request.cancelled = true;
  request.heard = heard_;
  process_->write(cancel_line(++last_, key));
  late_.insert(last_);
  request.alarm = loop_.after(options_.grace, [this, id] { give_up(id); });
}

/// Cancelled, and no answer. A plugin that has said nothing at all since then hangs, and is ended.
void Plugin::give_up(Id id) {
  auto node = requests_.extract(id);
  if (node.empty()) return;
  if (sent_[id]) late_.insert(id);
  sent_.erase(id);
  node.mapped().alarm = 0;
  const bool silent = heard_ == node.mapped().heard;
  answer(std::move(node.mapped()), Reply::Status::lost, "the plugin was told to end it and does not answer: nobody knows whether it goes on");
  if (silent) end("it does not answer");
  pump();
}

void Plugin::too_late(Id id) {
  auto node = requests_.extract(id);
  if (node.empty()) return;
  std::erase(waiting_, id);
  if (sent_[id]) late_.insert(id);
  sent_.erase(id);
  node.mapped().alarm = 0;
  answer(std::move(node.mapped()), Reply::Status::failed, "the plugin did not answer within a minute");
  pump();
}

Result<std::vector<Reply>> Plugin::wait(Milliseconds until) {
  if (replies_.empty()) loop_.turn(until);
  recent_.clear();
  return std::exchange(replies_, {});
}

}  // namespace exm
