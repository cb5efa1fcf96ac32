#include "tests/cli/program.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace exm::cli {

namespace {
[[noreturn]] void become(const std::string& program, const Words& words, const Call& how, const Folder& files) {
  std::vector<char*> argv{const_cast<char*>(program.c_str())};
  for (const auto& word : words) argv.push_back(const_cast<char*>(word.c_str()));
  argv.push_back(nullptr);
  setenv("EXM_LOCKS", (std::filesystem::temp_directory_path() / ("exm-locks-" + std::to_string(getppid()))).c_str(), 1);
  for (const auto& [name, value] : how.variables) setenv(name.c_str(), value.c_str(), 1);
  if (chdir(how.folder.c_str()) != 0) _exit(126);
  dup2(open(files.file("in").c_str(), O_RDONLY), STDIN_FILENO);
  dup2(open(files.file("out").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDOUT_FILENO);
  dup2(open(files.file("err").c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644), STDERR_FILENO);
  execv(program.c_str(), argv.data());
  _exit(127);
}
}  // namespace

Ran call(const std::string& program, const Words& words, const Call& how) {
  const Folder files;
  write_text(files.file("in"), how.input);
  const pid_t child = fork();
  if (child == 0) become(program, words, how, files);
  int status = 0;
  waitpid(child, &status, 0);
  return {WIFSIGNALED(status) ? 1000 + WTERMSIG(status) : WEXITSTATUS(status), text_of(files.file("out")), text_of(files.file("err"))};
}

std::string text_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write_text(const std::string& path, const std::string& text) { std::ofstream(path, std::ios::binary) << text; }

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

bool blessing() {
  const char* bless = std::getenv("EXM_BLESS");
  return bless != nullptr && std::string(bless) == "1";
}

void check_golden(const std::string& path, const std::string& text) {
  if (blessing()) return write_text(path, text);
  INFO(path << "; EXM_BLESS=1 writes it anew");
  CHECK(text_of(path) == text);
}

}  // namespace exm::cli
