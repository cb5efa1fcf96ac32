#include "compiler/cli/replan_command.h"

#include <algorithm>
#include <iostream>

#include "compiler/cli/compare.h"
#include "compiler/cli/deadline.h"
#include "compiler/driver/observation.h"
#include "runtime/cli/exit_codes.h"
#include "runtime/cli/left_run.h"
#include "runtime/cli/observe.h"
#include "runtime/plan/paths.h"
#include "runtime/plan/types.h"

namespace exm {

namespace {

using Texts = std::map<std::string, std::string>;  // values of states, as `--set` would be given them

std::ostream& say() { return std::cerr << "exm replan: "; }

std::string listed(const std::vector<std::string>& all) {
  std::string out;
  for (const auto& one : all) out += (out.empty() ? "" : ", ") + one;
  return out;
}

void tell_where_it_was_left(const LeftRun& run) {
  say() << run.over << " of " << run.plan.steps.size() << " steps of the run are over" << (run.cut_off.empty() ? "; none was cut off" : "; cut off: " + listed(run.cut_off)) << "\n";
  if (!run.may_go_on.empty())
    say() << "nobody knows whether what these began has ended: " << listed(run.may_go_on) << "; see that it has before the new plan is run\n";
  for (const auto& timer : run.timers)
    say() << "a timer that the run left puts " << timer << "; wait until it has, or end it by `exm resume`, before the new plan is run\n";
}

void tell_other_files(const LeftRun& run, const Sources& sources) {
  const auto reasons = source_differences(evidence(sources), run.plan.sources);
  for (const auto& reason : reasons) say() << "the run's plan was from other files: " << reason << "\n";
}

void tell_unseen(const std::vector<std::string>& unseen) {
  constexpr std::size_t most = 6;
  for (std::size_t i = 0; i < unseen.size() && i < most; ++i) say() << unseen[i] << "\n";
  if (unseen.size() > most) say() << "and " << unseen.size() - most << " more could not be seen; `exm observe` names all\n";
}

/// What is known of the world: as the run believed it, as it was seen just now, and as a state file says, the last word going first.
Result<World> world_of(const LeftRun& run, const plan::Observation& observation, const ReplanArguments& arguments) {
  World world = run.believed;
  if (arguments.adapter.empty()) return world;
  ObserveArguments observe;
  observe.adapter = arguments.adapter;
  observe.adapter_options = arguments.adapter_options;
  if (arguments.adapter == run.adapter && observe.adapter_options.empty()) observe.adapter_options = run.adapter_options;
  observe.journal = arguments.journal;
  auto observed = observe_world(observation, observe);
  if (!observed) return observed.error();
  tell_unseen(observed->unseen);
  for (auto& [variable, value] : observed->values) world[variable] = std::move(value);
  return world;
}

/// The world as settings for a compilation of the files.
class Restart {
 public:
  Restart(const LeftRun& run, const plan::Observation& files, const World& world, const Texts& by_hand, bool back)
      : run_(run), files_(files.plan), world_(world), by_hand_(by_hand) {
    earlier_.direction = back ? program::Direction::back : program::Direction::on;
  }

  Result<bool> put_into(Settings& settings) {
    for (const auto& [variable, value] : world_) {
      if (!know(variable)) continue;
      const auto [object, state] = plan::split_variable(variable);
      const std::string exists = text_of(object + ".exists");
      if (exists == "unknown") return Failure{Failure::Kind::bad_input, "nobody knows whether `" + object + "` exists: look, and say it in --state (\"" + object + ".exists\": true)"};
      if (state == "exists" ? (exists == "true") != is_planned(object) : exists != "true") continue;
      settings.state[variable] = text_of(variable);
    }
    for (const auto& [variable, text] : by_hand_) settings.state[variable] = text;
    for (const auto& [variable, value] : run_.restore)
      if (know(variable) && is_earlier(plan::split_variable(variable).object)) earlier_.restore[variable] = setting_text(value);
    for (const auto& [variable, value] : run_.ends)
      if (know(variable)) earlier_.ends[variable] = setting_text(value);
    settings.earlier = std::move(earlier_);
    return true;
  }

  /// States of the run's plan that the files no longer have.
  const std::vector<std::string>& passed_over() const { return passed_over_; }

 private:
  bool know(const std::string& variable) {
    if (plan::split_variable(variable).state == "exists" ? files_.objects.count(plan::split_variable(variable).object) != 0 : plan::type_of_variable(files_, variable).has_value())
      return true;
    if (std::find(passed_over_.begin(), passed_over_.end(), variable) == passed_over_.end()) passed_over_.push_back(variable);
    return false;
  }

  bool is_planned(const std::string& object) const {
    const auto found = files_.objects.find(object);
    return found != files_.objects.end() && found->second.planned;
  }

  std::string text_of(const std::string& variable) const {
    if (const auto said = by_hand_.find(variable); said != by_hand_.end()) return said->second;
    if (const auto seen = world_.find(variable); seen != world_.end()) return setting_text(seen->second);
    return "true";  // that it exists, for what the run's plan did not name
  }

  /// It was there before the run, or the run has made it.
  bool is_earlier(const std::string& object) const { return run_.planned.count(object) == 0 || text_of(object + ".exists") == "true"; }

  const LeftRun& run_;
  const plan::Plan& files_;
  const World& world_;
  const Texts& by_hand_;
  Earlier earlier_;
  std::vector<std::string> passed_over_;
};

/// What the new plan has to say that the first had not: what it repairs, and what stays open.
void tell_news(const plan::Plan& made, const plan::Plan& first) {
  for (const auto& notice : made.notices)
    if (std::find(first.notices.begin(), first.notices.end(), notice) == first.notices.end()) say() << notice << "\n";
}

bool left_as_it_was(const plan::Plan& made) {
  return std::none_of(made.free.begin(), made.free.end(), [](const auto& entry) { return entry.second.why == plan::Free::Why::left; });
}

Result<bool> restart(const ReplanArguments& arguments, const LeftRun& run, CompileRequest& request, const plan::Observation& observation) {
  const auto world = world_of(run, observation, arguments);
  if (!world) return world.error();
  const Texts by_hand = std::move(request.settings.state);
  request.settings.state.clear();
  Restart from(run, observation, *world, by_hand, arguments.retreat);
  if (auto done = from.put_into(request.settings); !done) return done.error();
  if (const auto& gone = from.passed_over(); !gone.empty())
    say() << "the files have no `" << gone[0] << "`" << (gone.size() > 1 ? " and " + std::to_string(gone.size() - 1) + " more" : "") << " any more: passed over\n";
  return true;
}

}  // namespace

int replan_run(const ReplanArguments& arguments) {
  const auto run = left_run(arguments.journal);
  if (!run) return exit_code_of(run.error(), "replan");
  RequestArguments given = arguments.plan.request;
  given.maintenance = run->plan.maintenance;
  auto request = make_request(given);
  if (!request) return exit_code_of(request.error(), "replan");
  Diagnostics diagnostics;
  Sources sources;
  CompileRequest plain = *request;
  plain.settings.state.clear();
  const auto observation = observation_of(plain, read_file, diagnostics, sources);
  if (!observation) {
    print_diagnostics(sources, diagnostics, "text");
    return exit_refuted;
  }
  tell_where_it_was_left(*run);
  tell_other_files(*run, sources);
  if (const auto fine = restart(arguments, *run, *request, *observation); !fine) return exit_code_of(fine.error(), "replan");
  const Deadline deadline(given.time_limit);
  request->limits.stop = deadline.token();
  Diagnostics found;
  const Compilation made = compile(*request, read_file, found);
  if (made.answer == Compilation::Answer::planned) tell_news(made.plan, run->plan);
  const int code = put_out(made, found, arguments.plan, deadline.passed());
  if (code == exit_done && arguments.retreat && made.plan.steps.empty() && !left_as_it_was(made.plan))
    say() << "no step back can be taken from there; going on may put more in order: exm replan " << arguments.journal << " FILE…\n";
  if (code == exit_done && !made.plan.steps.empty() && !arguments.plan.output.empty()) say() << "run it with a journal of its own: exm run " << arguments.plan.output << " --journal FILE\n";
  return code;
}

}  // namespace exm
