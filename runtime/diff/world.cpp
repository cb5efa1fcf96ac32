// What two plans start from, end with, keep and are bound by.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/diff/parts.h"
#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/show/expression_words.h"
#include "runtime/show/words.h"

namespace exm::diff {

namespace {

using show::expression_words;
using show::value_words;

/// "a.b is x" for each entry.
template <class Map, class Words>
std::vector<DiffEntry> map_changes(const Map& before, const Map& now, const Words& words) {
  std::vector<DiffEntry> out;
  for (const auto& [key, value] : before)
    if (now.count(key) == 0) out.push_back({DiffEntry::Kind::removed, key + ": " + words(value), {}});
  for (const auto& [key, value] : now) {
    const auto old = before.find(key);
    if (old == before.end()) out.push_back({DiffEntry::Kind::added, key + ": " + words(value), {}});
    else if (words(old->second) != words(value)) out.push_back({DiffEntry::Kind::changed, key, {"- " + words(old->second), "+ " + words(value)}});
  }
  return out;
}

std::string kind_words(plan::Rule::Kind kind) { return kind == plan::Rule::Kind::keep ? "keep" : "rule"; }

Lines rules_of(const plan::Plan& plan) {
  Lines out;
  for (const auto& rule : plan.rules)
    for (const auto& formula : plan::instances(rule.formula))
      out.push_back(fmt::format("{} {}{}{}: {}", kind_words(rule.kind), rule.title.empty() ? rule.id : rule.title, rule.repaired ? ", to be repaired" : "",
                                rule.of_steps ? ", of steps" : "", expression_words(formula)));
  return out;
}

std::string window_words(const plan::Window& w) {
  constexpr const char* days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  return fmt::format("window: {} {:02}:{:02} for {}{}", days[w.weekday % 7], w.minute / 60, w.minute % 60, show::duration_words(w.length), w.zone.empty() ? "" : " " + w.zone);
}

Lines limits_of(const plan::Plan& plan) {
  const auto& l = plan.limits;
  Lines out;
  for (const auto& action : l.forbid) out.push_back("forbidden: " + action);
  for (const auto& action : l.allow) out.push_back("no way back is needed from: " + action);
  if (l.at_most) out.push_back(fmt::format("at most {} steps at once", *l.at_most));
  for (const auto& [name, n] : l.slots) out.push_back(fmt::format("slot {}: {} at once", name, n));
  for (const auto& w : l.windows) out.push_back(window_words(w));
  for (const auto& c : l.confirms) out.push_back("asks: " + c.question + (c.before.empty() ? " (before the first step)" : " (before the first " + c.before + ")"));
  if (l.tolerate > 0) out.push_back(fmt::format("goes on after {} failures", l.tolerate));
  for (const auto& w : l.withstand) out.push_back(fmt::format("withstands {} {}", w.n, w.fault));
  for (const auto& text : plan.notices) out.push_back("notice: " + text);
  for (const auto& [path, host] : plan.hosts) out.push_back("host " + path + " is reached as " + host.address);
  return out;
}

std::string free_words(const plan::Free& free) { return "ends as " + value_words(free.ends) + ": " + show::free_words(free.why); }

}  // namespace

std::vector<DiffEntry> start_changes(const plan::Plan& before, const plan::Plan& now) {
  const auto was = plan::start_world(before), is = plan::start_world(now);
  std::vector<DiffEntry> out;
  for (const auto& [variable, value] : is)
    if (const auto old = was.find(variable); old != was.end() && !(old->second == value))
      out.push_back({DiffEntry::Kind::changed, variable, {"- " + value_words(old->second), "+ " + value_words(value)}});
  Lines old_objects, new_objects;
  for (const auto& [path, object] : before.objects) old_objects.push_back(object.kind + " " + path);
  for (const auto& [path, object] : now.objects) new_objects.push_back(object.kind + " " + path);
  for (auto& change : changed_entries(old_objects, new_objects)) out.push_back(std::move(change));
  return out;
}

std::vector<DiffEntry> source_changes(const plan::Plan& before, const plan::Plan& now) {
  std::map<std::string, std::string> old_files, new_files;
  for (const auto& file : before.sources) old_files[file.path] = file.sha256;
  for (const auto& file : now.sources) new_files[file.path] = file.sha256;
  return map_changes(old_files, new_files, [](const std::string& hash) { return "sha256 " + hash.substr(0, 16) + "…"; });
}

std::vector<DiffEntry> rule_changes(const plan::Plan& before, const plan::Plan& now) { return changed_entries(rules_of(before), rules_of(now)); }

std::vector<DiffEntry> wish_changes(const plan::Plan& before, const plan::Plan& now) {
  Lines old_wishes, new_wishes;
  for (const auto& wish : before.achieve) old_wishes.push_back(expression_words(wish));
  for (const auto& wish : now.achieve) new_wishes.push_back(expression_words(wish));
  return changed_entries(old_wishes, new_wishes);
}

std::vector<DiffEntry> limit_changes(const plan::Plan& before, const plan::Plan& now) { return changed_entries(limits_of(before), limits_of(now)); }

std::vector<DiffEntry> end_changes(const plan::Plan& before, const plan::Plan& now) { return map_changes(before.free, now.free, free_words); }

}  // namespace exm::diff
