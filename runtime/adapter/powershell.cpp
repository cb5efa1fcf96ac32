#include "runtime/adapter/powershell.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>

namespace exm {
namespace {

constexpr Milliseconds probe_limit = 60'000;
constexpr Milliseconds farewell = 1'000;

bool in_path(const std::string& program) {
  const char* const path = std::getenv("PATH");
  std::string rest = path == nullptr ? "" : path;
  while (!rest.empty()) {
    const auto colon = rest.find(':');
    if (access((rest.substr(0, colon) + "/" + program).c_str(), X_OK) == 0) return true;
    rest = colon == std::string::npos ? "" : rest.substr(colon + 1);
  }
  return false;
}

}  // namespace

PowerShell::PowerShell(const plan::Plan& plan, PowerShellOptions options)
    : options_(std::move(options)), secrets_(options_.secrets), scripts_(plan, "powershell", options_.begun, secrets_) {}

/// A session that is closed while its command runs takes the command with it.
PowerShell::~PowerShell() {
  leaving_ = true;
  for (auto& [address, lane] : lanes_) {
    if (!lane.process) continue;
    lane.process->close_input();
    if (lane.running != 0) lane.process->signal_group(SIGTERM);
  }
  const auto lives = [this] { return std::any_of(lanes_.begin(), lanes_.end(), [](const auto& entry) { return entry.second.process != nullptr; }); };
  for (const Milliseconds last = now() + farewell; lives() && now() < last;) loop_.turn(last);
  for (auto& [address, lane] : lanes_)
    if (lane.process) lane.process->signal_group(SIGKILL);
  lanes_.clear();
}

Result<Milliseconds> PowerShell::start() {
  if (options_.program.empty()) options_.program = in_path("pwsh") ? "pwsh" : in_path("powershell.exe") ? "powershell.exe" : "";
  if (options_.program.empty())
    return Failure{Failure::Kind::environment, "adapter `powershell`: there is neither pwsh nor powershell.exe in PATH; install PowerShell, or say where it is with --adapter-option program=FILE"};
  if (auto fetched = scripts_.fetch_secrets(); !fetched) return fetched.error();
  return now();
}

void PowerShell::observe(Observe request) {
  Job job;
  job.kind = Reply::Kind::observed;
  job.ticket = request.ticket;
  job.variable = request.probe->variable;
  job.host = request.host;
  job.address = request.address;
  const JobId id = last_ + 1;
  take(std::move(job), request.probe->command.command);
  if (Job* const asked = jobs_.count(id) != 0 ? &jobs_.at(id) : nullptr; asked != nullptr)
    asked->alarm = loop_.after(probe_limit, [this, id] {
      if (jobs_.count(id) != 0) end(id, "it did not answer within a minute, and was ended");
    });
}

void PowerShell::execute(Execute request) {
  if (request.language.empty()) {
    replies_.push_back({Reply::Kind::executed, Reply::Status::ok, 0, request.key, {}});
    return;
  }
  Job job;
  job.key = request.key;
  job.host = request.host;
  job.address = request.address;
  take(std::move(job), request.command);
}

void PowerShell::take(Job job, const plan::Text& command) {
  const JobId id = ++last_;
  if (job.host.empty() || job.host == "controller") job.address.clear();
  const std::string address = job.address;
  const bool nowhere = address.empty() && !job.host.empty() && job.host != "controller";
  auto script = scripts_.command(command);
  if (script) job.script = *script;
  if (!job.key.empty()) by_key_[job.key] = id;
  jobs_[id] = std::move(job);
  if (nowhere) return answer(id, Reply::Status::failed, "its host has no address");
  if (!script) return answer(id, Reply::Status::failed, script.error().message);
  lanes_[address].waiting.push_back(id);
  pump(address);
}

/// A host does one thing at a time.
void PowerShell::pump(const std::string& address) {
  Lane& lane = lanes_[address];
  if (leaving_ || lane.running != 0 || lane.waiting.empty()) return;
  if (lane.state == Lane::State::closed) return open(address, jobs_.at(lane.waiting.front()).host);
  if (lane.state != Lane::State::open) return;
  lane.running = lane.waiting.front();
  lane.waiting.pop_front();
  lane.errors = Capture();
  lane.process->write(to_base64(jobs_.at(lane.running).script) + "\n");
}

void PowerShell::answer(JobId id, Reply::Status status, std::string text) {
  auto node = jobs_.extract(id);
  if (node.empty()) return;
  Job& job = node.mapped();
  loop_.forget(job.alarm);
  if (const auto key = by_key_.find(job.key); key != by_key_.end() && key->second == id) by_key_.erase(key);
  if (const auto found = lanes_.find(job.address); found != lanes_.end()) {
    std::erase(found->second.waiting, id);
    if (found->second.running == id) found->second.running = 0;
  }
  text = secrets_.without(std::move(text));
  if (job.kind == Reply::Kind::observed) tell_probe(job, status == Reply::Status::ok ? "" : text);
  replies_.push_back({job.kind, status, job.ticket, job.key, std::move(text)});
}

void PowerShell::tell_probe(const Job& job, const std::string& text) {
  auto& said = said_[job.variable];
  if (options_.log && !text.empty() && said != text) options_.log("probe: " + job.variable + " could not be observed: " + text);
  said = text;
}

void PowerShell::cancel(const std::string& key) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) end(found->second, "it was ended");
}

/// Its session is ended, and with it what runs in it.
void PowerShell::end(JobId id, const std::string& why) {
  Job& job = jobs_.at(id);
  if (!job.ending.empty()) return;
  job.ending = why;
  Lane& lane = lanes_[job.address];
  if (lane.running != id) return answer(id, Reply::Status::failed, why);
  lane.process->signal_group(SIGTERM);
  loop_.forget(job.alarm);
  job.alarm = loop_.after(options_.grace, [this, id, address = job.address] {
    if (jobs_.count(id) != 0 && lanes_[address].process) lanes_[address].process->signal_group(SIGKILL);
  });
}

Result<std::vector<Reply>> PowerShell::wait(Milliseconds until) {
  if (replies_.empty()) loop_.turn(until);
  return std::exchange(replies_, {});
}

}  // namespace exm
