// Runs a plan in the simulator, with journal and world in a folder of the test's own.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <string>
#include <vector>

#include "runtime/adapter/sim.h"
#include "runtime/plan/paths.h"
#include "runtime/run/retreat.h"
#include "runtime/run/run.h"
#include "runtime/verify/evaluate.h"

namespace exm::test {

struct Folder {
  Folder() {
    // In memory where there is such a place: thousands of runs, each of which syncs its files, would wait for the disk.
    std::error_code ignored;
    const bool memory = std::filesystem::is_directory("/dev/shm", ignored) && access("/dev/shm", W_OK) == 0;
    const std::filesystem::path base = memory ? "/dev/shm" : std::filesystem::temp_directory_path();
    std::string name = (base / "exm-run-XXXXXX").string();
    if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no folder for the test: " + name);
    path = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  std::string file(const std::string& name) const { return path + "/" + name; }
  std::string path;
};

inline std::vector<Injection> injections(const std::vector<std::string>& texts) {
  std::vector<Injection> list;
  for (const auto& text : texts) {
    auto injection = parse_injection(text);
    if (!injection) throw std::runtime_error(injection.error().message);
    list.push_back(*injection);
  }
  return list;
}

struct Played {
  Outcome outcome;
  std::vector<Record> records;  // of this run
  SimRecord simulation;
  World world;

  /// "a1 checking", "a1 running", ...
  std::vector<std::string> transitions() const {
    std::vector<std::string> lines;
    for (const auto& record : records)
      if (record.kind == Record::Kind::transition) lines.push_back(record.step + " " + std::string(name_of(record.state)));
    return lines;
  }
  int executions(const std::string& step) const {
    int count = 0;
    for (const auto& execution : simulation.executions) count += execution.step == step ? 1 : 0;
    return count;
  }
  std::string said() const {
    std::string text = outcome.message;
    for (const auto& line : outcome.details) text += "\n" + line;
    return text;
  }
};

/// A new run, or, where there is a journal, one that goes on. `at_point` is called before and after each commit.
inline Played play(const plan::Plan& plan, const Folder& folder, const std::vector<std::string>& misfortunes = {},
                   RunOptions options = {}, std::stop_token stop = {}, std::function<void()> at_point = {},
                   decltype(&run) how = run) {
  const std::string path = folder.file("run.exmrun");
  const bool again = std::filesystem::exists(path) && std::filesystem::exists(path + ".sim");
  const JournalOptions journal_options{Database::Sync::normal, at_point};
  auto journal = std::filesystem::exists(path) ? Journal::open(path, journal_options)
                       : Journal::create(path, {"{}", "sha256:0", plan.maintenance, "sim", "now"}, journal_options);
  if (!journal) throw std::runtime_error(journal.error().message);
  SimOptions sim;
  sim.path = path + ".sim";
  sim.open = again ? SimStore::Open::existing : SimStore::Open::fresh;
  sim.injections = injections(misfortunes);
  sim.at_point = at_point;
  sim.start = 1'700'000'000'000;
  sim.evaluate = [](const plan::Expression& expression, const World& world) { return evaluate(expression, world); };
  Sim adapter(plan, plan::start_world(plan), sim);
  if (auto started = adapter.start(); !started) throw std::runtime_error(started.error().message);
  Played played;
  auto shown = options.on_record;
  options.on_record = [&](const Record& record) {
    played.records.push_back(record);
    if (shown) shown(record);
  };
  played.outcome = how(plan, adapter, *journal, std::move(stop), options);
  played.world = adapter.world();
  played.simulation = *read_simulation(sim.path);
  return played;
}

}  // namespace exm::test
