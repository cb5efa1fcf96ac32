#include "runtime/adapter/shell_adapter.h"

#include <sys/resource.h>

#include <algorithm>
#include <csignal>

namespace exm {
namespace {

constexpr Milliseconds probe_limit = 60'000;
constexpr Milliseconds between_looks = 50;    // at a process group that is to go
constexpr Milliseconds after_kill = 5'000;    // a process that is still there then can't be ended
constexpr Milliseconds farewell = 1'000;
constexpr rlim_t files_wanted = 16'384;
constexpr rlim_t files_kept = 64;             // for the journal and everything else
constexpr rlim_t files_each = 4;              // three pipes, and one to spare

std::string how_it_ended(const ErrandEnd& end) {
  if (end.output.ended) return "it ended with exit code " + std::to_string(end.output.code);
  if (!end.output.begun) return "it could not be begun";
  if (end.process.signal != 0) return "its shell was ended by signal " + std::to_string(end.process.signal);
  return "its shell was gone before it said how the command ended";
}

/// How many files this process may have open: as many as it can be allowed. Gives what was allowed before.
std::pair<rlim_t, rlim_t> raise_files() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return {256, 256};
  const rlim_t before = limit.rlim_cur;
  const rlim_t wanted = limit.rlim_max == RLIM_INFINITY ? files_wanted : std::min(limit.rlim_max, files_wanted);
  if (wanted > before) {
    limit.rlim_cur = wanted;
    if (setrlimit(RLIMIT_NOFILE, &limit) == 0) return {before, wanted};
  }
  return {before, before};
}

}  // namespace

ShellAdapter::ShellAdapter(const plan::Plan& plan, ShellOptions options)
    : options_(std::move(options)), secrets_(options_.secrets), scripts_(plan, "shell", options_.begun, secrets_) {}

ShellAdapter::~ShellAdapter() {
  leave();
  for (auto& [id, job] : jobs_) {
    job.stopping = true;
    loop_.forget(job.alarm);
    if (job.errand) job.errand->process().signal_group(SIGTERM);
  }
  const auto lives = [this] {
    return std::any_of(jobs_.begin(), jobs_.end(), [](auto& entry) { return entry.second.errand && entry.second.errand->process().group_lives(); });
  };
  for (const Milliseconds end = now() + farewell; lives() && now() < end;) loop_.turn(now() + between_looks);
  for (auto& [id, job] : jobs_)
    if (job.errand) job.errand->process().signal_group(SIGKILL);
  jobs_.clear();
}

Result<Milliseconds> ShellAdapter::start() {
  if (auto fetched = scripts_.fetch_secrets(); !fetched) return fetched.error();
  const auto [before, files] = raise_files();
  files_before_ = static_cast<int>(std::min<rlim_t>(before, files_wanted));
  const rlim_t room = files > files_kept + files_each ? (files - files_kept) / files_each : 1;
  most_ = options_.processes > 0 ? std::min<rlim_t>(static_cast<rlim_t>(options_.processes), room) : room;
  return now();
}

ShellAdapter::Job* ShellAdapter::job(JobId id) {
  const auto found = jobs_.find(id);
  return found == jobs_.end() ? nullptr : &found->second;
}

void ShellAdapter::observe(Observe request) {
  Job job;
  job.kind = Reply::Kind::observed;
  job.ticket = request.ticket;
  job.variable = request.probe->variable;
  job.host = request.host;
  job.address = request.address;
  if (!speaks(request.probe->language)) {
    const std::string why = "its probe is in " + request.probe->language + ", which adapter `" + name() + "` does not run";
    tell_probe(job, why);
    replies_.push_back({Reply::Kind::observed, Reply::Status::failed, request.ticket, {}, why});
    return;
  }
  take(std::move(job), request.probe->command.command);
}

void ShellAdapter::execute(Execute request) {
  Job job;
  job.key = request.key;
  job.host = request.host;
  job.address = request.address;
  if (request.language.empty()) {
    replies_.push_back({Reply::Kind::executed, Reply::Status::ok, 0, request.key, {}});
    return;
  }
  take(std::move(job), request.command);
}

void ShellAdapter::take(Job job, const plan::Text& command) {
  auto prelude = scripts_.prelude(job.host);
  auto script = scripts_.command(command);
  const JobId id = ++last_;
  job.mark = random_mark();
  if (prelude && script) job.script = *prelude + *script;
  const std::string trouble = !prelude ? prelude.error().message : !script ? script.error().message : "";
  if (!job.key.empty()) by_key_[job.key] = id;
  if (job.kind == Reply::Kind::observed) job.alarm = loop_.after(probe_limit, [this, id] { end_by_itself(id); });
  jobs_[id] = std::move(job);
  if (!trouble.empty()) return answer(id, Reply::Status::failed, trouble);
  queue_.push_back(id);
  run_next();
}

void ShellAdapter::run_next() {
  while (!leaving_ && running_ < most_ && !queue_.empty()) {
    const JobId id = queue_.front();
    queue_.pop_front();
    Job* const next = job(id);
    if (next == nullptr) continue;
    next->counted = true;
    ++running_;
    dispatch(id);
  }
}

void ShellAdapter::run_here(JobId id) {
  begin(id, {"/bin/sh", "-c", "ulimit -Sn " + std::to_string(files_before_) + "; " + shell_line(job(id)->mark)});
}

void ShellAdapter::begin(JobId id, const std::vector<std::string>& command) {
  Job& begun = *job(id);
  auto errand = Errand::start(loop_, command, begun.script, begun.mark, [this, id](const ErrandEnd& end) { ended(id, end); });
  begun.script.clear();
  if (!errand) return answer(id, Reply::Status::failed, errand.error().message);
  begun.errand = std::move(*errand);
}

void ShellAdapter::ended(JobId id, const ErrandEnd& end) {
  Job* const found = job(id);
  if (found == nullptr) return;
  // One that is being ended is over when its group is gone, unless it said that it was done by itself.
  if (found->stopping && !end.output.ended) return;
  if (end.output.ended && end.output.code == 0) {
    if (!end.whole && found->kind == Reply::Kind::observed)
      return answer(id, Reply::Status::failed, "it said more than a value can be: " + std::to_string(end.output.said.size()) + " bytes");
    return answer(id, Reply::Status::ok, end.output.said);
  }
  const std::string words = last_words(end);
  answer(id, status_of(*found, end), how_it_ended(end) + (words.empty() ? "" : ": " + words));
}

/// The shell is this machine's own: when it is gone without a word, it is known whether anything of it goes on.
Reply::Status ShellAdapter::status_of(const Job& job, const ErrandEnd& end) const {
  const bool goes_on = end.output.begun && !end.output.ended && job.errand->process().group_lives();
  return goes_on ? Reply::Status::lost : Reply::Status::failed;
}

void ShellAdapter::answer(JobId id, Reply::Status status, std::string text) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) return;
  const Job done = std::move(found->second);
  Loop::Alarm alarm = done.alarm;
  loop_.forget(alarm);
  jobs_.erase(found);
  if (const auto key = by_key_.find(done.key); key != by_key_.end() && key->second == id) by_key_.erase(key);
  text = secrets_.without(std::move(text));
  if (done.kind == Reply::Kind::observed) tell_probe(done, status == Reply::Status::ok ? "" : text);
  replies_.push_back({done.kind, status, done.ticket, done.key, std::move(text)});
  if (done.counted) --running_;
  over(done);
  run_next();
}

/// Why a state can't be seen is said once, until something else is the matter.
void ShellAdapter::tell_probe(const Job& job, const std::string& text) {
  auto& said = said_[job.variable];
  if (options_.log && !text.empty() && said != text) options_.log("probe: " + job.variable + " could not be observed: " + text);
  said = text;
}

void ShellAdapter::cancel(const std::string& key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return;
  const JobId id = found->second;
  Job& ending = *job(id);
  if (ending.stopping) return;
  ending.cancelled = true;
  if (!ending.errand) return answer(id, Reply::Status::failed, "it was ended before it was begun");
  ending.stopping = true;
  stop(id);
}

void ShellAdapter::end_by_itself(JobId id) {
  Job* const late = job(id);
  if (late == nullptr || late->stopping) return;
  late->alarm = 0;
  if (!late->errand) return answer(id, Reply::Status::failed, "it did not come to its turn within a minute");
  late->stopping = true;
  stop(id);
}

void ShellAdapter::stop_here(JobId id) {
  Job& ending = *job(id);
  ending.errand->process().signal_group(SIGTERM);
  ending.stop_by = now() + options_.grace;
  watch_stop(id);
}

void ShellAdapter::watch_stop(JobId id) {
  Job* const ending = job(id);
  if (ending == nullptr) return;
  Process& process = ending->errand->process();
  if (!process.group_lives())
    return answer(id, Reply::Status::failed, ending->cancelled ? "it was ended" : "it did not answer within a minute, and was ended");
  if (now() >= ending->stop_by) {
    if (ending->killed) return answer(id, Reply::Status::lost, "it could not be ended: a process of it is still there after SIGKILL");
    process.signal_group(SIGKILL);
    ending->killed = true;
    ending->stop_by = now() + after_kill;
  }
  ending->alarm = loop_.after(between_looks, [this, id] { watch_stop(id); });
}

Result<std::vector<Reply>> ShellAdapter::wait(Milliseconds until) {
  if (replies_.empty()) loop_.turn(until);
  return std::exchange(replies_, {});
}

}  // namespace exm
