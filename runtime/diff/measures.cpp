// The measures of both plans, and how near each comes to breaking what it keeps, as the checker sees them.
#include <fmt/format.h>

#include "runtime/diff/parts.h"
#include "runtime/show/words.h"
#include "runtime/verify/survey.h"
#include "runtime/verify/verify.h"

namespace exm::diff {

namespace {

using show::duration_words;

Verdict judged(const plan::Plan& plan) {
  Verdict verdict = verify(plan);
  if (verdict.valid) survey(plan, verdict);
  return verdict;
}

Lines nearness_of(const Verdict& verdict) {
  Lines out;
  for (const auto& h : verdict.headroom)
    out.push_back(fmt::format("{}{}: {} at the nearest, {} {}, {} at the start", h.rule, h.of.empty() ? "" : " of " + h.of, h.nearest, h.limit,
                              h.at_most ? "allowed" : "needed", h.at_start));
  for (const auto& e : verdict.exposure) {
    std::string rules;
    for (const auto& rule : e.rules) rules += (rules.empty() ? "" : ", ") + rule;
    out.push_back(fmt::format("if {}: {} would break", e.title.empty() ? e.fault : e.title, rules));
  }
  return out;
}

void compare(std::vector<DiffEntry>& out, const char* what, std::int64_t before, std::int64_t now, bool time) {
  if (before == now) return;
  const auto words = [&](std::int64_t n) { return time ? duration_words(n) : std::to_string(n); };
  out.push_back({DiffEntry::Kind::changed, what, {"- " + words(before), "+ " + words(now)}});
}

}  // namespace

MeasureChanges measure_changes(const plan::Plan& before, const plan::Plan& now) {
  const Verdict was = judged(before), is = judged(now);
  MeasureChanges out;
  if (was.valid != is.valid || !is.valid) {
    const auto words = [](const Verdict& v) { return v.valid ? "valid" : "not shown to be valid: `exm verify` says why"; };
    out.measures.push_back({DiffEntry::Kind::changed, "validity", {std::string("- ") + words(was), std::string("+ ") + words(is)}});
  }
  compare(out.measures, "steps", was.measured.steps, is.measured.steps, false);
  compare(out.measures, "users feel it for", was.measured.disruption, is.measured.disruption, true);
  compare(out.measures, "it takes", was.measured.duration, is.measured.duration, true);
  compare(out.measures, "it costs", was.measured.cost, is.measured.cost, false);
  compare(out.measures, "things are away for", was.measured.away, is.measured.away, true);
  if (was.valid && is.valid) out.nearness = changed_entries(nearness_of(was), nearness_of(is));
  return out;
}

}  // namespace exm::diff
