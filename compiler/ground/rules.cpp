// Rules, keeps, wishes, disruptions and the limits of a maintenance, instance by instance.
#include <algorithm>

#include "compiler/ground/formula_value.h"
#include "compiler/ground/grounding.h"

namespace exm::task {

namespace {

using program::Expr;

std::string sentence_of(Grounding& g, const std::optional<Expr>& text, Instance& instance, const std::string& otherwise) {
  if (text) return g.x.words(*text, instance.frame);
  return otherwise.empty() ? instance.text : otherwise;
}

Id<Constraint> add(Grounding& g, Constraint::Kind kind, std::string name, std::string sentence, std::string formula, Span span) {
  return g.task.constraints.add({kind, std::move(name), std::move(sentence), std::move(formula), span});
}

void ground_clause(Grounding& g, Id<program::Rule> id, std::uint32_t clause_index) {
  const program::Rule& rule = g.program.rules[id];
  const program::RuleClause& clause = rule.clauses[clause_index];
  for (Instance& instance : instances_of(g, clause.condition, g.x.frame(clause.locals, {}), Split::foralls_and_ands)) {
    if (g.b.is(instance.formula, true_)) continue;
    const auto constraint =
        add(g, Constraint::Kind::rule, rule.name, sentence_of(g, clause.text, instance, rule.title), instance.text, clause.span);
    Rule made;
    made.formula = instance.formula;
    made.constraint = constraint;
    made.rule = id;
    made.clause = clause_index;
    made.binding = instance.binding;
    made.of_steps = rule.of_steps;
    g.task.rules.push_back(std::move(made));
  }
}

/// Does a wish's `when` (on facts) let it count?
bool counts(Grounding& g, const program::Wish& wish, Terms& frame) { return !wish.when || g.b.is(g.x.formula(*wish.when, frame), true_); }

}  // namespace

void ground_rules(Grounding& g) {
  const Assignments start = start_of(g.task);
  for (std::size_t i = 0; i < g.program.rules.size(); ++i) {
    const Id<program::Rule> id = g.program.rules.id(i);
    const program::Rule& rule = g.program.rules[id];
    for (std::uint32_t c = 0; c < rule.clauses.size(); ++c) {
      const program::RuleClause& clause = rule.clauses[c];
      if (clause.kind == program::RuleKind::always && !rule.warning) ground_clause(g, id, c);
      if (clause.kind != program::RuleKind::notice) continue;
      Terms frame = g.x.frame(clause.locals, {});
      for (Instance& instance : instances_of(g, clause.condition, frame, Split::foralls)) {
        if (truth(g.task, instance.belongs, start) != true_ || truth(g.task, instance.formula, start) != true_) continue;
        std::string notice = sentence_of(g, clause.text, instance, rule.title);
        if (std::find(g.task.notices.begin(), g.task.notices.end(), notice) != g.task.notices.end()) continue;
        if (!g.b.constant_value(instance.formula)) g.task.world_notices.push_back(notice);
        g.task.notices.push_back(std::move(notice));
      }
    }
  }
}

void ground_keeps(Grounding& g) {
  for (std::uint32_t i = 0; i < g.demands.keep.size(); ++i) {
    const Said<program::Wish>& keep = g.demands.keep[i];
    Terms frame = g.x.frame(keep.locals, keep.arguments);
    if (!counts(g, *keep.what, frame)) continue;
    for (Instance& instance : instances_of(g, keep.what->condition, frame, Split::foralls)) {
      if (g.b.is(instance.formula, true_)) continue;
      Rule made;
      made.formula = instance.formula;
      made.constraint = add(g, Constraint::Kind::keep, {}, sentence_of(g, keep.what->text, instance, {}), instance.text, keep.what->span);
      made.clause = i;
      made.binding = instance.binding;
      g.task.rules.push_back(std::move(made));
    }
  }
}

void ground_wishes(Grounding& g) {
  std::set<NodeId> seen;
  for (const Said<program::Wish>& wish : g.demands.achieve) {
    Terms frame = g.x.frame(wish.locals, wish.arguments);
    if (!counts(g, *wish.what, frame)) continue;
    auto instances = instances_of(g, wish.what->condition, frame, Split::foralls_and_ands);
    if (instances.empty())
      g.diagnostics.report(wish.what->span, diag::wish_about_nothing, g.x.written(wish.what->condition, frame))
          .hint("a wish for nothing is always fulfilled: look at what its `forall` ranges over and at its `where`");
    for (Instance& instance : instances) {
      if (!seen.insert(instance.formula).second) continue;
      const auto constraint =
          add(g, Constraint::Kind::wish, {}, sentence_of(g, wish.what->text, instance, {}), instance.text, wish.what->span);
      g.task.wishes.push_back({instance.formula, constraint});
    }
  }
}

void ground_disruptions(Grounding& g) {
  for (std::size_t i = 0; i < g.program.objects.size(); ++i) {
    const Id<program::Object> object = g.program.objects.id(i);
    for (const program::Disrupts& disrupts : g.program.kinds[g.program.objects[object].kind].disrupts) {
      Terms frame = g.x.frame(disrupts.locals, {object_value(object)});
      NodeId formula = g.x.formula(disrupts.condition, frame);
      if (const auto exists = g.world.existence_variable(object)) formula = g.b.both(g.b.variable(exists), formula);
      if (!g.b.is(formula, false_)) g.task.disrupts_when.push_back({formula, object});
    }
  }
}

void ground_faults(Grounding& g) {
  EffectMaker effects(g, g.x);
  for (std::size_t i = 0; i < g.program.faults.size(); ++i) {
    const program::Fault& fault = g.program.faults.items()[i];
    std::vector<std::vector<program::Value>> bindings{{}};
    for (const program::Local& parameter : fault.parameters) {
      std::vector<std::vector<program::Value>> longer;
      for (const auto& binding : bindings)
        for (const program::Value& value : g.world.all_values(parameter.type)) {
          longer.push_back(binding);
          longer.back().push_back(value);
        }
      bindings = std::move(longer);
    }
    for (auto& binding : bindings) {
      Terms frame = g.x.frame(fault.locals, binding);
      Effect effect = effects.sequence(fault.effects, frame);
      if (!is_empty(effect)) g.task.faults.push_back({g.program.faults.id(i), std::move(binding), std::move(effect)});
    }
  }
}

void ground_limits(Grounding& g) {
  const Demands& d = g.demands;
  g.task.minimize = d.minimize;
  if (d.at_most) {
    g.task.at_most = d.at_most->what;
    const std::string text = fmt::format("at most {} step{} at once", d.at_most->what, d.at_most->what == 1 ? "" : "s");
    g.task.at_most_constraint = add(g, Constraint::Kind::at_most, {}, text, text, d.at_most->span);
  }
  const program::Window* longest = nullptr;
  for (const program::Window& window : d.windows)
    if (!longest || length_of(window) > length_of(*longest)) longest = &window;
  if (longest) {
    g.task.longest = length_of(*longest);
    const std::string text = fmt::format("the plan fits a window of {}", program::to_text(g.program, {program::Value::Tag::duration, g.task.longest, {}, {}, {}}));
    g.task.longest_constraint = add(g, Constraint::Kind::window, {}, text, text, longest->span);
  }
  for (const auto& withstand : d.withstand) {
    const std::string text = fmt::format("at no moment does {} {} break a rule", withstand.n, g.program.faults[withstand.what].name);
    g.task.withstand.push_back({withstand.what, withstand.n, add(g, Constraint::Kind::keep, g.program.faults[withstand.what].name, text, text, withstand.span)});
  }
  for (const auto& allow : d.allow_no_retreat) g.task.no_retreat.push_back(allow.what);
}

}  // namespace exm::task
