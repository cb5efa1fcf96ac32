// What actions, probes and wishes are made of.
#include <array>

#include "compiler/parse/builder.h"

namespace exm::parsing {

using ast::ClauseKind;
using ast::WishKind;

// ------------------------------------------------------------------------------------------------- effects

/// `assignments`, or an `effect_forall`.
ast::Effect Builder::effect(Ref node) {
  ast::Effect effect;
  effect.span = span(node);
  each_child(node, [&](Ref c) {
    switch (kind(c)) {
      case NodeKind::assignment: effect.together.push_back({operand(first(c)), expression(last(c)), span(c)}); break;
      case NodeKind::identifier: effect.variable = name(c); break;
      case NodeKind::collection: effect.collection.push_back(expression(c)); break;
      case NodeKind::where: effect.where.push_back(expression(first(c))); break;
      default: effect.body.push_back(this->effect(c));
    }
  });
  return effect;
}

ast::Run Builder::run(Ref node) {
  ast::Run run;
  run.language = name_in(node);
  run.from = optional_expression(node, NodeKind::from_part);
  run.text = text_in(node);
  return run;
}

// ------------------------------------------------------------------------------------------------- clauses

namespace {
struct ClauseForm {
  NodeKind node;
  ClauseKind clause;
};
constexpr std::array clause_forms{
    ClauseForm{NodeKind::clause_title, ClauseKind::title},         ClauseForm{NodeKind::clause_source, ClauseKind::source},
    ClauseForm{NodeKind::clause_requires, ClauseKind::requires_},  ClauseForm{NodeKind::clause_during, ClauseKind::during},
    ClauseForm{NodeKind::clause_effect, ClauseKind::effect},       ClauseForm{NodeKind::clause_takes, ClauseKind::takes},
    ClauseForm{NodeKind::clause_timeout, ClauseKind::timeout},     ClauseForm{NodeKind::clause_retry, ClauseKind::retry},
    ClauseForm{NodeKind::clause_fallback, ClauseKind::fallback},   ClauseForm{NodeKind::clause_on, ClauseKind::on},
    ClauseForm{NodeKind::clause_uses, ClauseKind::uses},           ClauseForm{NodeKind::clause_disrupts, ClauseKind::disrupts},
    ClauseForm{NodeKind::clause_cost, ClauseKind::cost},           ClauseForm{NodeKind::clause_confirm, ClauseKind::confirm},
    ClauseForm{NodeKind::clause_privilege, ClauseKind::privilege}, ClauseForm{NodeKind::clause_irreversible, ClauseKind::irreversible},
    ClauseForm{NodeKind::clause_notice, ClauseKind::notice},       ClauseForm{NodeKind::clause_lease, ClauseKind::lease},
    ClauseForm{NodeKind::clause_run, ClauseKind::run},
};
}  // namespace

ast::Clause Builder::clause(Ref node) {
  ast::Clause clause;
  clause.span = span(node);
  const Ref form = first(node);
  for (const ClauseForm& known : clause_forms)
    if (known.node == kind(form)) clause.kind = known.clause;
  each_child(form, [&](Ref c) {
    switch (kind(c)) {
      case NodeKind::text:
      case NodeKind::block: clause.text = any_text(c); break;
      case NodeKind::expression: clause.value = expression(c); break;
      case NodeKind::operand: clause.value = operand(c); break;
      case NodeKind::else_part: clause.otherwise = text_in(c); break;
      case NodeKind::every_part:
      case NodeKind::disrupts_for: clause.every = expression(first(c)); break;
      case NodeKind::run_command: clause.run = run(c); break;
      default: clause.effect = effect(c);
    }
  });
  clause.when = optional_expression(node, NodeKind::when_part);
  return clause;
}

std::vector<ast::Clause> Builder::clauses(Ref node) {
  std::vector<ast::Clause> clauses;
  each_child(node, [&](Ref c) {
    if (kind(c) == NodeKind::clause) clauses.push_back(clause(c));
  });
  return clauses;
}

ast::Probe Builder::probe(Ref node) {
  ast::Probe probe;
  int names = 0;
  each_child(node, [&](Ref c) {
    switch (kind(c)) {
      case NodeKind::identifier: (names == 0 ? probe.kind : names == 1 ? probe.state : probe.run.language) = name(c), ++names; break;
      case NodeKind::on_part: probe.on = operand(first(c)); break;
      case NodeKind::from_part: probe.run.from = operand(first(c)); break;
      case NodeKind::every_part: probe.every = expression(first(c)); break;
      case NodeKind::as_part:
        each_child(c, [&](Ref e) { probe.as.push_back({any_text(first(e)), expression(last(e))}); });
        break;
      default: probe.run.text = any_text(c);
    }
  });
  return probe;
}

// -------------------------------------------------------------------------------------------------- wishes

namespace {
struct WishForm {
  NodeKind node;
  WishKind wish;
};
constexpr std::array wish_forms{
    WishForm{NodeKind::wish_title, WishKind::title},       WishForm{NodeKind::wish_source, WishKind::source},
    WishForm{NodeKind::wish_do, WishKind::do_},            WishForm{NodeKind::wish_achieve, WishKind::achieve},
    WishForm{NodeKind::wish_keep, WishKind::keep},         WishForm{NodeKind::wish_leave, WishKind::leave},
    WishForm{NodeKind::wish_repair, WishKind::repair},     WishForm{NodeKind::wish_tolerate, WishKind::tolerate},
    WishForm{NodeKind::wish_withstand, WishKind::withstand}, WishForm{NodeKind::wish_allow, WishKind::allow},
    WishForm{NodeKind::wish_minimize, WishKind::minimize}, WishForm{NodeKind::wish_at_most, WishKind::at_most},
    WishForm{NodeKind::wish_forbid, WishKind::forbid},     WishForm{NodeKind::wish_confirm, WishKind::confirm},
    WishForm{NodeKind::wish_window, WishKind::window},
};
}  // namespace

ast::Wish Builder::wish(Ref node) {
  ast::Wish wish;
  wish.span = span(node);
  const Ref form = first(node);
  for (const WishForm& known : wish_forms)
    if (known.node == kind(form)) wish.kind = known.wish;
  wish.when = optional_expression(node, NodeKind::when_part);
  if (wish.kind == WishKind::window) {
    wish.window = window(form);
    return wish;
  }
  each_child(form, [&](Ref c) {
    switch (kind(c)) {
      case NodeKind::text:
      case NodeKind::block: wish.text = any_text(c); break;
      case NodeKind::expression: wish.value = expression(c); break;
      case NodeKind::operand: wish.value = operand(c); break;
      case NodeKind::else_part: wish.otherwise = text_in(c); break;
      case NodeKind::integer: wish.number = integer(c); break;
      case NodeKind::before_part: wish.name = name_in(c); break;
      case NodeKind::all_states: wish.all_states = true; break;
      case NodeKind::identifier: (wish.kind == WishKind::minimize ? wish.names.emplace_back() : wish.name) = name(c); break;
      default: break;
    }
  });
  return wish;
}

std::vector<ast::Wish> Builder::wishes(Ref node) {
  std::vector<ast::Wish> wishes;
  each_child(node, [&](Ref c) {
    if (kind(c) == NodeKind::wish) wishes.push_back(wish(c));
  });
  return wishes;
}

ast::WindowExpr Builder::window(Ref node) {
  ast::WindowExpr window;
  bool ends = false;
  each_child(node, [&](Ref c) {
    if (kind(c) == NodeKind::identifier) {
      (ends ? window.to_day : window.from_day) = name(c);
      check_day(name(c));
    } else if (kind(c) == NodeKind::time_of_day) {
      (ends ? window.to_minute : window.from_minute) = minute(c);
      ends = true;
    } else {
      window.zone = any_text(c);
    }
  });
  return window;
}

void Builder::check_day(const ast::Name& day) {
  for (const std::string_view known : {"mon", "tue", "wed", "thu", "fri", "sat", "sun"})
    if (day.text == known) return;
  complain(day.span, diag::bad_time, day.text, "a weekday: mon, tue, wed, thu, fri, sat or sun");
}

int Builder::minute(Ref time) {
  const std::string_view digits = text(time);
  const std::size_t colon = digits.find(':');
  const bool short_enough = colon <= 2 && digits.size() - colon == 3;
  int hours = 0;
  for (const char c : digits.substr(0, short_enough ? colon : 0)) hours = hours * 10 + (c - '0');
  int minutes = 0;
  for (const char c : digits.substr(short_enough ? colon + 1 : digits.size())) minutes = minutes * 10 + (c - '0');
  if (short_enough && minutes < 60 && (hours < 24 || (hours == 24 && minutes == 0))) return hours * 60 + minutes;
  complain(span(time), diag::bad_time, digits.substr(0, 40), "a time of day, from 0:00 to 24:00");
  return 0;
}

}  // namespace exm::parsing
