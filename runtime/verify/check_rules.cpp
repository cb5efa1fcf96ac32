// Clause 3, and `withstand` of clause 6: rules in every state that any order, overlap and cut-off can reach.
#include <algorithm>

#include "runtime/verify/clauses.h"
#include "runtime/verify/projection.h"
#include "runtime/verify/words.h"

namespace exm::model {
namespace {

using plan::Operator;

/// The parts that must all hold for the formula to hold; each alone touches fewer variables.
void split(const Compiled& formula, bool negated, std::vector<Compiled>& parts) {
  if (formula.op == Operator::not_) return split(formula.operands[0], !negated, parts);
  if (formula.op == (negated ? Operator::or_ : Operator::and_)) {
    for (const Compiled& operand : formula.operands) split(operand, negated, parts);
    return;
  }
  parts.push_back(negated ? Compiled{Operator::not_, {}, -1, {formula}} : formula);
}

bool holds_at_start(const Model& model, const Rule& rule) {
  return truth(rule.formula, model.start) == Truth::yes;
}
bool may_bind_later(const Rule& rule) {
  return rule.repaired || rule.of_steps;
}

/// A rule that holds now can be asked part by part; one that binds later binds as a whole.
std::vector<Question> questions(const Model& model, const Rule& rule) {
  if (!holds_at_start(model, rule)) return {{rule.formula, true, {}, 0}};
  std::vector<Compiled> parts;
  split(rule.formula, false, parts);
  std::vector<Question> asked;
  for (Compiled& part : parts) asked.push_back({std::move(part), false, {}, 0});
  return asked;
}

/// Of two methods the one that looks at more states.
std::string_view weaker(std::string_view a, std::string_view b) {
  for (const std::string_view method : {method::enumerated, method::chains}) {
    if (a == method || b == method) return method;
  }
  return a;
}

/// The worst of the answers: the shortest way to break it, else a bound, else that all hold.
Answer ask_all(const Scene& scene, const std::vector<Question>& asked) {
  Answer worst;
  worst.method = method::untouched;
  std::uint64_t states = 0;
  for (const Question& question : asked) {
    Answer answer = ask(scene, question);
    states += answer.states;
    worst.method = weaker(worst.method, answer.method);
    const bool worse = answer.kind == Answer::Kind::broken
                           ? worst.kind != Answer::Kind::broken || answer.trace.size() < worst.trace.size()
                           : answer.kind == Answer::Kind::bound_reached && worst.kind == Answer::Kind::holds;
    if (worse) worst = std::move(answer);
  }
  worst.states = states;
  return worst;
}

std::string where(const Answer& answer) {
  if (answer.trace.empty()) return "";
  const Event& last = answer.trace.back();
  switch (last.what) {
    case Event::What::begins:
      return " while step " + last.step + " runs";
    case Event::What::effect:
      return " in the middle of step " + last.step;
    case Event::What::ends:
      return " after step " + last.step;
    case Event::What::is_cut_off:
      return " when step " + last.step + " is cut off";
    case Event::What::fault:
      return " after " + last.step;
  }
  return "";
}

/// The last step that the trace tells of.
std::string last_step(const Answer& answer) {
  for (auto event = answer.trace.rbegin(); event != answer.trace.rend(); ++event) {
    if (event->what != Event::What::fault) return event->step;
  }
  return "";
}

void report(const Scene& scene, const Rule& rule, Answer answer, const VerdictCode& broken, Verdict& verdict) {
  if (answer.kind == Answer::Kind::bound_reached) {
    verdict.findings.push_back(finding(code::bound, "", rule.id,
                                       "whether " + rule.text +
                                           " holds in every state is not known: the check ended after " +
                                           std::to_string(scene.bound) + " states"));
  } else if (answer.kind == Answer::Kind::broken) {
    verdict.findings.push_back(
        finding(broken, last_step(answer), rule.id,
                rule.text + " is not known to hold" + where(answer) + ": " + words(named(scene.model, answer.shown))));
    verdict.findings.back().shortest = answer.shortest;
    verdict.findings.back().trace = std::move(answer.trace);
  }
}

/// One proof a rule, however many instances it has.
void count_proof(const std::string& rule, const Answer& answer, Verdict& verdict) {
  if (answer.kind != Answer::Kind::holds) return;
  auto& proofs = verdict.proofs;
  if (proofs.empty() || proofs.back().rule != rule) proofs.push_back({rule, std::string(answer.method), 0});
  proofs.back().method = weaker(proofs.back().method, answer.method);
  proofs.back().states += answer.states;
}

}  // namespace

void check_rules(const plan::Plan&, const Scene& scene, Verdict& verdict) {
  for (const Rule& rule : scene.model.rules) {
    if (!holds_at_start(scene.model, rule) && !may_bind_later(rule)) {
      verdict.findings.push_back(finding(code::rule_at_start, "", rule.id,
                                         rule.text + " is not known to hold before the first step: " +
                                             seen_words(scene.model, rule.formula, scene.model.start)));
      continue;
    }
    const Answer answer = ask_all(scene, questions(scene.model, rule));
    count_proof(rule.id, answer, verdict);
    report(scene, rule, answer, code::rule, verdict);
  }
}

void check_withstand(const plan::Plan& plan, const Scene& scene, Verdict& verdict) {
  for (const plan::Withstand& limit : plan.limits.withstand) {
    const bool known =
        std::any_of(plan.faults.begin(), plan.faults.end(), [&](const plan::Fault& f) { return f.id == limit.fault; });
    if (!known) {
      verdict.findings.push_back(
          finding(code::malformed, "", "", "the plan is to withstand `" + limit.fault + "`, which is no fault of it"));
    }
    const FaultIndex faults(scene.model, limit.fault);
    for (const Rule& rule : scene.model.rules) {
      if (rule.of_steps || (!holds_at_start(scene.model, rule) && !may_bind_later(rule))) continue;
      std::vector<Question> asked = questions(scene.model, rule);
      for (Question& question : asked) {
        for (const int f : faults.touching(question.formula)) question.faults.push_back(scene.model.faults[f]);
        question.at_once = limit.n;
      }
      const Answer answer = ask_all(scene, asked);
      count_proof(rule.id + " with " + limit.fault, answer, verdict);
      report(scene, rule, answer, code::withstand, verdict);
    }
  }
}

}  // namespace exm::model
