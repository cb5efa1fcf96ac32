#include "compiler/cli/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/cli/request.h"
#include "compiler/driver/stdlib.h"
#include "runtime/plan/paths.h"
#include "runtime/plan/plan_json.h"
#include "runtime/verify/words.h"

namespace exm {

namespace {

const plan::SourceFile* find(const std::vector<plan::SourceFile>& all, const std::string& path) {
  const auto it = std::find_if(all.begin(), all.end(), [&](const auto& s) { return s.path == path; });
  return it == all.end() ? nullptr : &*it;
}

/// The first state that the two plans do not start with alike: "EX3.up starts with false, by the files with true".
std::string other_start(const plan::Plan& made, const plan::Plan& plan) {
  const auto by_files = plan::start_world(made), start = plan::start_world(plan);
  for (const auto& [variable, value] : start)
    if (const auto at = by_files.find(variable); at != by_files.end() && !(at->second == value))
      return fmt::format("{} starts with {}, by the files with {}", variable, words(value), words(at->second));
  return {};
}

/// A plan from where a run was left restores what the first plan found, not what it finds itself.
bool replanned(const plan::Plan& plan) {
  return std::any_of(plan.objects.begin(), plan.objects.end(), [](const auto& object) { return !object.second.restore.empty(); });
}

std::vector<std::string> differences(const plan::Plan& made, const plan::Plan& plan) {
  auto why = source_differences(made.sources, plan.sources);
  if (!why.empty() || digest_of(made) == digest_of(plan)) return why;
  why.push_back("compiled from these files, the plan is another one");
  if (replanned(plan))
    why.back() += "; it was made by `exm replan` from where a run was left, which the files do not tell";
  else if (const auto other = other_start(made, plan); !other.empty())
    why.back() += ": " + other + " (--with-state STATE.json says what it was compiled with)";
  return why;
}

/// "keep_2_3" is the third shape of the second `keep`, "enough_2" the second shape of a rule.
std::string without_number(const std::string& id) {
  const auto at = id.find_last_not_of("0123456789");
  return at == std::string::npos || at + 1 == id.size() || id[at] != '_' ? "" : id.substr(0, at);
}

std::map<std::string, Place> rule_places(const CompileRequest& request, const plan::Plan& plan) {
  Diagnostics diagnostics;
  const Loaded loaded = load(request.files, read_file, diagnostics, request.modules);
  const auto program = check(loaded.sources, loaded.files, request.settings, diagnostics);
  std::map<std::string, Span> spans;
  for (const auto& rule : program.rules) spans.emplace(rule.name, rule.span);
  for (const auto& maintenance : program.maintenances) {
    if (maintenance.name != plan.maintenance) continue;
    const auto& keep = maintenance.wishes.keep;
    for (std::size_t i = 0; i < keep.size(); ++i) spans.emplace("keep_" + std::to_string(i + 1), keep[i].span);
  }
  std::map<std::string, Place> places;
  for (const plan::Rule& rule : plan.rules) {
    auto at = spans.find(rule.id);
    if (at == spans.end()) at = spans.find(without_number(rule.id));
    if (at == spans.end()) continue;
    const Source& source = loaded.sources[at->second.source];
    const LineColumn place = line_column(source.text, at->second.begin);
    places[rule.id] = {source.path, static_cast<int>(place.line), static_cast<int>(place.column)};
  }
  return places;
}

}  // namespace

std::vector<std::string> source_differences(const std::vector<plan::SourceFile>& files, const std::vector<plan::SourceFile>& of_plan) {
  std::vector<std::string> why;
  for (const auto& source : files) {
    const auto* known = find(of_plan, source.path);
    if (known == nullptr)
      why.push_back("the plan was made without `" + source.path + "`");
    else if (known->sha256 != source.sha256)
      why.push_back("`" + source.path + "` is not what the plan was made from");
  }
  for (const auto& source : of_plan)
    if (find(files, source.path) == nullptr) why.push_back("the plan was made with `" + source.path + "` too");
  return why;
}

Result<Comparison> compare_with_files(const plan::Plan& plan, const CompiledFrom& from) {
  RequestArguments arguments;
  arguments.files = from.files;
  arguments.modules = from.modules;
  arguments.set = from.set;
  arguments.state = from.state;
  arguments.maintenance = plan.maintenance;
  const auto request = make_request(arguments);
  if (!request) return request.error();
  Diagnostics diagnostics;
  const Compilation made = compile(*request, read_file, diagnostics);
  if (made.answer != Compilation::Answer::planned) {
    print_diagnostics(made.sources, diagnostics, "text");
    return Failure{Failure::Kind::bad_input, "the files give no plan to compare with"};
  }
  return Comparison{differences(made.plan, plan), rule_places(*request, plan)};
}

}  // namespace exm
