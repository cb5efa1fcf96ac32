// Every single fact of a plan file, changed: an edge taken out, a value that is another, an operand less, an operator that is its
// opposite, … What decides nothing (titles, commands, reasons for people) is left alone. Entry points: changes, changed.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace exm::facts {

using Json = nlohmann::json;

/// What stands at that place of the file, and what is to stand there; nothing: it is taken out.
struct Change {
  std::string at;  // a JSON pointer
  std::optional<Json> to;
};

/// In the order of the file.
std::vector<Change> changes(const Json& plan);

/// Calls `look` with the plan so changed, and puts the plan back.
void changed(Json& plan, const Change& change, const std::function<void(const Json&)>& look);

std::string words(const Change& change);

}  // namespace exm::facts
