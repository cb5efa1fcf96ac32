#include "tests/web/pool.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>

namespace exm::test {
namespace {

bool is_free(int port) {
  const int line = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  setsockopt(line, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool fine = bind(line, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(line);
  return fine;
}

/// The first of five free ports, below those that the system gives away. Cases that run at once look in different places.
int free_ports() {
  for (int attempt = 0; attempt < 1000; ++attempt) {
    const int first = 20'000 + (static_cast<int>(getpid()) + attempt * 37) % 1'500 * 8;
    int taken = 0;
    for (int i = 0; i < 5; ++i) taken += is_free(first + i) ? 0 : 1;
    if (taken == 0) return first;
  }
  return 0;
}

int run_script(const std::string& words) {
  const int status = std::system(("sh " EXM_SOURCE_DIR "/examples/web-pool/pool " + words).c_str());
  return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

bool there(const std::string& program) {
  return std::system(("PATH=$PATH:/usr/sbin command -v " + program + " >/dev/null").c_str()) == 0;
}

}  // namespace

std::unique_ptr<Pool> Pool::make() {
  for (const char* program : {"haproxy", "nginx", "socat", "curl", "ssh"})
    if (!there(program)) {
      std::fprintf(stderr, "SKIPPED: no web pool is tried under load, as there is no %s (Debian: haproxy nginx-light socat curl openssh-client)\n", program);
      return nullptr;
    }
  std::unique_ptr<Pool> pool(new Pool);
  pool->sshd_ = Sshd::shared();  // says itself why there is none
  if (pool->sshd_ == nullptr) return nullptr;
  setenv("EXM_LOCKS", pool->file("locks").c_str(), 1);  // the machines are this pool's own, whatever they are called
  pool->port_ = free_ports();
  INFO("the pool in " << pool->folder_.path << " on port " << pool->port_ << " does not start");
  REQUIRE(run_script("start " + pool->folder_.path + " " + std::to_string(pool->port_)) == 0);
  wait_until("HAProxy finds all four well", [&] { return pool->serving() == 4; });
  pool->watch_ = std::thread([raw = pool.get()] {
    while (!raw->ending_) {
      const int now = raw->serving();
      if (now >= 0 && now < raw->least_) raw->least_ = now;
      usleep(10'000);
    }
  });
  return pool;
}

Pool::~Pool() {
  ending_ = true;
  if (watch_.joinable()) watch_.join();
  run_script("stop " + folder_.path);
  for (int i = 1; i <= 4; ++i) kill_nginx(i);
}

std::string Pool::haproxy(const std::string& command) const {
  const int line = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = file("lb/admin.sock");
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  std::string all;
  if (connect(line, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0) {
    (void)send(line, (command + "\n").data(), command.size() + 1, MSG_NOSIGNAL);
    char bytes[4096];
    for (ssize_t got; (got = recv(line, bytes, sizeof bytes, 0)) > 0;) all.append(bytes, static_cast<std::size_t>(got));
  }
  close(line);
  return all;
}

Seat Pool::seat(const std::string& server) const {
  std::istringstream lines(haproxy("show servers state site"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word, name;
    int up = 0, mode = 0;
    if (!(words >> word >> word >> word >> name >> word >> up >> mode) || name != server) continue;
    return {mode == 0 ? "ready" : mode == 8 ? "drain" : mode == 1 ? "maint" : std::to_string(mode), up == 2};
  }
  return {"not there", false};
}

int Pool::serving() const {
  const std::string said = haproxy("show servers state site");
  if (said.empty()) return -1;
  std::istringstream lines(said);
  int count = 0;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::string word;
    int up = 0, mode = 0;
    if (words >> word >> word >> word >> word >> word >> up >> mode && up == 2 && mode == 0) ++count;
  }
  return count;
}

int Pool::least_serving() { return least_.exchange(99); }

void Pool::kill_nginx(int server) const {
  const std::string folder = file("web" + std::to_string(server)), config = folder + "/nginx.conf";
  const int master = std::atoi(cli::text_of(folder + "/nginx.pid").c_str());
  if (master <= 0) return;
  const std::string words = cli::text_of("/proc/" + std::to_string(master) + "/cmdline");
  if (words.find(config) == std::string::npos) return;  // long gone, and its number somebody else's
  kill(master, SIGSTOP);  // or it would start others in place of its workers
  (void)!std::system(("pkill -KILL -P " + std::to_string(master)).c_str());
  kill(master, SIGKILL);
}

void Pool::start_nginx(int server) const {
  const std::string folder = file("web" + std::to_string(server));
  REQUIRE(std::system((folder + "/current/nginx -e " + folder + "/error.log -c " + folder + "/nginx.conf").c_str()) == 0);
}

cli::Words Pool::plan_words(const std::string& out, const std::string& file) const {
  return {"plan", file, "--set", "pool=" + folder_.path, "--set", "port=" + std::to_string(port_), "-o", out};
}

cli::Words Pool::ssh_words() const { return {"--adapter", "ssh", "--adapter-option", "config=" + sshd_->config()}; }

cli::Words Pool::run_words(const std::string& plan, const std::string& journal) const {
  cli::Words words{"run", plan, "--journal", journal, "--yes"};
  for (const auto& word : ssh_words()) words.push_back(word);
  return words;
}

Running::Running(const Pool& pool, const cli::Words& words) {
  static int count = 0;
  out_ = pool.file("out" + std::to_string(++count));
  std::vector<char*> arguments{const_cast<char*>(EXM_PROGRAM)};
  for (const auto& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const int out = open(out_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  child_ = fork();
  if (child_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    execv(EXM_PROGRAM, arguments.data());
    _exit(127);
  }
  close(out);
}

Running::~Running() {
  if (child_ <= 0) return;
  kill_now();
  std::fprintf(stderr, "exm was still running; it had said:\n%s", end().out.c_str());
}

void Running::kill_now() {
  if (child_ > 0) kill(child_, SIGKILL);
}

cli::Ran Running::end() {
  int status = 0;
  waitpid(child_, &status, 0);
  child_ = 0;
  return {WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status), cli::text_of(out_), {}};
}

void wait_until(const std::string& what, const std::function<bool()>& holds) {
  for (int i = 0; i < 6000; ++i) {
    if (holds()) return;
    usleep(10'000);
  }
  FAIL("a minute has gone, and not yet: " << what);
}

}  // namespace exm::test
