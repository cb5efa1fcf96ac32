// Rules and faults; `check` rules are judged here, on what the files say.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/check/checker.h"

namespace exm::checking {

std::string Checker::plain_text(const ast::Expr& ast) {
  Scope scope;
  const Value v = constant(text_of(ast, scope));
  return v.tag == Value::Tag::text ? v.text : "";
}

void Checker::check_rules() {
  for (std::size_t i = 0; i < rule_asts_.size(); ++i) {
    program::Rule rule = program_.rules[Id<program::Rule>(i)];
    check_rule(*rule_asts_[i], rule);
    program_.rules[Id<program::Rule>(i)] = std::move(rule);
  }
  for (std::size_t i = 0; i < fault_asts_.size(); ++i) {
    program::Fault fault = program_.faults[Id<program::Fault>(i)];
    check_fault(*fault_asts_[i], fault);
    program_.faults[Id<program::Fault>(i)] = std::move(fault);
  }
}

void Checker::check_rule(const ast::Rule& ast, program::Rule& rule) {
  if (ast.title) rule.title = plain_text(*ast.title);
  for (const ast::Expr& source : ast.sources) rule.sources.push_back(plain_text(source));
  rule.of_steps = ast.of_steps;
  rule.warning = ast.warning;
  for (const ast::RuleClause& clause : ast.clauses) {
    Scope scope;
    program::RuleClause made;
    made.kind = clause.kind == ast::RuleKind::always ? program::RuleKind::always : clause.kind == ast::RuleKind::check ? program::RuleKind::check : program::RuleKind::notice;
    made.span = clause.span;
    made.condition = clause.condition ? condition(*clause.condition, scope) : constant_expr(program::boolean(true), simple(Type::Tag::boolean), clause.span);
    if (clause.text) {
      // the text speaks of what the outermost foralls bind
      for (const Expr* e = &made.condition; e->op == Op::forall; e = &e->operands[2])
        scope.locals.push_back({e->value.text, element_of(e->operands[0].type), e->span});
      made.text = text_of(*clause.text, scope);
    }
    made.locals = std::max(scope.size, static_cast<std::uint32_t>(scope.locals.size()));
    rule.clauses.push_back(std::move(made));
  }
}

void Checker::check_fault(const ast::Fault& ast, program::Fault& fault) {
  fault.parameters = parameters(ast.parameters);
  Scope scope;
  scope.locals = fault.parameters;
  scope.size = static_cast<std::uint32_t>(scope.locals.size());
  if (ast.title) {  // with a slot for each object, as a plan has it: `$0 is lost`
    Frame names(fault.parameters.size());
    std::size_t slot = 0;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const bool object = fault.parameters[i].type.tag == Type::Tag::object;
      names[i] = {Value::Tag::enumerator, 0, object ? "$" + std::to_string(slot++) : fault.parameters[i].name, {}, {}};
    }
    const Expr title = text_of(*ast.title, scope);
    const Value text = title.op == Op::constant ? title.value : program::evaluate(program_, title, names, program::States::unknown);
    fault.title = text.text;
  }
  for (const ast::Effect& e : ast.effects) fault.effects.push_back(effect(e, scope));
  fault.locals = scope.size;
}

void Checker::judge_rules() {
  if (!diagnostics_.ok()) return;  // what is broken would be reported twice
  for (const program::Rule& rule : program_.rules)
    for (const program::RuleClause& clause : rule.clauses)
      if (clause.kind == program::RuleKind::check) judge(rule, clause);
}

namespace {
/// Walks the outermost foralls of a rule; what is told of an instance stands in the frame.
class Judge {
 public:
  Judge(const program::Program& program, program::Evaluator& evaluator) : program_(program), evaluator_(evaluator) {}

  template <class Fails>
  void instances(const Expr& expr, Frame& frame, Span place, const Fails& fails) {
    if (failures_ >= 20 || evaluator_.gave_up) return;
    if (expr.op != Op::forall) {
      const Value v = evaluator_.value(expr, frame);
      if (evaluator_.gave_up || (v.tag == Value::Tag::boolean && v.number != 0)) return;
      ++failures_;
      return fails(expr, frame, place);
    }
    const auto elements = evaluator_.elements_where(expr, frame);
    if (!elements) return;
    for (const auto& element : *elements) {
      frame[expr.local] = element.value;
      const bool an_object = element.value.tag == Value::Tag::object;
      instances(expr.operands[2], frame, an_object ? program_.objects[element.value.object].span : place, fails);
    }
  }

 private:
  const program::Program& program_;
  program::Evaluator& evaluator_;
  std::size_t failures_ = 0;
};
}  // namespace

void Checker::judge(const program::Rule& rule, const program::RuleClause& clause) {
  program::Evaluator evaluator(program_, program::States::at_start);
  evaluator.range = program::Evaluator::Range::everything;
  evaluator.budget = std::min(evaluator.budget, budget_);
  const std::uint64_t given = evaluator.budget;
  Frame frame(std::max<std::size_t>(clause.locals, 1));
  Judge judge(program_, evaluator);
  judge.instances(clause.condition, frame, clause.span, [&](const Expr& expr, Frame& at, Span place) {
    Value text;
    if (clause.text) text = evaluator.value(*clause.text, at);
    std::string message = text.tag == Value::Tag::text ? text.text : program::to_text(program_, expr, at) + " does not hold";
    auto& report = rule.warning ? diagnostics_.report(place, diag::check_warns, message) : diagnostics_.report(place, diag::check_failed, message);
    report.label(rule.span, rule.title.empty() ? "the rule" : rule.title);
  });
  budget_ -= given - evaluator.budget;
  if (evaluator.gave_up) diagnostics_.report(clause.span, diag::too_many, given, "steps to judge this rule");
}

}  // namespace exm::checking
