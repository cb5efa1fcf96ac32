// A plan that begins, or goes on, in a world that is not just as it was when the plan was made.
#pragma once

#include <set>
#include <string>

#include "runtime/verify/model.h"

namespace exm::model {

/// The variables that its steps write.
std::set<std::string> written(const plan::Plan& plan);

/// What no step of the plan touches is not for the plan to put back: where it is otherwise than the plan has it (a peer
/// that is down already), it may stay so.
void leave_alone(const plan::Plan& plan, Model& numbered);

}  // namespace exm::model
