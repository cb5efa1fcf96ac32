#include "runtime/adapter/ssh.h"

#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <filesystem>

namespace exm {
namespace {

constexpr int attempts = 3;                   // to open a connection
constexpr Milliseconds between_attempts = 2'000;
constexpr Milliseconds to_connect = 30'000;   // for an ender, besides the grace
constexpr Milliseconds farewell = 5'000;
constexpr std::size_t socket_path = 100;      // what the name of a socket may be long, less what ssh adds while it makes one
constexpr std::size_t hash_size = 60;         // of %C, and of that addition

/// As the argument of `sh -c`, through whatever shell the user has there.
std::string far_shell(const std::string& line) { return "exec sh -c '" + line + "'"; }

/// Ends a process group, and says by its exit code whether it is gone. `ps` is asked where it is there: it shows those that
/// may not be signalled, and tells zombies.
std::string ender_line(int group, Milliseconds grace) {
  const std::string g = std::to_string(group), rounds = std::to_string(grace / 200 + 1), most = std::to_string(grace / 200 + 16);
  return "alive() { if p=$(ps -A -o pgid= -o stat= 2>/dev/null); then printf \"%s\\n\" \"$p\" | grep -q \"^ *" + g +
         "  *[^Z ]\"; else kill -s 0 -- -" + g + " 2>/dev/null; fi; }; kill -s TERM -- -" + g +
         " 2>/dev/null; n=0; while alive; do n=$((n+1)); if [ $n -eq " + rounds + " ]; then kill -s KILL -- -" + g +
         " 2>/dev/null; fi; if [ $n -ge " + most + " ]; then exit 1; fi; sleep 0.2 2>/dev/null || sleep 1; done; exit 0";
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r' || text.back() == ' ')) text.pop_back();
  return text;
}

/// What another attempt does not change.
bool is_final(const std::string& said) {
  for (const char* words : {"Permission denied", "verification failed", "Could not resolve", "Bad configuration", "command not found"})
    if (said.find(words) != std::string::npos) return true;
  return false;
}

}  // namespace

Ssh::Ssh(const plan::Plan& plan, ShellOptions shell, SshOptions options) : ShellAdapter(plan, std::move(shell)), ssh_(std::move(options)) {}

Ssh::~Ssh() {
  leave();
  for (auto& [id, job] : jobs())
    if (job.away && job.errand && job.errand->group() != 0) {
      job.stopping = true;
      end_far(id, 1'000);
    }
  std::vector<std::unique_ptr<Process>> last;
  const Milliseconds end = now() + farewell;
  while (!enders_.empty() && now() < end) loop().turn(end);
  enders_.clear();
  int closing = 0;
  for (auto& [address, lane] : lanes_) {
    if (lane.state != Lane::State::open) continue;
    auto words = client();
    words.insert(words.end(), {"-O", "exit", "--", address});
    auto closer = Process::start(loop(), words, false, {{}, {}, [&closing](const ProcessEnd&) { --closing; }});
    if (!closer) continue;
    ++closing;
    last.push_back(std::move(*closer));
  }
  while (closing > 0 && now() < end) loop().turn(end);
  last.clear();
  lanes_.clear();
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

Result<Milliseconds> Ssh::start() {
  const char* const runtime = std::getenv("XDG_RUNTIME_DIR");
  std::string pattern = std::string(runtime != nullptr && access(runtime, W_OK) == 0 ? runtime : "/tmp") + "/exm-ssh-XXXXXX";
  if (pattern.size() + hash_size > socket_path) pattern = "/tmp/exm-ssh-XXXXXX";
  if (mkdtemp(pattern.data()) == nullptr)
    return Failure{Failure::Kind::environment, pattern + ": this folder for the connections of ssh can't be made; is there room, and may you write there?"};
  folder_ = pattern;
  return ShellAdapter::start();
}

std::vector<std::string> Ssh::client() const {
  std::vector<std::string> words{"ssh"};
  if (!ssh_.config.empty()) words.insert(words.end(), {"-F", ssh_.config});
  for (const char* option : {"BatchMode=yes", "ControlMaster=auto", "ControlPersist=60", "ServerAliveInterval=5", "ServerAliveCountMax=3",
                             "ConnectTimeout=15", "RemoteCommand=none", "RequestTTY=no", "ForwardX11=no"})
    words.insert(words.end(), {"-o", option});
  words.insert(words.end(), {"-o", "ControlPath=" + folder_ + "/%C"});
  return words;
}

std::vector<std::string> Ssh::command(const std::string& address, const std::string& line) const {
  auto words = client();
  words.insert(words.end(), {"--", address, far_shell(line)});
  return words;
}

void Ssh::dispatch(JobId id) {
  Job& sent = *job(id);
  if (sent.host.empty() || sent.host == "controller") return run_here(id);
  if (sent.address.empty() || sent.address.front() == '-')
    return answer(id, Reply::Status::failed, "`" + sent.address + "` is no address of a host");
  sent.away = true;
  Lane& lane = lanes_[sent.address];
  lane.waiting.push_back(id);
  if (lane.state == Lane::State::closed) open(sent.address);
  pump(sent.address);
}

/// The first command of a host makes the connection that the others share: known to be there before any of them is sent.
void Ssh::open(const std::string& address) {
  Lane& lane = lanes_[address];
  lane.state = Lane::State::opening;
  lane.said = Capture();
  auto opener = Process::start(loop(), command(address, "exit 0"), false,
                               {{}, [&lane](std::string_view bytes) { lane.said.add(bytes); },
                                [this, address](const ProcessEnd& end) { opened(address, end); }});
  if (!opener) {
    lane.said.add(opener.error().message);
    lane.attempts = attempts;
    return opened(address, {255, 0});
  }
  lane.opener = std::move(*opener);
  lane.patience = loop().after(to_connect, [this, address, &lane] {
    lane.patience = 0;
    lane.opener->signal_group(SIGTERM);
    lane.said.add("no connection after " + std::to_string(to_connect / 1000) + " s");
    opened(address, {255, 0});
  });
}

void Ssh::opened(const std::string& address, const ProcessEnd& end) {
  Lane& lane = lanes_[address];
  const std::string said = trimmed(lane.said.text());
  lane.opener.reset();
  loop().forget(lane.patience);
  if (end.code == 0 && end.signal == 0) {
    lane.state = Lane::State::open;
    lane.attempts = 0;
    return pump(address);
  }
  if (++lane.attempts < attempts && !is_final(said)) {
    loop().after(between_attempts, [this, address] { open(address); });
    return;
  }
  lane.state = Lane::State::closed;
  lane.attempts = 0;
  for (const JobId id : std::exchange(lane.waiting, {}))
    answer(id, Reply::Status::failed, "there is no connection to " + address + ", and nothing was run: " + (said.empty() ? "ssh ended with code " + std::to_string(end.code) : said));
}

void Ssh::pump(const std::string& address) {
  Lane& lane = lanes_[address];
  while (!leaving() && lane.state == Lane::State::open && !lane.waiting.empty() && lane.running.size() < static_cast<std::size_t>(ssh_.sessions)) {
    const JobId id = lane.waiting.front();
    lane.waiting.pop_front();
    Job* const next = job(id);
    if (next == nullptr) continue;
    lane.running.insert(id);
    begin(id, command(address, shell_line(next->mark)));
  }
}

void Ssh::over(const Job& job) {
  if (!job.away) return;
  Lane& lane = lanes_[job.address];
  std::erase_if(lane.running, [this](JobId id) { return this->job(id) == nullptr; });
  pump(job.address);
}

/// When the client is gone and the shell at the far end has not said how the command ended, nobody knows.
Reply::Status Ssh::status_of(const Job& job, const ErrandEnd& end) const {
  if (!job.away) return ShellAdapter::status_of(job, end);
  return end.output.begun && !end.output.ended ? Reply::Status::lost : Reply::Status::failed;
}

void Ssh::stop(JobId id) {
  Job& ending = *job(id);
  if (!ending.away) return stop_here(id);
  // Its script is sent when its shell is there, and no sooner.
  if (ending.errand->group() == 0) {
    ending.errand->process().signal_group(SIGTERM);
    return answer(id, Reply::Status::failed, "it was ended before it was begun");
  }
  end_far(id, options().grace);
}

void Ssh::end_far(JobId id, Milliseconds grace) {
  Job& ending = *job(id);
  Ender& ender = enders_[id];
  auto process = Process::start(loop(), command(ending.address, ender_line(ending.errand->group(), grace)), false,
                                {{}, {}, [this, id](const ProcessEnd& end) { ended_far(id, end.code == 0 && end.signal == 0); }});
  if (!process) return ended_far(id, false);
  ender.process = std::move(*process);
  ender.patience = loop().after(grace + to_connect, [this, id] { ended_far(id, false); });
}

void Ssh::ended_far(JobId id, bool gone) {
  const auto found = enders_.find(id);
  if (found == enders_.end()) return;
  loop().forget(found->second.patience);
  if (found->second.process && !gone) found->second.process->signal_group(SIGTERM);
  enders_.erase(found);
  if (job(id) == nullptr) return;
  if (gone) return answer(id, Reply::Status::failed, "it was ended");
  answer(id, Reply::Status::lost, "it could not be ended: " + job(id)->address + " could not be reached, or a process of it is still there after SIGKILL");
}

}  // namespace exm
