// What the grammar recognised in one declaration: a flat tree in reading order, made by parse.cpp and read by the builder.
// Nodes that a failed attempt had opened are cut off again, so backtracking leaves nothing behind.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "compiler/parse/ast.h"

namespace exm::parsing {

// The rules that the builder looks at; all others leave no trace.
#define EXM_KEPT_RULES(X)                                                                                                        \
  X(identifier) X(integer) X(duration) X(text) X(block) X(chunk) X(block_chunk) X(escape) X(escaped_dollar) X(interpolation)     \
  X(format) X(secret_name) X(expression) X(collection) X(prefix) X(binary_operator) X(arithmetic_operator) X(operand) X(member) X(reference)            \
  X(arguments) X(brackets) X(list) X(set) X(filter) X(for_part) X(where) X(if_expression) X(forall) X(exists) X(count) X(sum)    \
  X(type) X(enum_type) X(set_type) X(list_type) X(optional_mark) X(parameter) X(parameters)                                      \
  X(assign) X(each) X(object) X(planned_mark) X(body)                                                                            \
  X(field) X(state_field) X(lasting_mark) X(reached_by) X(key) X(let) X(let_type) X(has) X(has_object) X(when_part)              \
  X(disrupts_when)                                                                                                               \
  X(effect_forall) X(assignment) X(assignments) X(run_command) X(from_part) X(else_part) X(every_part) X(disrupts_for)           \
  X(clause) X(clause_title) X(clause_source) X(clause_requires) X(clause_during) X(clause_effect) X(clause_takes)                \
  X(clause_timeout) X(clause_retry) X(clause_fallback) X(clause_on) X(clause_uses) X(clause_disrupts) X(clause_cost)             \
  X(clause_confirm) X(clause_privilege) X(clause_irreversible) X(clause_notice) X(clause_lease) X(clause_run)                    \
  X(wish) X(wish_title) X(wish_source) X(wish_do) X(wish_achieve) X(wish_keep) X(wish_leave) X(wish_repair) X(wish_tolerate)     \
  X(wish_withstand) X(wish_allow) X(wish_minimize) X(wish_at_most) X(wish_forbid) X(wish_confirm) X(wish_window)                 \
  X(all_states) X(before_part) X(time_of_day)                                                                                    \
  X(module_path) X(use) X(enumeration) X(kind) X(owner) X(owned_as) X(at_most_one) X(extend) X(extend_action) X(extend_kind)     \
  X(param) X(action) X(probe) X(on_part) X(as_part) X(as_entry) X(prelude) X(prelude_on) X(rule) X(of_steps) X(rule_title)       \
  X(rule_source) X(severity_warning) X(rule_always) X(rule_check) X(rule_notice) X(fault) X(fault_title) X(fault_effect)         \
  X(intent) X(maintenance) X(test) X(test_with) X(expect) X(expect_always) X(expect_no_plan) X(expect_no_step)                   \
  X(expect_retreat) X(expect_headroom) X(expect_before) X(expect_step) X(because)

enum class NodeKind : std::uint16_t {
  nothing,
#define EXM_NODE_KIND(rule) rule,
  EXM_KEPT_RULES(EXM_NODE_KIND)
#undef EXM_NODE_KIND
};

/// Its children follow it directly; `next` is the index after the last of them.
struct Node {
  NodeKind kind = NodeKind::nothing;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;  // without the spacing behind it
  std::uint32_t next = 0;
};

/// The most that expressions and bodies may be nested in each other.
inline constexpr std::size_t max_nesting = 100;
/// The most that expressions may be deep once operators without brackets count too: `a + b + c + …`.
inline constexpr std::size_t max_depth = 500;

/// The most errors that the builder reports.
inline constexpr std::size_t max_errors = 1000;

}  // namespace exm::parsing
