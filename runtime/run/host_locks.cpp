#include "runtime/run/host_locks.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "runtime/plan/sha256.h"
#include "runtime/run/lock.h"
#include "runtime/run/record.h"

namespace exm {
namespace {

using Json = nlohmann::ordered_json;

constexpr mode_t for_all = 0666;  // another user takes an expired lock over by writing to it

struct Entry {
  LockedRun run;
  Milliseconds since = 0, until = 0;
};

/// What can be read of the host's name, and its hash: names hold anything, and differ by case where files may not.
std::string file_of(const std::string& folder, const std::string& host) {
  std::string name;
  for (const char c : host.substr(0, 60)) name += std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' ? c : '_';
  return folder + "/" + name + "-" + sha256_hex(host).substr(0, 12) + ".lock";
}

std::optional<Entry> read_entry(const std::string& path) {
  std::ifstream file(path);
  const Json json = Json::parse(std::string(std::istreambuf_iterator<char>(file), {}), nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const auto text = [&](const char* key) { return json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string(); };
  const auto time = [&](const char* key) { return json.contains(key) && json[key].is_number_integer() ? json[key].get<Milliseconds>() : 0; };
  return Entry{{text("owner"), text("maintenance"), text("journal")}, time("since_ms"), time("until_ms")};
}

/// Emptied and written in place: the folder keeps users from replacing each other's files.
bool write_entry(const std::string& path, const std::string& host, const Entry& entry) {
  const Json json{{"host", host},
                  {"owner", entry.run.owner},
                  {"maintenance", entry.run.maintenance},
                  {"journal", entry.run.journal},
                  {"until", utc_text(entry.until)},
                  {"since_ms", entry.since},
                  {"until_ms", entry.until}};
  std::ofstream file(path, std::ios::trunc);
  file << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
  file.close();
  (void)chmod(path.c_str(), for_all);
  return !file.fail();
}

/// Its journal is a file that nobody writes any more. A journal that can't be opened says nothing.
bool is_dead(const LockedRun& run) { return Lock::take(run.journal, Lock::File::existing, "its journal").has_value(); }

/// Held while the folder's files are looked at and written.
Result<Lock> take_folder(const std::string& folder) {
  const std::string path = folder + "/.lock";
  for (int attempt = 0;; ++attempt) {
    auto lock = Lock::take(path, Lock::File::create, "the folder of locks");
    if (lock) (void)chmod(path.c_str(), for_all);
    if (lock || attempt == 100) return lock;
    (void)usleep(20'000);
  }
}

Failure refused(const std::string& host, const Entry& entry, const std::string& path) {
  return {Failure::Kind::environment, "host " + host + " is locked by " + entry.run.owner + " for " + entry.run.maintenance + " since " +
                                          utc_text(entry.since) + " (journal " + entry.run.journal + "); wait for that run to end, or stop it by `exm stop " +
                                          entry.run.journal + "`. If its program is gone the lock ends by itself at " + utc_text(entry.until) + " (" + path + ")"};
}

}  // namespace

HostLocks::HostLocks(std::string folder, std::set<std::string> hosts, LockedRun run, Milliseconds now)
    : folder_(std::move(folder)), hosts_(std::move(hosts)), run_(std::move(run)), since_(now), extended_(now) {}

HostLocks::HostLocks(HostLocks&& other) noexcept { *this = std::move(other); }

HostLocks& HostLocks::operator=(HostLocks&& other) noexcept {
  std::swap(folder_, other.folder_);
  std::swap(hosts_, other.hosts_);
  std::swap(run_, other.run_);
  std::swap(since_, other.since_);
  std::swap(extended_, other.extended_);
  return *this;
}

Result<HostLocks> HostLocks::take(const std::string& folder, const std::set<std::string>& hosts, const LockedRun& run, Milliseconds now) {
  if (hosts.empty()) return HostLocks();
  std::error_code error;
  if (std::filesystem::create_directories(folder, error)) (void)chmod(folder.c_str(), 01777);
  if (error) return Failure{Failure::Kind::environment, folder + ": the folder of locks can't be made: " + error.message() + "; name another by --locks"};
  auto folder_lock = take_folder(folder);
  if (!folder_lock) return folder_lock.error();
  for (const auto& host : hosts) {
    const auto path = file_of(folder, host);
    const auto entry = read_entry(path);
    if (entry && entry->run.journal != run.journal && entry->until > now && !is_dead(entry->run)) return refused(host, *entry, path);
  }
  HostLocks locks(folder, hosts, run, now);
  if (auto written = locks.write_all(now); !written) return written.error();
  return locks;
}

Result<Done> HostLocks::write_all(Milliseconds now) {
  for (const auto& host : hosts_) {
    const auto path = file_of(folder_, host);
    if (!write_entry(path, host, {run_, since_, now + lock_lasts}))
      return Failure{Failure::Kind::environment, path + ": the lock can't be written: " + std::strerror(errno)};
  }
  extended_ = now;
  return Done{};
}

Result<Done> HostLocks::extend(Milliseconds now) {
  if (hosts_.empty() || std::abs(now - extended_) < lock_lasts / 3) return Done{};
  auto folder_lock = take_folder(folder_);
  if (!folder_lock) return Done{};  // somebody else looks at them; the next turn is soon enough
  for (const auto& host : hosts_) {
    const auto path = file_of(folder_, host);
    const auto entry = read_entry(path);
    if (entry && entry->run.journal != run_.journal && entry->until > now) return refused(host, *entry, path);
  }
  return write_all(now);
}

HostLocks::~HostLocks() {
  if (hosts_.empty()) return;
  const auto folder_lock = take_folder(folder_);
  for (const auto& host : hosts_) {
    const auto path = file_of(folder_, host);
    const auto entry = read_entry(path);
    std::error_code ignored;
    // A file of another user can't be removed, only emptied.
    if (entry && entry->run.journal == run_.journal && !std::filesystem::remove(path, ignored)) std::ofstream(path, std::ios::trunc).flush();
  }
}

std::string lock_folder() {
  if (const char* said = std::getenv("EXM_LOCKS"); said != nullptr && *said != '\0') return said;
  if (access("/var/lock", W_OK) == 0 || access("/var/lock/exm", W_OK) == 0) return "/var/lock/exm";
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0') return std::string(state) + "/exm/locks";
  const char* home = std::getenv("HOME");
  return (home != nullptr ? std::string(home) + "/.local/state" : std::string("/tmp")) + "/exm/locks";
}

}  // namespace exm
