// Paths of objects and variables: parts between dots; a part that holds a dot or a quote is quoted, with `\` before `"` and `\`.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm::plan {

/// The parts, quotes taken off. `casnlb.hosts."a.b".mode` has four.
std::vector<std::string> split_path(std::string_view path);

/// A part as it stands in a path.
std::string quote_part(std::string_view part);

/// "casnlb.hosts.EX3.mode" is the state "mode" of "casnlb.hosts.EX3".
struct VariablePath {
  std::string object;
  std::string state;
};
VariablePath split_variable(std::string_view path);

/// The name of an object: the last part of its path.
std::string object_name(std::string_view path);

/// Every variable with its value at the start: defaults filled in, `exists` included.
std::map<std::string, Value> start_world(const Plan& plan);

/// Likewise with the values to be restored.
std::map<std::string, Value> restore_world(const Plan& plan);

}  // namespace exm::plan
