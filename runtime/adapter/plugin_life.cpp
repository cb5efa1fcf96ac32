// A plugin's program: how it begins and ends, and what is made of what it says.
#include <algorithm>
#include <csignal>

#include "runtime/adapter/plugin.h"

namespace exm {
namespace {

constexpr Milliseconds to_initialize = 30'000;
constexpr std::size_t line_size = 4 * 1024 * 1024;    // of one message
constexpr std::size_t flood_size = 16 * 1024 * 1024;  // said without answering anything
constexpr int most_breaches = 20;
constexpr int most_deaths = 3;                        // in a row, without an answer between
constexpr int lines_a_second = 50;
constexpr std::size_t told_size = 500;

std::string excerpt(std::string_view line) {
  return line.size() > 120 ? std::string(line.substr(0, 120)) + "[…]" : std::string(line);
}

}  // namespace

void Plugin::begin() {
  if (deaths_ >= most_deaths) {
    trouble_ = "it has ended " + std::to_string(deaths_) + " times without an answer, and is not begun again: " + trouble_;
    deaths_ = most_deaths - 1;  // the next request may try once more
    return lose_all(trouble_);
  }
  line_.clear();
  error_line_.clear();
  since_answer_ = 0;
  breaches_ = 0;
  late_.clear();
  auto process = Process::start(loop_, {"sh", "-c", options_.command}, true,
                                {[this](std::string_view bytes) { hear(bytes); }, [this](std::string_view bytes) { hear_error(bytes); },
                                 [this](const ProcessEnd& end) { ended(end); }});
  if (!process) {
    trouble_ = process.error().message;
    return lose_all(trouble_);
  }
  process_ = std::move(*process);
  state_ = State::starting;
  initialize_ = ++last_;
  process_->write(initialize_line(initialize_, plan_, options_.options));
  patience_ = loop_.after(to_initialize, [this] {
    patience_ = 0;
    end("it did not answer `initialize` within " + std::to_string(to_initialize / 1000) + " s");
  });
}

/// Ends it, since it does not keep to the protocol. What it was to do is lost; the next request begins it anew.
void Plugin::end(const std::string& why) {
  if (!process_) return;
  process_->signal_group(SIGKILL);
  process_.reset();
  ++deaths_;
  lose_all(why);
}

void Plugin::ended(const ProcessEnd& end) {
  if (!error_line_.empty()) tell("plugin: " + std::exchange(error_line_, {}));
  process_.reset();
  ++deaths_;
  std::string how = end.signal != 0 ? "it was ended by signal " + std::to_string(end.signal) : "it ended with exit code " + std::to_string(end.code);
  if (end.code == 127) how += " (is there such a program?)";
  lose_all(how);
}

/// Of a command that it had been given nobody knows what becomes; what it had not been given was not begun.
void Plugin::lose_all(const std::string& why) {
  loop_.forget(patience_);
  const bool starting = state_ == State::starting || state_ == State::gone;
  state_ = State::gone;
  trouble_ = why;
  for (auto node = requests_.begin(); node != requests_.end();) {
    if (!sent_.at(node->first) && !starting) {
      ++node;
      continue;
    }
    const bool given = sent_.at(node->first) && node->second.execute;
    std::erase(waiting_, node->first);
    sent_.erase(node->first);
    Request request = std::move(node->second);
    node = requests_.erase(node);
    answer(std::move(request), given ? Reply::Status::lost : Reply::Status::failed,
           given ? "the plugin is gone, and nobody knows whether the command goes on: " + why : "the plugin is gone: " + why);
  }
  if (!starting && !waiting_.empty()) loop_.after(0, [this] { pump(); });
}

void Plugin::hear(std::string_view bytes) {
  heard_ = now();
  since_answer_ += bytes.size();
  while (!bytes.empty() && process_) {
    const auto cut = bytes.find('\n');
    line_ += bytes.substr(0, cut);
    if (line_.size() > line_size) return end("it said a line of more than " + std::to_string(line_size / 1024 / 1024) + " MiB");
    if (cut == std::string_view::npos) break;
    bytes.remove_prefix(cut + 1);
    const std::string line = std::exchange(line_, {});
    if (!line.empty() && line != "\r") hear_line(line);
  }
  if (process_ && since_answer_ > flood_size) end("it said " + std::to_string(flood_size / 1024 / 1024) + " MiB without an answer to anything");
}

void Plugin::hear_line(std::string_view line) {
  const auto message = read_message(line);
  if (!message) return breach("this is no message of the protocol: " + excerpt(line));
  if (message->kind == Message::Kind::progress) return tell("plugin: " + message->key + ": " + *message->text);
  if (state_ == State::starting) {
    if (message->id == initialize_) return initialized(*message);
    return end("it answered something else before `initialize`: " + excerpt(line));
  }
  const auto sent = sent_.find(message->id);
  if (sent != sent_.end() && sent->second) {
    since_answer_ = 0;
    deaths_ = 0;
    answered(message->id, *message);
    return pump();
  }
  stray(*message, line);
}

/// An answer that nobody waits for: late, twice, or out of the blue. The command that it answers for a second time has failed,
/// where its first answer has not been handed over yet.
void Plugin::stray(const Message& message, std::string_view line) {
  if (late_.erase(message.id) != 0) return;
  if (const auto twice = recent_.find(message.id); twice != recent_.end() && !twice->second.empty())
    for (auto& reply : replies_) {
      if (reply.kind != Reply::Kind::executed || reply.key != twice->second) continue;
      reply.status = Reply::Status::failed;
      reply.text = "the plugin answered twice; none of its answers is believed";
    }
  tell("plugin: it answered what it was not asked, or answered twice: " + excerpt(line));
  if (++breaches_ > most_breaches) end("it does not keep to the protocol: it answers what it is not asked");
}

void Plugin::initialized(const Message& message) {
  if (message.kind == Message::Kind::refusal) return end("it refuses to begin: " + *message.error);
  if (message.languages.empty()) return end("its answer to `initialize` has no `languages`");
  if (message.concurrency < 1) return end("its answer to `initialize` has a `concurrency` below 1");
  loop_.forget(patience_);
  since_answer_ = 0;
  languages_ = message.languages;
  concurrency_ = static_cast<std::size_t>(message.concurrency);
  state_ = State::ready;
  pump();
}

/// It said what it may not. Where only one command can be meant, that one is lost; else each has its deadline.
void Plugin::breach(const std::string& what) {
  tell("plugin: " + what);
  if (state_ == State::starting) return end(what);
  if (++breaches_ > most_breaches) return end("it does not keep to the protocol: " + what);
  Id only = 0;
  for (const auto& [id, sent] : sent_)
    if (sent) only = only == 0 ? id : -1;
  if (only <= 0) return;
  auto node = requests_.extract(only);
  sent_.erase(only);
  const bool executes = node.mapped().execute.has_value();
  late_.insert(only);
  answer(std::move(node.mapped()), executes ? Reply::Status::lost : Reply::Status::failed, what);
  pump();
}

void Plugin::hear_error(std::string_view bytes) {
  for (const char c : bytes) {
    if (c != '\n' && error_line_.size() < told_size) error_line_ += c;
    if (c == '\n') tell("plugin: " + std::exchange(error_line_, {}));
  }
}

/// So many lines a second, and one that says that there were more.
void Plugin::tell(const std::string& line) {
  if (!options_.log) return;
  if (now() - telling_since_ >= 1000) {
    telling_since_ = now();
    lines_told_ = 0;
  }
  ++lines_told_;
  if (lines_told_ < lines_a_second) options_.log(line.size() > told_size ? line.substr(0, told_size) + "[…]" : line);
  if (lines_told_ == lines_a_second) options_.log("plugin: […]");
}

}  // namespace exm
