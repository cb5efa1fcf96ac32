#include "runtime/verify/verdict_text.h"

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

/// A long way is told by its end: the whole of it is in the JSON form.
std::string trace_text(const std::vector<Event>& trace) {
  constexpr std::size_t most = 40;
  std::string text;
  const std::size_t from = trace.size() > most ? trace.size() - most : 0;
  if (from > 0) text += "    ... " + plural(from, "event") + " before\n";
  for (std::size_t i = from; i < trace.size(); ++i) text += "    " + event_text(trace[i]) + "\n";
  return text;
}

std::string finding_text(const Finding& finding) {
  const bool numbered = finding.clause.size() == 1;
  std::string text = "error[" + finding.code + "]: " + finding.message + "\n";
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
std::string proofs_text(const Verdict& verdict, const plan::Plan& plan) {
  std::string text;
  const Measured& m = verdict.measured;
  text += "  " + plan.title + (plan.title.empty() ? "" : ": ") + "takes " + minutes(m.duration) + ", disrupts for " +
          minutes(m.disruption) + ", costs " + std::to_string(m.cost) + ", away for " + minutes(m.away) + "\n";
  for (const Proof& proof : verdict.proofs) {
    text += "  " + proof.rule + ": " + proof.method + ", " + plural(proof.states, "state") + "\n";
  }
  if (verdict.retreats > 0)
    text += "  ways back: valid from " + plural(verdict.retreats, "step") + ", in each of its phases\n";
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

std::string verdict_text(const Verdict& verdict, const plan::Plan& plan, const std::string& name) {
  std::string text;
  for (const Finding& finding : verdict.findings) text += finding_text(finding) + "\n";
  text += name + ": " + verdict_line(verdict) + "\n";
  if (verdict.valid) text += proofs_text(verdict, plan);
  if (!verdict.unjudged.empty()) text += "  not judged: clause " + joined(verdict.unjudged) + " of a valid plan\n";
  return text;
}

}  // namespace exm
