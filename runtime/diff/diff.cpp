#include "runtime/diff/diff.h"

#include <map>
#include <nlohmann/json.hpp>

#include "runtime/diff/parts.h"
#include "runtime/plan/plan_json.h"
#include "runtime/show/words.h"

namespace exm {

namespace diff {

Lines changed_lines(const Lines& before, const Lines& now) {
  std::map<std::string, int> more;
  for (const auto& line : before) --more[line];
  for (const auto& line : now) ++more[line];
  Lines out;
  for (const auto& line : before)
    if (int& n = more[line]; n < 0) ++n, out.push_back("- " + line);
  for (const auto& line : now)
    if (int& n = more[line]; n > 0) --n, out.push_back("+ " + line);
  return out;
}

std::vector<DiffEntry> changed_entries(const Lines& before, const Lines& now) {
  std::vector<DiffEntry> out;
  for (const auto& line : changed_lines(before, now)) out.push_back({line[0] == '-' ? DiffEntry::Kind::removed : DiffEntry::Kind::added, line.substr(2), {}});
  return out;
}

}  // namespace diff

PlanDifference compare_plans(const plan::Plan& before, const plan::Plan& now) {
  using namespace diff;
  PlanDifference out;
  out.same = digest_of(before) == digest_of(now);
  if (out.same) return out;
  auto measures = measure_changes(before, now);
  auto steps = step_changes(before, now);
  const auto add = [&](const char* id, const char* title, std::vector<DiffEntry> changes) {
    if (!changes.empty()) out.sections.push_back({id, title, std::move(changes)});
  };
  std::vector<DiffEntry> about;
  if (before.maintenance != now.maintenance || before.title != now.title)
    about.push_back({DiffEntry::Kind::changed, "what it is for", {"- " + before.maintenance + ": " + before.title, "+ " + now.maintenance + ": " + now.title}});
  add("about", "About", std::move(about));
  add("measures", "How long, and what users feel", std::move(measures.measures));
  add("steps", "Steps", std::move(steps.steps));
  add("order", "Order", std::move(steps.order));
  add("wishes", "What it is to achieve", wish_changes(before, now));
  add("rules", "Rules that it keeps", rule_changes(before, now));
  add("limits", "Limits and gates", limit_changes(before, now));
  add("ends", "What ends other than it was", end_changes(before, now));
  add("near", "What is near to break", std::move(measures.nearness));
  add("starts", "What it starts from", start_changes(before, now));
  add("sources", "Files", source_changes(before, now));
  return out;
}

namespace {

constexpr const char* names[] = {"added", "removed", "changed"};
constexpr const char* marks[] = {"+ ", "- ", "~ "};

std::string counted(const PlanDifference& difference) {
  int n[3] = {0, 0, 0};
  for (const auto& section : difference.sections)
    if (section.id == "steps")
      for (const auto& change : section.changes) n[static_cast<int>(change.kind)] += change.count;
  if (n[0] + n[1] + n[2] == 0) return "the steps are the same\n";
  return std::to_string(n[0]) + " added, " + std::to_string(n[1]) + " removed, " + std::to_string(n[2]) + " changed among the steps\n";
}

}  // namespace

std::string difference_text(const PlanDifference& difference) {
  if (difference.same) return "the plans are the same\n";
  std::string out;
  for (const auto& section : difference.sections) {
    out += section.title + "\n";
    for (const auto& change : section.changes) {
      out += "  " + (marks[static_cast<int>(change.kind)] + show::clean(change.what)) + "\n";
      for (const auto& line : change.details) out += "      " + show::clean(line) + "\n";
    }
    out += "\n";
  }
  return out + counted(difference);
}

std::string difference_json(const PlanDifference& difference, const plan::Plan& before, const plan::Plan& now) {
  using Json = nlohmann::ordered_json;
  const auto about = [](const plan::Plan& plan) { return Json{{"maintenance", plan.maintenance}, {"digest", digest_of(plan)}}; };
  Json json{{"format", "exm-diff/1"}, {"same", difference.same}, {"old", about(before)}, {"new", about(now)}, {"sections", Json::object()}};
  for (const auto& section : difference.sections) {
    Json& list = json["sections"][section.id] = Json::array();
    for (const auto& change : section.changes) {
      Json entry{{"change", names[static_cast<int>(change.kind)]}, {"what", change.what}};
      if (change.count > 1) entry["count"] = change.count;
      if (!change.details.empty()) entry["details"] = change.details;
      list.push_back(std::move(entry));
    }
  }
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace exm
