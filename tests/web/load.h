// Requests to a web server, all the time, from several clients at once, each answer looked at. Entry point: Load.
#pragma once

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace exm::test {

struct Tally {
  long requests = 0;
  long downloads = 0;                   // of them: those that take some two seconds
  long failures = 0;
  std::map<std::string, long> reasons;  // of failures
  std::map<std::string, long> said;     // answers by their text: "release 1.0"
  long longest = 0;                     // ms, of those that are no downloads
  std::string text() const;
};

/// Clients from the start until `end`, which waits for what is under way and takes no request back. What a client asks, and how:
/// by one connection for all its requests, by one for each, and downloads that take some two seconds.
class Load {
 public:
  explicit Load(int port);
  ~Load() { end(); }
  Tally end();
  Tally so_far() const;
  /// As many requests may be under way at once.
  static constexpr int clients = 12;

 private:
  enum class Way { kept, fresh, download };
  void ask(Way way);

  const int port_;
  std::atomic<bool> ending_{false};
  mutable std::mutex mutex_;
  Tally tally_;
  std::vector<std::thread> threads_;
};

}  // namespace exm::test
