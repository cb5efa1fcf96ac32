#include "tests/run/sshd.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <sstream>
#include <vector>

namespace exm::test {
namespace {

int free_port() {
  const int socket_number = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  (void)bind(socket_number, reinterpret_cast<sockaddr*>(&address), size);
  getsockname(socket_number, reinterpret_cast<sockaddr*>(&address), &size);
  close(socket_number);
  return ntohs(address.sin_port);
}

bool listens(int port) {
  const int socket_number = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const bool fine = connect(socket_number, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  close(socket_number);
  return fine;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The processes whose parent is this one.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const std::string stat = text_of(entry.path() / "stat");
    const auto end = stat.rfind(')');
    char state = 0;
    int theirs = 0;
    if (end != std::string::npos && std::sscanf(stat.c_str() + end + 1, " %c %d", &state, &theirs) == 2 && theirs == parent)
      found.push_back(std::stoi(entry.path().filename()));
  }
  return found;
}

}  // namespace

Sshd* Sshd::shared() {
  static const std::unique_ptr<Sshd> server = [] {
    std::unique_ptr<Sshd> made(new Sshd);
    if (!made->start()) {
      std::fprintf(stderr, "SKIPPED: nothing is tried over ssh, as no OpenSSH server could be started (Debian: openssh-server)\n");
      made.reset();
    }
    return made;
  }();
  return server.get();
}

bool Sshd::start() {
  const std::string program = "/usr/sbin/sshd";
  if (access(program.c_str(), X_OK) != 0) return false;
  const int port = free_port(), other = free_port();
  const passwd* const user = getpwuid(getuid());
  const std::string keys = "cd " + folder_.path + " && for k in host user other; do ssh-keygen -q -t ed25519 -N '' -f $k || exit 1; done && cp user.pub authorized";
  if (user == nullptr || std::system(keys.c_str()) != 0) return false;
  if (getuid() == 0) (void)mkdir("/run/sshd", 0755);
  std::ofstream(folder_.file("sshd_config")) << "Port " << port << "\nListenAddress 127.0.0.1\nHostKey " << folder_.file("host")
                                             << "\nAuthorizedKeysFile " << folder_.file("authorized")
                                             << "\nPidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\n"
                                                "KbdInteractiveAuthentication no\nPermitRootLogin yes\nMaxSessions 100\nMaxStartups 200\n";
  const std::string host = text_of(folder_.file("host.pub")), wrong = text_of(folder_.file("other.pub"));
  const std::string at = "[127.0.0.1]:" + std::to_string(port) + " ";
  std::ofstream(folder_.file("known")) << at << host;
  std::ofstream(folder_.file("known_wrong")) << at << wrong;
  config_ = folder_.file("config");
  std::ofstream(config_) << "Host nobody\n  Port " << other << "\nHost stranger\n  UserKnownHostsFile " << folder_.file("known_wrong")
                         << "\nHost * !keyless\n  IdentityFile " << folder_.file("user") << "\nHost keyless\n  IdentityFile " << folder_.file("other") << "\nHost *\n  HostName 127.0.0.1\n  Port " << port << "\n  User "
                         << user->pw_name << "\n  IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile "
                         << folder_.file("known") << "\n  StrictHostKeyChecking yes\n";
  const pid_t parent = getpid();
  server_ = fork();
  if (server_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(1);
    const int log = open(folder_.file("log").c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    dup2(log, STDOUT_FILENO);
    dup2(log, STDERR_FILENO);
    execl(program.c_str(), program.c_str(), "-D", "-e", "-f", folder_.file("sshd_config").c_str(), nullptr);
    _exit(127);
  }
  for (int i = 0; i < 200; ++i) {
    if (listens(port)) return true;
    usleep(25'000);
  }
  std::fprintf(stderr, "%s", text_of(folder_.file("log")).c_str());
  return false;
}

Sshd::~Sshd() {
  if (server_ <= 0) return;
  cut();
  kill(server_, SIGKILL);
  waitpid(server_, nullptr, 0);
}

void Sshd::cut() {
  for (const pid_t session : children_of(server_)) {
    for (const pid_t inner : children_of(session)) {
      // the commands go on: only the server's own processes are ended
      const std::string name = text_of("/proc/" + std::to_string(inner) + "/comm");
      if (name.rfind("sshd", 0) == 0) kill(inner, SIGKILL);
    }
    kill(session, SIGKILL);
  }
}

}  // namespace exm::test
