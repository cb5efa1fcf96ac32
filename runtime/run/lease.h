// An action's lease: before the host is changed, a timer is left on it that puts the prior value back, unless the run extends
// it or ends it. What the timer runs is the command of the plan's own step back. Entry points: leases_of, harmless.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/adapter/effects.h"
#include "runtime/plan/plan.h"
#include "runtime/result.h"

namespace exm {

struct Lease {
  std::string name;  // of the timer on its host
  std::string step;  // the id of the step that it is left for
  World prior;       // what it puts back
  plan::Seconds lasts = 0;
  std::shared_ptr<const plan::Template> back;  // what puts it back
  std::string host;      // where the timer is left
  std::string language;
  plan::Text undo;       // what it runs there, with what is loaded before it
};

/// The leases of a step that begins in `world`, one for each command that puts something back. What the plan itself may leave
/// changed needs none, nor does what the step itself puts back as it was. Fails where no single step of the plan puts a variable back, or where its command can be no timer's.
/// `run` is what makes the names of one run's timers its own.
Result<std::vector<Lease>> leases_of(const plan::Plan& plan, std::size_t step, const World& world, const std::string& run);

/// Whether the timer may run out at any moment while these steps are under way, as far as is known: what it does is allowed there,
/// every rule keeps holding, and so does what those steps require.
bool harmless(const plan::Plan& plan, const Lease& lease, const World& world, const std::vector<std::shared_ptr<const plan::Template>>& under_way);

/// "EX1.mode back to started on EX1 after 30 min"
std::string lease_words(const Lease& lease);

}  // namespace exm
