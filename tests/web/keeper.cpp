// keeper PROGRAM ARGUMENT…: runs the program, and ends every process that it leaves behind, daemons too; also where the program or the
// keeper itself is killed. Its exit code is the program's.
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace {

/// The processes whose parent is this one.
std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> found;
  std::error_code gone;
  for (const auto& entry : std::filesystem::directory_iterator("/proc", gone)) {
    std::ifstream file(entry.path() / "stat");
    std::string stat;
    std::getline(file, stat);
    const auto end = stat.rfind(')');
    char state = 0;
    int theirs = 0;
    if (end != std::string::npos && std::sscanf(stat.c_str() + end + 1, " %c %d", &state, &theirs) == 2 && theirs == parent)
      found.push_back(std::stoi(entry.path().filename().string()));
  }
  return found;
}

/// Whoever loses its parent becomes a child of this process: so in the end all are found here.
void end_all() {
  for (int round = 0; round < 1000; ++round) {
    for (const pid_t child : children_of(getpid())) kill(child, SIGKILL);
    while (waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    if (waitpid(-1, nullptr, WNOHANG) < 0) return;
    usleep(10'000);
  }
}

/// Out of reach of whoever kills the face with all its children. `alive`: at its end when the face is gone.
[[noreturn]] void guard(char** words, int alive, int answer) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  const pid_t program = fork();
  if (program == 0) {
    setsid();  // a signal to its whole group is none to this process
    close(alive);
    close(answer);
    execv(words[0], words);
    std::perror(words[0]);
    _exit(127);
  }
  int status = 1 << 8;
  for (bool goes_on = true; goes_on;) {
    pollfd face{alive, POLLIN, 0};
    if (poll(&face, 1, 20) > 0) goes_on = false;
    int ended = 0;
    for (pid_t child; (child = waitpid(-1, &ended, WNOHANG)) > 0;)
      if (child == program) {
        status = ended;
        goes_on = false;
      }
  }
  end_all();
  const char code = static_cast<char>(WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status));
  (void)!write(answer, &code, 1);
  _exit(0);
}

}  // namespace

int main(int count, char** words) {
  int alive[2], answer[2];
  if (count < 2 || pipe(alive) != 0 || pipe(answer) != 0) return 2;
  const pid_t between = fork();
  if (between == 0) {
    setsid();
    if (fork() != 0) _exit(0);
    close(alive[1]);
    close(answer[0]);
    guard(words + 1, alive[0], answer[1]);
  }
  close(alive[0]);
  close(answer[1]);
  waitpid(between, nullptr, 0);
  char code = 1;
  if (read(answer[0], &code, 1) != 1) return 1;
  return static_cast<unsigned char>(code);
}
