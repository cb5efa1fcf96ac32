#include "runtime/verify/verdict_text.h"

#include "runtime/verify/survey.h"
#include "runtime/verify/words.h"

namespace exm {
namespace {

std::string_view what_words(Event::What what) {
  switch (what) {
    case Event::What::begins:
      return "begins";
    case Event::What::effect:
      return "takes effect";
    case Event::What::ends:
      return "ends";
    case Event::What::is_cut_off:
      return "is cut off";
    case Event::What::fault:
      return "happens";
  }
  return "";
}

std::string plural(std::size_t n, const std::string& noun) {
  return std::to_string(n) + " " + noun + (n == 1 ? "" : "s");
}

/// Where the step's last event stands that begins at `from`, if nothing else happens meanwhile; else `from`.
std::size_t whole_step(const std::vector<Event>& trace, std::size_t from) {
  if (trace[from].what != Event::What::begins) return from;
  for (std::size_t i = from + 1; i < trace.size() && trace[i].step == trace[from].step; ++i) {
    if (trace[i].what == Event::What::ends) return i;
    if (trace[i].what != Event::What::effect) break;
  }
  return from;
}

/// Of a long way, steps that nothing interrupts are a line each, and the first part is left out: the JSON form has all.
std::string trace_text(const std::vector<Event>& trace) {
  constexpr std::size_t long_way = 16, most = 40;
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < trace.size(); ++i) {
    const std::size_t end = trace.size() > long_way ? whole_step(trace, i) : i;
    lines.push_back(end > i ? "step " + trace[i].step + " begins, and ends" : event_text(trace[i]));
    i = end;
  }
  const std::size_t from = lines.size() > most ? lines.size() - most : 0;
  std::string text = from > 0 ? "    ... " + plural(from, "line") + " before\n" : "";
  for (std::size_t i = from; i < lines.size(); ++i) text += "    " + lines[i] + "\n";
  return text;
}

std::string place_text(const std::map<std::string, Place>& places, const std::string& id, const std::string& what) {
  const auto at = places.find(id);
  if (at == places.end()) return "";
  const Place& place = at->second;
  return "  " + what + " " + id + ": " + place.file + ":" + std::to_string(place.line) +
         (place.column > 0 ? ":" + std::to_string(place.column) : "") + "\n";
}

std::string finding_text(const Finding& finding, const Report& report) {
  const bool numbered = finding.clause.size() == 1;
  std::string text = "error[" + finding.code + "]: " + finding.message + "\n";
  text += place_text(report.rules, finding.rule, "rule") + place_text(report.steps, finding.step, "step");
  if (numbered) text += "  clause " + finding.clause + " of a valid plan\n";
  if (!finding.trace.empty())
    text += (finding.shortest ? "  the shortest way there:\n" : "  one way there:\n") + trace_text(finding.trace);
  return text;
}

std::string minutes(std::int64_t seconds) {
  const std::int64_t m = seconds / 60, s = seconds % 60;
  return std::to_string(m) + " min" + (s == 0 ? "" : " " + std::to_string(s) + " s");
}

std::string joined(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& word : list) text += (text.empty() ? "" : ", ") + word;
  return text;
}

/// What the plan takes, and how each rule was proven.
std::string proofs_text(const Verdict& verdict, const std::string& title) {
  std::string text;
  const Measured& m = verdict.measured;
  text += "  " + title + (title.empty() ? "" : ": ") + "takes " + minutes(m.duration) + ", disrupts for " +
          minutes(m.disruption) + ", costs " + std::to_string(m.cost) + ", away for " + minutes(m.away) + "\n";
  for (const Proof& proof : verdict.proofs) {
    text += "  " + proof.rule + ": " + proof.method + ", " + plural(proof.states, "state") + "\n";
  }
  if (verdict.retreats > 0)
    text += "  ways back: valid from " + plural(verdict.retreats, "step") + ", in each of its phases\n";
  for (const std::string& sentence : survey_sentences(verdict)) text += "  near: " + sentence + "\n";
  return text;
}

}  // namespace

std::string event_text(const Event& event) {
  std::string text =
      (event.what == Event::What::fault ? "" : "step ") + event.step + " " + std::string(what_words(event.what));
  if (!event.assignments.empty()) text += ": " + words(event.assignments);
  return text;
}

std::string verdict_line(const Verdict& verdict) {
  if (!verdict.valid) {
    return (verdict.bound_reached ? "not known: " : "not valid: ") + plural(verdict.findings.size(), "finding");
  }
  std::uint64_t states = 0;
  for (const Proof& proof : verdict.proofs) states += proof.states;
  return "valid: " + plural(verdict.measured.steps, "step") + ", " + plural(verdict.proofs.size(), "rule") +
         " shown to hold in every reachable state (" + plural(states, "state") + " looked at)";
}

std::string verdict_text(const Report& report, const std::string& title) {
  const Verdict& verdict = report.verdict;
  std::string text;
  for (const Finding& finding : verdict.findings) text += finding_text(finding, report) + "\n";
  text += report.name + (verdict.together ? " together" : "") + (report.about.empty() ? "" : ", " + report.about) + ": " +
          verdict_line(verdict) + "\n";
  if (verdict.valid) text += proofs_text(verdict, title);
  if (!verdict.unjudged.empty()) text += "  not judged: clause " + joined(verdict.unjudged) + " of a valid plan\n";
  return text;
}

std::string verdict_text(const Verdict& verdict, const plan::Plan& plan, const std::string& name) {
  return verdict_text(Report{name, verdict}, plan.title);
}

}  // namespace exm
