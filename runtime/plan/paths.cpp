#include "runtime/plan/paths.h"

namespace exm::plan {

namespace {

/// Where each part begins, and the end: dots within quotes do not count.
std::vector<std::size_t> boundaries(std::string_view path) {
  std::vector<std::size_t> out = {0};
  bool quoted = false;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (quoted && path[i] == '\\')
      ++i;
    else if (path[i] == '"')
      quoted = !quoted;
    else if (path[i] == '.' && !quoted)
      out.push_back(i + 1);
  }
  out.push_back(path.size() + 1);
  return out;
}

std::string unquote(std::string_view part) {
  if (part.size() < 2 || part.front() != '"' || part.back() != '"') return std::string(part);
  std::string out;
  for (std::size_t i = 1; i + 1 < part.size(); ++i) {
    if (part[i] == '\\' && i + 2 < part.size()) ++i;
    out += part[i];
  }
  return out;
}

}  // namespace

std::vector<std::string> split_path(std::string_view path) {
  const auto at = boundaries(path);
  std::vector<std::string> out;
  for (std::size_t i = 0; i + 1 < at.size(); ++i) out.push_back(unquote(path.substr(at[i], at[i + 1] - 1 - at[i])));
  return out;
}

std::string quote_part(std::string_view part) {
  if (!part.empty() && part.find_first_of(".\"$\\") == std::string_view::npos) return std::string(part);
  std::string out = "\"";
  for (char c : part) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

VariablePath split_variable(std::string_view path) {
  const auto at = boundaries(path);
  if (at.size() < 3) return {"", std::string(path)};
  const std::size_t state = at[at.size() - 2];
  return {std::string(path.substr(0, state - 1)), std::string(path.substr(state))};
}

std::string object_name(std::string_view path) { return split_path(path).back(); }

std::map<std::string, Value> start_world(const Plan& plan) {
  std::map<std::string, Value> world;
  for (const auto& [path, object] : plan.objects) {
    world[path + ".exists"] = boolean(!object.planned);
    if (const auto kind = plan.kinds.find(object.kind); kind != plan.kinds.end())
      for (const auto& [name, state] : kind->second.states) world[path + "." + name] = state.default_value.value_or(unknown());
    for (const auto& [name, value] : object.start) world[path + "." + name] = value;
  }
  return world;
}

std::map<std::string, Value> restore_world(const Plan& plan) {
  auto world = start_world(plan);
  for (const auto& [path, object] : plan.objects)
    for (const auto& [name, value] : object.restore) world[path + "." + name] = value;
  return world;
}

}  // namespace exm::plan
