// What the engine costs a step: the checks, the journal and the adapter, for steps that do nothing, one after another.
// Medians of several runs in milliseconds a step, and of them those that a processor was busy with it, here and in the
// commands; in the folder that is named, or in the one for temporary files. A bare shell is the yardstick of the machine.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "runtime/adapter/adapters.h"
#include "runtime/plan/paths.h"
#include "runtime/run/run.h"
#include "runtime/verify/evaluate.h"

namespace {

using namespace exm;

constexpr int steps = 200;
constexpr int runs = 7;

/// Steps on hosts of their own, each after the one before. `probed`: each has a probe, asked before and after it.
plan::Plan plan_of(int count, bool probed) {
  plan::Plan made;
  made.maintenance = "nothing";
  made.limits.allow = {"touch"};  // no retreat from it
  made.kinds["server"].states["touched"] = {plan::Type{}, plan::boolean(false), true};
  plan::Template& shape = made.templates["touch"];
  shape.action = "touch";
  shape.title = "touch $0";
  shape.on = "$0";
  shape.takes = 1;
  shape.run["shell"] = {{{plan::Piece::Kind::text, "true", {}, 0}}, {}};
  shape.effects = {plan::Effect::Kind::together,
                   {{"$0.touched", {plan::Operator::constant, plan::boolean(!probed), {}, 0, {}}, std::nullopt}},
                   {}};
  // A probe that says what was so already would have its step skipped: this one shows nothing before and nothing after.
  if (probed) {
    shape.effects.assignments[0].to.value = plan::unknown();
    shape.probes = {{"$0.touched", "shell", {{{plan::Piece::Kind::text, "echo false", {}, 0}}, {}}, {}, 5}};
  }
  for (int i = 0; i < count; ++i) {
    const std::string host = "h" + std::to_string(i);
    made.objects[host].kind = "server";
    made.hosts[host].address = host;
    plan::Step step;
    step.id = "s" + std::to_string(i);
    step.step_template = "touch";
    step.objects = {host};
    if (i > 0) step.after = {"s" + std::to_string(i - 1)};
    made.steps.push_back(step);
    made.free[host + ".touched"] = {plan::Free::Why::lasting, shape.effects.assignments[0].to.value};
  }
  return made;
}

/// Of this process and of those that it has waited for.
double processor_milliseconds() {
  double all = 0;
  for (const int who : {RUSAGE_SELF, RUSAGE_CHILDREN}) {
    rusage usage{};
    getrusage(who, &usage);
    all += 1e3 * static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + 1e-3 * static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
  }
  return all;
}

double bare_shell() {
  const auto begin = std::chrono::steady_clock::now();
  for (int i = 0; i < steps; ++i)
    if (std::system("true") != 0) return -1;
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  return took.count() / steps;
}

double milliseconds_a_step(const plan::Plan& plan, const std::string& adapter_name, Database::Sync sync, const std::string& folder) {
  const std::string path = folder + "/bench.exmrun";
  for (const char* end : {"", "-wal", "-shm", ".sim", ".sim-wal", ".sim-shm"}) std::filesystem::remove(path + end);
  AdapterSetup setup;
  setup.start = plan::start_world(plan);
  setup.sim.path = path + ".sim";
  setup.sim.evaluate = [](const plan::Expression& expression, const World& world) { return evaluate(expression, world); };
  setup.sim.start = 1'700'000'000'000;
  auto adapter = make_adapter({adapter_name, {}}, plan, std::move(setup));
  auto journal = Journal::create(path, {"{}", "sha256:0", plan.maintenance, adapter_name, "now"}, {sync, {}});
  if (!adapter || !journal || !(*adapter)->start()) return -1;
  const auto begin = std::chrono::steady_clock::now();
  const Outcome outcome = run(plan, **adapter, *journal, {}, {});
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
  if (outcome.kind != Outcome::Kind::done) {
    std::fprintf(stderr, "%s: %s\n", adapter_name.c_str(), outcome.message.c_str());
    if (!outcome.details.empty()) std::fprintf(stderr, "  %s\n", outcome.details.front().c_str());
    return -1;
  }
  return took.count() / static_cast<double>(plan.steps.size());
}

void report(const std::string& what, const std::function<double()>& measure) {
  std::vector<double> times;
  const double before = processor_milliseconds();
  for (int i = 0; i < runs; ++i) times.push_back(measure());
  const double busy = (processor_milliseconds() - before) / (runs * steps);
  std::sort(times.begin(), times.end());
  std::printf("%-50s %7.3f ms a step (%.3f to %.3f), busy %.3f\n", what.c_str(), times[times.size() / 2], times.front(), times.back(), busy);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  std::string folder = (std::filesystem::path(argc > 1 ? argv[1] : std::filesystem::temp_directory_path().string()) / "exm-bench-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) return 1;
  const plan::Plan plain = plan_of(steps, false), probed = plan_of(steps, true);
  report("a bare `sh -c true`", bare_shell);
  report("sim, journal not synced", [&] { return milliseconds_a_step(plain, "sim", Database::Sync::normal, folder); });
  report("sim, journal synced", [&] { return milliseconds_a_step(plain, "sim", Database::Sync::full, folder); });
  report("local, `true`, journal not synced", [&] { return milliseconds_a_step(plain, "local", Database::Sync::normal, folder); });
  report("local, `true`, journal synced", [&] { return milliseconds_a_step(plain, "local", Database::Sync::full, folder); });
  report("local, `true`, a probe before and after, synced", [&] { return milliseconds_a_step(probed, "local", Database::Sync::full, folder); });
  std::filesystem::remove_all(folder);
}
