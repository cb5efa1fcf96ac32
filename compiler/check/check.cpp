#include "compiler/check/check.h"

#include "compiler/check/checker.h"

namespace exm {

program::Program check(const Sources& sources, std::span<const ast::File> files, const Settings& settings, Diagnostics& diagnostics) {
  return checking::Checker(sources, files, settings, diagnostics).run();
}

namespace checking {

program::Program Checker::run() {
  collect();
  shape_kinds();
  shape_lets();
  make_objects();
  check_members();
  make_facts();
  take_state();
  check_actions();
  check_rules();
  check_maintenances();
  check_conditions();
  judge_rules();
  return std::move(program_);
}

}  // namespace checking
}  // namespace exm
