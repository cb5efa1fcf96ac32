#include "runtime/verify/verdict.h"

#include <array>

namespace exm {

std::span<const VerdictCode> verdict_codes() {
  static constexpr std::array codes{
      code::digest,       code::malformed, code::cycle, code::bound,         code::requirement, code::conflict,
      code::race,         code::same_host, code::rule,  code::rule_at_start, code::wish,        code::repair,
      code::restore,      code::either_or, code::free,  code::forbidden,     code::window,      code::confirm,
      code::withstand,    code::deadlock,  code::slots, code::at_most,       code::retreat,     code::no_retreat,
      code::retreat_open, code::fallback,  code::sources, code::other_world, code::shared_use};
  return codes;
}

}  // namespace exm
