#include "runtime/run/retreat.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "runtime/adapter/value_text.h"
#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/run/judge.h"
#include "runtime/run/lease_script.h"
#include "runtime/run/leases_left.h"
#include "runtime/run/look.h"
#include "runtime/run/probes.h"
#include "runtime/run/retreat_plan.h"
#include "runtime/verify/verify.h"

namespace exm {
namespace {

/// A way back from wherever things stand, several cut-offs at once included.
std::string plan_anew(const Journal& journal) { return "`exm replan " + journal.path() + " FILE… --retreat` plans a way back from what is seen"; }

class Retreat {
 public:
  Retreat(const plan::Plan& plan, Adapter& adapter, Journal& journal, std::stop_token stop, const RunOptions& options)
      : plan_(plan), adapter_(adapter), journal_(journal), stop_(std::move(stop)), options_(options), progress_(plan) {
    for (const auto& record : journal.records()) progress_.take(record);
  }

  Outcome run() {
    if (const auto begun = begun_retreat(plan_, journal_.records())) {
      if (auto refused = end_timers()) return *refused;
      return take(*begun->from, begun->world);
    }
    const auto steps = cut_off_steps(progress_);
    if (steps.empty())
      return outcome(Outcome::Kind::drift, "no step was cut off: there is nothing to retreat from; `resume` goes on");
    if (steps.size() > 1) {
      std::string ids;
      for (const int step : steps) ids += (ids.empty() ? "" : ", ") + id_of(step);
      return outcome(Outcome::Kind::drift, "several steps were cut off (" + ids + "), and a recorded retreat is for one; " + plan_anew(journal_));
    }
    const auto& from = plan_.steps[static_cast<std::size_t>(steps[0])];
    if (plan_.retreats.count(from.retreat) == 0)
      return outcome(Outcome::Kind::drift, "the plan has no retreat from " + from.id + "; " + plan_anew(journal_));
    if (!has_ended(steps[0]))
      return outcome(Outcome::Kind::in_doubt,
                     "nobody knows whether the command of step " + from.id + " has ended: once you know that it has, `resume --retreat --decide " +
                         from.id + "=ended`");
    return begin(from);
  }

 private:
  const std::string& id_of(int step) const { return plan_.steps[static_cast<std::size_t>(step)].id; }

  Outcome outcome(Outcome::Kind kind, std::string message, std::vector<std::string> details = {}) const {
    Outcome made;
    made.kind = kind;
    made.message = std::move(message);
    made.details = std::move(details);
    made.began = true;
    made.back = true;
    made.believed = progress_.believed();
    return made;
  }

  /// Whether a command of the step is known to have ended: by the run, by the host, or by a person.
  bool has_ended(int step) const {
    if (progress_.state(step) == StepState::failed || options_.decisions.count(id_of(step)) != 0) return true;
    const std::string key = journal_.head().created + "/" + id_of(step);
    const auto ended = [&](const std::string& which) {
      const Fate fate = adapter_.fate(which);
      return fate == Fate::ended_well || fate == Fate::ended_badly || fate == Fate::not_begun;
    };
    return ended(key) && ended(key + "/fallback");
  }

  /// What the run has left on hosts must not put anything back while the way back is taken. What has run out already shows
  /// in what is observed.
  std::optional<Outcome> end_timers() {
    std::map<std::string, Lease> open;
    const Probes probes(plan_);
    for (const auto& [lease, when] : leases_left(plan_, journal_.records(), journal_.head().created)) {
      open[lease.name] = lease;
      adapter_.execute({lease.name, lease.step + "/timer", lease.host, probes.address_of(lease.host), lease.language,
                        lease_script(LeaseAct::end, lease.language, lease.name, lease.lasts, lease.undo), 60, std::make_shared<plan::Template>()});
    }
    while (!open.empty()) {
      auto replies = adapter_.wait(adapter_.now() + 1000);
      if (!replies) return outcome(Outcome::Kind::broken, replies.error().message);
      if (stop_.stop_requested()) return outcome(Outcome::Kind::interrupted, "stopped on request");
      for (const auto& reply : *replies) {
        const auto found = open.find(reply.key);
        if (found == open.end()) continue;
        const bool run_out = reply.text.find(lease_run_out) != std::string::npos;
        if (reply.status != Reply::Status::ok && !run_out)
          return outcome(Outcome::Kind::broken, "the timer that puts " + lease_words(found->second) + " could not be ended: " + reply.text);
        journal_.add({Record::Kind::lease, adapter_.now(), found->second.step, {}, 0, run_out ? "gone: the timer has run out" : "gone: the timer is ended", found->second.prior});
        open.erase(found);
      }
    }
    if (auto kept = journal_.commit(); !kept) return outcome(Outcome::Kind::broken, kept.error().message);
    return std::nullopt;
  }

  Outcome begin(const plan::Step& from) {
    if (auto refused = end_timers()) return *refused;
    const auto seen = observe(from);
    if (!seen) return outcome(Outcome::Kind::broken, seen.error().message);
    progress_.see(*seen);
    World world = progress_.believed();
    const Verdict verdict = verify_retreat(plan_, from.id, world);
    if (!verdict.valid) {
      std::vector<std::string> details;
      for (const auto& finding : verdict.findings) details.push_back(finding.code + " " + finding.message);
      details.push_back(plan_anew(journal_));
      return outcome(Outcome::Kind::drift, "the recorded retreat from step " + from.id + " is not valid from what was observed; nothing was run", details);
    }
    if (const auto decided = options_.decisions.find(from.id); decided != options_.decisions.end())
      journal_.add({Record::Kind::decided, adapter_.now(), from.id, {}, 0, "ended", {}});
    journal_.add({Record::Kind::retreat, adapter_.now(), from.id, {}, 0, retreat_words(plan_, from), differences(world)});
    if (auto kept = journal_.commit(); !kept) return outcome(Outcome::Kind::broken, kept.error().message);
    return take(from, world);
  }

  World differences(const World& world) const {
    const World start = plan::start_world(plan_);
    World changed;
    for (const auto& [variable, value] : world)
      if (!same(value_of(start, variable), value)) changed[variable] = value;
    return changed;
  }

  Outcome take(const plan::Step& from, const World& world) {
    const plan::Plan back = retreat_plan(plan_, from, world);
    RunOptions options = options_;
    options.decisions.erase(from.id);
    options.wait_for_window = false;
    options.check = [&](const World& believed, const std::set<std::string>& over) {
      return verify_retreat(plan_, from.id, believed, over.size());
    };
    Outcome ended = exm::run(back, adapter_, journal_, stop_, options);
    ended.back = true;
    if (ended.kind == Outcome::Kind::done) {
      ended.message = "went back from step " + from.id;
      ended.details = open_lines(plan_, ended.believed);
    } else {
      ended.details.push_back(plan_anew(journal_));
    }
    return ended;
  }

  // What the probes show of all that the retreat has to do with.
  Result<World> observe(const plan::Step& from) {
    const auto shapes = shapes_of(from);
    const Probes probes(plan_);
    std::vector<std::string> variables;
    std::vector<Question> questions;
    for (const auto& variable : variables_of(shapes)) {
      std::optional<Question> question;
      for (const auto& shape : shapes)
        if (!question) question = probes.question(variable, shape);
      if (!question) continue;
      variables.push_back(variable);
      questions.push_back(std::move(*question));
    }
    const auto answers = look(adapter_, questions, from.id, stop_);
    if (!answers) return answers.error();
    World seen;
    for (std::size_t q = 0; q < questions.size(); ++q) {
      const Answer& answer = (*answers)[q];
      const auto type = type_of(plan_, variables[q]).value_or(plan::Type{});
      seen[variables[q]] = answer.kind == Answer::Kind::said ? read_probe(*questions[q].probe, answer.text, type) : plan::unknown();
    }
    return seen;
  }

  /// The retreat's steps first: their probes are the ones that they are skipped by.
  std::vector<plan::Template> shapes_of(const plan::Step& from) const {
    std::vector<plan::Template> shapes;
    for (const auto& step : plan_.retreats.at(from.retreat).steps) shapes.push_back(plan::instantiate(plan_, step, from));
    shapes.push_back(plan::instantiate(plan_, from));
    return shapes;
  }

  std::set<std::string> variables_of(const std::vector<plan::Template>& shapes) const {
    std::set<std::string> changed, all;
    for (const auto& shape : shapes) {
      const auto writes = written(shape), reads = concerned(shape);
      changed.insert(writes.begin(), writes.end());
      all.insert(reads.begin(), reads.end());
    }
    const auto add_touched = [&](const plan::Formula& formula) {
      for (const auto& one : plan::instances(formula)) {
        std::vector<std::string> variables;
        reads(one, variables);
        if (std::any_of(variables.begin(), variables.end(), [&](const auto& v) { return changed.count(v) != 0; }))
          all.insert(variables.begin(), variables.end());
      }
    };
    for (const auto& rule : plan_.rules) add_touched(rule.formula);
    for (const auto& formula : plan_.disrupts_when) add_touched(formula);
    return all;
  }

  const plan::Plan& plan_;
  Adapter& adapter_;
  Journal& journal_;
  std::stop_token stop_;
  const RunOptions& options_;
  Progress progress_;
};

}  // namespace

Outcome retreat(const plan::Plan& plan, Adapter& adapter, Journal& journal, std::stop_token stop, const RunOptions& options) {
  return Retreat(plan, adapter, journal, std::move(stop), options).run();
}

}  // namespace exm
