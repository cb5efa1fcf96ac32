#include "tests/stdlib/trial.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "compiler/driver/compile.h"
#include "compiler/driver/expectations.h"
#include "runtime/cli/show_command.h"
#include "runtime/plan/plan_json.h"

namespace exm::clauses {

namespace fs = std::filesystem;

namespace {

const fs::path root = EXM_SOURCE_DIR;

std::string text_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

Result<std::string> read_from_root(const std::string& path) { return read_file((root / path).string()); }

std::string first_error(const Sources& sources, const Diagnostics& diagnostics) {
  for (const auto& d : diagnostics.all())
    if (d.severity == Severity::error) return sources.place(d.span) + ": " + d.message;
  return "";
}

bool said(const Diagnostics& diagnostics, const std::string& words) {
  const auto has = [&](const std::string& text) { return text.find(words) != std::string::npos; };
  return std::any_of(diagnostics.all().begin(), diagnostics.all().end(), [&](const Diagnostic& d) {
    return has(d.message) || std::any_of(d.labels.begin(), d.labels.end(), [&](const Label& l) { return has(l.text); });
  });
}

/// Where the path of the example ends and what is asked of it begins.
std::pair<std::string, std::string> split(const std::string& trial) {
  const std::size_t colon = trial.find(": ");
  return colon == std::string::npos ? std::pair{trial, std::string()} : std::pair{trial.substr(0, colon), trial.substr(colon + 2)};
}

struct Checked {
  Sources sources;
  program::Program program;
  std::vector<std::string> modules;
  std::string error;
};

Checked check_example(const Modules& modules, const std::string& path) {
  Diagnostics diagnostics;
  const std::vector<std::string> paths{path};
  Loaded loaded = load(paths, read_from_root, diagnostics, modules);
  Checked out;
  out.sources = std::move(loaded.sources);
  out.program = check(out.sources, loaded.files, {}, diagnostics);
  out.error = first_error(out.sources, diagnostics);
  for (const auto& [name, module] : modules)
    for (std::uint32_t s = 0; s < out.sources.size(); ++s)
      if (out.sources[s].path == module.path) out.modules.push_back(name);
  return out;
}

/// One test of the file, or all of them where no title is given.
Answer try_tests(const Modules& modules, const std::string& path, const std::string& title, const Limits& limits) {
  Checked example = check_example(modules, path);
  if (!example.error.empty()) return {Answer::Says::unusable, example.error};
  if (!title.empty()) std::erase_if(example.program.tests, [&](const auto& test) { return test.title != title; });
  if (example.program.tests.empty()) return {Answer::Says::unusable, path + " has no test \"" + title + "\""};
  Answer answer{Answer::Says::holds, ""};
  Touched touched;
  for (const TestResult& result : run_tests(example.program, example.sources, limits, touched)) {
    if (result.failures.empty()) continue;
    const std::string& why = result.failures[0];
    if (why.find("the search ended at a bound") == std::string::npos) return {Answer::Says::fails, result.title + ": " + why};
    answer = {Answer::Says::gave_up, result.title + ": " + why};
  }
  return answer;
}

/// What `exm plan` gives, in the format that the golden's name asks for. Where the modules are others, it names the bytes of those that are built in:
/// they would differ in any case.
std::string shown(Compilation made, const CompileRequest& request, const std::string& name) {
  if (name.ends_with(".txt")) return *show_plan(made.plan, "text", false);
  CompileRequest whole = request;
  whole.modules = stdlib_modules();
  Diagnostics ignored;
  made.plan.sources = compile(whole, read_from_root, ignored).plan.sources;
  made.plan.digest = digest_of(made.plan);
  return *show_plan(made.plan, name.ends_with(".ps1") ? "powershell" : "json", false);
}

Answer try_golden(const Modules& modules, const std::string& path, const std::string& name, const Limits& limits) {
  const std::string golden = text_of((root / path).parent_path() / name);
  if (golden.empty()) return {Answer::Says::unusable, "there is no " + name + " beside " + path};
  CompileRequest request;
  request.files = {path};
  request.modules = modules;
  request.limits = limits;
  Diagnostics diagnostics;
  Compilation made = compile(request, read_from_root, diagnostics);
  if (made.answer == Compilation::Answer::errors) return {Answer::Says::unusable, first_error(made.sources, diagnostics)};
  if (made.answer == Compilation::Answer::gave_up) return {Answer::Says::gave_up, first_error(made.sources, diagnostics)};
  if (made.answer != Compilation::Answer::planned) return {Answer::Says::fails, "there is no plan"};
  const bool same = shown(std::move(made), request, name) == golden;
  return {same ? Answer::Says::holds : Answer::Says::fails, same ? "" : "another " + name};
}

/// Its first line says what is to be read in the refusal.
Answer try_refused(const Modules& modules, const std::string& path, const Limits& limits) {
  const std::string text = text_of(root / path), mark = "# refused: ";
  if (text.rfind(mark, 0) != 0) return {Answer::Says::unusable, path + " does not begin with `" + mark + "…`"};
  const std::string wanted = text.substr(mark.size(), text.find('\n') - mark.size());
  CompileRequest request;
  request.files = {path};
  request.modules = modules;
  request.limits = limits;
  Diagnostics diagnostics;
  const Compilation made = compile(request, read_from_root, diagnostics);
  if (said(diagnostics, wanted)) return {Answer::Says::holds, ""};
  if (made.answer == Compilation::Answer::gave_up) return {Answer::Says::gave_up, "the search ended at a bound"};
  return {Answer::Says::fails, "it is not refused with \"" + wanted + "\"" + (diagnostics.ok() ? "" : ", but: " + first_error(made.sources, diagnostics))};
}

std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(root / folder))
    if (entry.path().extension() == ".exm") out.push_back(fs::relative(entry.path(), root).generic_string());
  std::sort(out.begin(), out.end());
  return out;
}

bool is_golden(const std::string& what) { return what.find(' ') == std::string::npos && (what.ends_with(".txt") || what.ends_with(".ps1") || what.ends_with(".json")); }

/// The folder of a file that lies here, or of one below examples/.
std::string folder_of(const std::string& name) { return name.rfind("refused/", 0) == 0 || name.rfind("cases/", 0) == 0 ? "tests/stdlib/" : "examples/"; }

}  // namespace

Answer try_with(const Modules& modules, const std::string& trial, const Limits& limits) {
  const auto [name, what] = split(trial);
  const std::string path = folder_of(name) + name;
  if (name.rfind("refused/", 0) == 0) return try_refused(modules, path, limits);
  return is_golden(what) ? try_golden(modules, path, what, limits) : try_tests(modules, path, what, limits);
}

void bless(const std::string& trial) {
  const auto [name, what] = split(trial);
  if (name.rfind("cases/", 0) != 0 || !is_golden(what)) return;
  CompileRequest request;
  request.files = {folder_of(name) + name};
  request.modules = stdlib_modules();
  Diagnostics diagnostics;
  Compilation made = compile(request, read_from_root, diagnostics);
  if (made.answer == Compilation::Answer::planned)
    std::ofstream((root / request.files[0]).parent_path() / what, std::ios::binary) << shown(std::move(made), request, what);
}

std::vector<Trial> trials() {
  std::vector<Trial> out;
  for (const std::string folder : {"tests/stdlib/", "examples/"})
    for (const std::string& path : files_below(folder)) {
      const std::string name = path.substr(folder.size());
      const Checked example = check_example(stdlib_modules(), path);
      if (name.rfind("refused/", 0) == 0) out.push_back({name, example.modules});
      if (fs::exists((root / path).parent_path() / "plan.txt") && !example.program.maintenances.empty())
        out.push_back({name + ": plan.txt", example.modules});
      if (!example.program.tests.empty()) out.push_back({name, example.modules});
    }
  return out;
}

}  // namespace exm::clauses
