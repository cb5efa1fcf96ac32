// Where the value of a secret may be found: in the files that hold it, and in what the command made of it; nowhere else, here and over ssh.
#include <sys/stat.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <filesystem>
#include <set>
#include <thread>

#include "tests/cli/boxes.h"
#include "tests/cli/program.h"
#include "tests/run/sshd.h"

using namespace exm::cli;
namespace fs = std::filesystem;

namespace {

const std::string value = "c0rrect'h\"orse$battery";
const std::string bare = "c0rrect";  // as it would stand in any quoting

/// Looks at the command lines of all processes until it is told to stop.
class Onlooker {
 public:
  Onlooker() : thread_([this] { look(); }) {}
  ~Onlooker() { stop(); }
  void stop() {
    stop_ = true;
    if (thread_.joinable()) thread_.join();
  }
  std::string found;     // a line that has the secret
  std::size_t naps = 0;  // how often the command was seen at work

 private:
  /// A process that ends while it is looked at has none.
  static std::string command_line(const std::string& path) {
    try {
      return text_of(path);
    } catch (const std::exception&) {
      return {};
    }
  }
  void look() {
    while (!stop_) {
      std::error_code gone;
      for (fs::directory_iterator entry("/proc", gone), end; !gone && entry != end; entry.increment(gone)) {
        const std::string line = command_line(entry->path() / "cmdline");
        if (has(line, bare)) found = line;
        if (has(line, "2.125")) ++naps;
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  std::atomic<bool> stop_{false};
  std::thread thread_;
};

/// Every file below the folder that has it in it.
std::set<std::string> files_with(const std::string& folder, const std::string& text) {
  std::set<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file() && has(text_of(entry.path()), text)) found.insert(fs::relative(entry.path(), folder));
  return found;
}

void stays_secret(const std::string& adapter, const Words& options) {
  Folder folder;
  for (const char* name : {"one", "it's two", "secrets"}) fs::create_directory(folder.file(name));
  write_text(folder.file("secrets/key"), value + "\n");
  chmod(folder.file("secrets/key").c_str(), 0600);
  write_text(folder.file("boxes.exm"), boxes(folder.path, "    k=${secret \"key\"}; echo the key is \"$k\"; echo \"$k\" >&2; printf %s \"$k\" > ${b.folder}/key; sleep 2.125\n"
                                                          "    test ! -e ${b.folder}/../stuck || exit 9"));
  const std::string plan = folder.file("plan.json");
  REQUIRE(call_exm({"plan", folder.file("boxes.exm"), "-o", plan}).code == 0);
  write_text(folder.file("stuck"), "");
  Words words{"run", plan, "--adapter", adapter, "--yes", "--no-sync", "--adapter-option", "secrets=" + folder.file("secrets")};
  words.insert(words.end(), options.begin(), options.end());
  Onlooker onlooker;
  for (const std::string format : {"text", "json"}) {
    Words all = words;
    all.insert(all.end(), {"--format", format, "--journal", folder.file(format + ".exmrun")});
    const Ran failed = call_runtime(all);
    INFO(failed.out << failed.err);
    CHECK(failed.code == 4);
    CHECK(has(failed.out + failed.err, "<secret key>"));
    CHECK_FALSE(has(failed.out + failed.err, bare));
    const Ran status = call_runtime({"status", folder.file(format + ".exmrun"), "--steps"});
    CHECK_FALSE(has(status.out + status.err, bare));
    for (const char* name : {"one", "it's two"}) fs::remove(folder.file(name) + "/open");
  }
  onlooker.stop();
  CHECK(onlooker.naps > 0);
  CHECK(onlooker.found.empty());
  for (const char* form : {"text", "json", "powershell", "ansible", "markdown", "html"}) CHECK_FALSE(has(call_runtime({"show", plan, "--format", form}).out, bare));
  // What the command itself has written is not ours; everything else of the run is in this folder.
  std::set<std::string> found = files_with(folder.path, bare);
  CHECK(found.erase("secrets/key") == 1);
  CHECK(found.erase("one/key") + found.erase("it's two/key") > 0);
  INFO((found.empty() ? "" : *found.begin()));
  CHECK(found.empty());
}

}  // namespace

TEST_CASE("cli: a secret stands in no file, no word and no list of processes of a run on this machine") { stays_secret("local", {}); }

TEST_CASE("cli: a secret stands in no file, no word and no list of processes of a run over ssh") {
  const auto* const server = exm::test::Sshd::shared();
  if (server == nullptr) return;
  stays_secret("ssh", {"--adapter-option", "config=" + server->config()});
}
