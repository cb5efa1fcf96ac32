#include "runtime/cli/status_command.h"

#include <iostream>
#include <nlohmann/json.hpp>

#include "runtime/adapter/value_text.h"
#include "runtime/cli/exit_codes.h"
#include "runtime/cli/signature.h"
#include "runtime/plan/plan_json.h"
#include "runtime/plan/quote.h"
#include "runtime/run/audit.h"
#include "runtime/run/journal.h"
#include "runtime/run/progress.h"
#include "runtime/run/retreat_plan.h"

namespace exm {
namespace {

using Json = nlohmann::ordered_json;

constexpr StepState states[] = {StepState::done,      StepState::skipped, StepState::running, StepState::verifying,
                                StepState::checking, StepState::failed,  StepState::in_doubt, StepState::pending};

/// A run that went back.
struct BackThere {
  std::string from;
  plan::Plan plan;               // of the retreat
  int over = 0;
  std::vector<std::string> open;
};

struct Standing {
  Progress progress;
  std::vector<std::string> why;  // of each step: the last thing that was said of it
  std::string signer;            // of the plan, as the last that was asked for a signature found; empty: nobody asked
  std::string ended;             // the last outcome, or empty while it runs or after a crash
  std::optional<BackThere> back;
};

BackThere back_there(const plan::Plan& plan, const BegunRetreat& begun, const std::vector<Record>& records) {
  BackThere back{begun.from->id, retreat_plan(plan, *begun.from, begun.world), 0, {}};
  Progress progress(back.plan);
  for (const auto& record : records) progress.take(record);
  back.over = static_cast<int>(progress.over().size());
  back.open = open_lines(plan, progress.believed());
  return back;
}

Standing standing_of(const plan::Plan& plan, const std::vector<Record>& records) {
  Standing standing{Progress(plan), std::vector<std::string>(plan.steps.size()), {}, {}, {}};
  for (const auto& record : records) {
    standing.progress.take(record);
    if (record.kind == Record::Kind::transition)
      if (const int step = standing.progress.number_of(record.step); step >= 0) standing.why[static_cast<std::size_t>(step)] = record.text;
    if (record.kind == Record::Kind::note && record.step.empty() && record.text.rfind(signed_words, 0) == 0) standing.signer = record.text.substr(signed_words.size());
    if (record.kind == Record::Kind::ended) standing.ended = record.text;
    if (record.kind == Record::Kind::resumed) standing.ended.clear();
  }
  if (const auto begun = begun_retreat(plan, records)) standing.back = back_there(plan, *begun, records);
  return standing;
}

void print_json(const plan::Plan& plan, const JournalContent& content, const Standing& standing) {
  Json json;
  json["format"] = "exm-status/1";
  json["maintenance"] = content.head.maintenance;
  json["digest"] = content.head.digest;
  json["adapter"] = content.head.adapter;
  if (!content.head.adapter_options.empty()) json["adapter_options"] = content.head.adapter_options;
  json["created"] = content.head.created;
  if (!standing.signer.empty()) json["signed_by"] = standing.signer;
  json["ended"] = standing.ended;
  json["log"] = {{"entries", content.records.size()}, {"hash", content.last_hash}};
  for (const auto state : states) json["count"][std::string(name_of(state))] = standing.progress.count(state);
  json["steps"] = Json::array();
  for (int step = 0; step < standing.progress.step_count(); ++step) {
    const auto at = static_cast<std::size_t>(step);
    Json line{{"id", plan.steps[at].id}, {"state", name_of(standing.progress.state(step))}};
    if (!standing.why[at].empty()) line["why"] = standing.why[at];
    json["steps"].push_back(std::move(line));
  }
  if (standing.back)
    json["retreat"] = {{"from", standing.back->from},
                       {"steps", standing.back->plan.steps.size()},
                       {"over", standing.back->over},
                       {"open", standing.back->open}};
  std::cout << json.dump(2, ' ', false, Json::error_handler_t::replace) << "\n";
}

void print_back(const BackThere& back) {
  std::cout << "went back from " << back.from << ": " << back.over << " of " << back.plan.steps.size() << " steps are done\n";
  std::cout << (back.open.empty() ? "nothing stays open\n" : "stays open:\n");
  for (const auto& line : back.open) std::cout << "  " << line << "\n";
}

void print_text(const plan::Plan& plan, const JournalContent& content, const Standing& standing, bool steps) {
  std::cout << content.head.maintenance << ", begun " << content.head.created << " on " << content.head.adapter;
  for (const auto& [key, value] : content.head.adapter_options) std::cout << ", " << key << "=" << plan::quote("person", plan::text(value));
  std::cout << "\n";
  if (!standing.signer.empty()) std::cout << "signed by " << plan::quote("person", plan::text(standing.signer)) << "\n";
  std::string counts;
  for (const auto state : states)
    if (const int count = standing.progress.count(state); count > 0)
      counts += (counts.empty() ? "" : ", ") + std::to_string(count) + " " + std::string(name_of(state));
  std::cout << plan.steps.size() << " steps: " << counts << "\n";
  for (int step = 0; step < standing.progress.step_count(); ++step) {
    const auto state = standing.progress.state(step);
    const auto at = static_cast<std::size_t>(step);
    const bool matters = !is_over(state) && state != StepState::pending;
    if (!steps && !matters) continue;
    std::cout << "  " << plan.steps[at].id << "  " << name_of(state) << "  " << standing.progress.shape(step)->title;
    if (!standing.why[at].empty()) std::cout << ": " << standing.why[at];
    std::cout << "\n";
  }
  if (standing.back) print_back(*standing.back);
  std::cout << (standing.ended.empty() ? "it runs, or its program is gone" : standing.ended) << "\n";
  std::cout << "log: " << content.records.size() << " entries, chained to " << content.head.digest << "\n";
}

/// The chain held when the journal was read; what it says is held against the plan.
int show_audit(const std::string& journal, const plan::Plan& plan, const JournalContent& content) {
  const auto findings = audit(plan, content.head.digest, content.records);
  for (const auto& finding : findings) std::cout << journal << ": " << finding << "\n";
  std::cout << content.records.size() << " entries, chained from " << content.head.digest << " to " << content.last_hash << ": "
            << (findings.empty() ? "the log is whole, and says nothing that its plan does not allow" : "the log is whole, and not what a run of its plan writes") << "\n";
  return findings.empty() ? exit_done : exit_refuted;
}

}  // namespace

int show_status(const std::string& journal, const std::string& format, bool steps, bool audited) {
  auto content = read_journal(journal);
  if (!content) {
    std::cerr << content.error().message << "\n";
    return exit_code_of(content.error());
  }
  auto plan = plan_from_json(content->head.plan_json);
  if (!plan) {
    std::cerr << journal << ": the plan in it can't be read: " << plan.error().message << "\n";
    return exit_environment;
  }
  if (audited) return show_audit(journal, *plan, *content);
  const auto standing = standing_of(*plan, content->records);
  if (format == "json")
    print_json(*plan, *content, standing);
  else
    print_text(*plan, *content, standing, steps);
  return exit_done;
}

}  // namespace exm
