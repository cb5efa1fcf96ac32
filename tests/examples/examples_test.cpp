// Every example is in order, and gives the plan that lies beside it.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>

#include "tests/cli/program.h"

using namespace exm::cli;
namespace fs = std::filesystem;

namespace {

/// Paths from the root, as a user types them.
Words examples() {
  Words found;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(EXM_SOURCE_DIR) / "examples"))
    if (entry.path().extension() == ".exm") found.push_back(fs::relative(entry.path(), EXM_SOURCE_DIR).generic_string());
  std::sort(found.begin(), found.end());
  return found;
}

std::string beside(const std::string& example, const std::string& name) {
  return (fs::path(EXM_SOURCE_DIR) / example).parent_path() / name;
}

/// Some examples have no plan: what is said then lies beside them.
bool has_plan(const std::string& example) { return !fs::exists(beside(example, "plan.err.txt")); }

struct Golden {
  std::string format, file;
};

std::vector<Golden> goldens(const std::string& example) {
  std::vector<Golden> found{{"text", "plan.txt"}};
  for (const Golden& more : {Golden{"json", "plan.json"}, Golden{"powershell", "plan.ps1"}, Golden{"ansible", "plan.yml"}})
    if (fs::exists(beside(example, more.file))) found.push_back(more);
  return found;
}

const char* const formats[] = {"text", "json", "powershell", "ansible", "ansible-inventory", "markdown", "html", "dot", "mermaid"};

}  // namespace

TEST_CASE("examples: checked, in the one style, and their tests hold") {
  CHECK(examples().size() >= 5);
  for (const auto& example : examples()) {
    INFO(example);
    const Ran check = call_exm({"check", example});
    CHECK(check.code == 0);
    CHECK(check.out.empty());
    CHECK(check.err == "no errors\n");
    CHECK(call_exm({"fmt", "--check", example}).code == 0);
    const Ran test = call_exm({"test", example});
    CHECK(test.code == 0);
    CHECK(has(test.out, "ok    "));
    CHECK(has(test.out, " 0 failed"));
    CHECK_FALSE(has(test.out, "FAIL"));
  }
}

TEST_CASE("examples: the modules are in the one style") {
  Words words{"fmt", "--check"};
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(EXM_SOURCE_DIR) / "stdlib"))
    if (entry.path().extension() == ".exm") words.push_back(entry.path());
  CHECK(words.size() > 8);
  const Ran ran = call_exm(words);
  INFO(ran.err);
  CHECK(ran.code == 0);
}

TEST_CASE("examples: the plan is the one beside it, and the same bytes each time") {
  for (const auto& example : examples()) {
    if (!has_plan(example)) continue;
    INFO(example);
    for (const auto& [format, file] : goldens(example)) {
      const Ran plan = call_exm({"plan", example, "--format", format});
      CHECK(plan.code == 0);
      CHECK(plan.err.empty());
      check_golden(beside(example, file), plan.out);
    }
    const Ran once = call_exm({"plan", example, "--format", "json"});
    const Ran twice = call_exm({"plan", example, "--format", "json"}, {"", {{"LC_ALL", "de_DE.UTF-8"}, {"TZ", "Asia/Tokyo"}}, EXM_SOURCE_DIR});
    CHECK(once.out == twice.out);
  }
}

TEST_CASE("examples: the plan file is verified, held against its files, and shown in every form") {
  for (const auto& example : examples()) {
    if (!has_plan(example)) continue;
    INFO(example);
    Folder folder;
    const std::string file = folder.file("plan.json");
    REQUIRE(call_exm({"plan", example, "--format", "json", "-o", file}).code == 0);
    for (const auto& program : {EXM_PROGRAM, EXM_RUN}) {
      const Ran verified = call(program, {"verify", file});
      CHECK(verified.code == 0);
      CHECK(has(verified.out, "valid: "));
    }
    CHECK(call_exm({"verify", file, "--against", example}).code == 0);
    for (const char* format : formats) {
      INFO(format);
      const Ran planned = call_exm({"plan", example, "--format", format});
      const Ran shown = call_exm({"show", file, "--format", format});
      CHECK(shown.code == 0);
      CHECK(shown.out.size() > 100);
      CHECK((shown.out == planned.out));
    }
  }
}

TEST_CASE("examples: where there is no plan, what is said is what lies beside it") {
  for (const auto& example : examples()) {
    if (has_plan(example)) continue;
    INFO(example);
    const Ran ran = call_exm({"plan", example});
    CHECK(ran.code == 3);
    CHECK(ran.out.empty());
    check_golden(beside(example, "plan.err.txt"), ran.err);
  }
}

TEST_CASE("examples: where two of two must serve there is no plan, and it is said why") {
  const std::string example = "examples/cas-array/two-must-serve/twomustserve.exm";
  const Ran ran = call_exm({"plan", example});
  CHECK(ran.code == 3);
  CHECK(ran.out.empty());
  check_golden(beside(example, "plan.err.txt"), ran.err);
  // Independently of the golden: the keep, and the rule and the requirement that forbid the update while serving, with their places.
  CHECK(has(ran.err, "error[EXM0401]"));
  CHECK(has(ran.err, "keep count(h in casnlb.hosts where h.serving) >= 2"));
  CHECK(has(ran.err, "twomustserve.exm:"));
  CHECK(has(ran.err, "no_unverified_server_serves"));
  CHECK(has(ran.err, "stdlib/nlb.exm:"));
  CHECK(has(ran.err, "`forefront_off` requires this"));
  CHECK(has(ran.err, "stdlib/antivirus/forefront.exm:"));
}
