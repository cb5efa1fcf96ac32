// What the machine forms of a verdict have in common. Each form is a function; verdict_json.cpp chooses.
#pragma once

#include <span>
#include <string>

#include "runtime/verify/verdict_json.h"

namespace exm::report {

std::string sarif(std::span<const Report> reports);
std::string github(std::span<const Report> reports);
std::string junit(std::span<const Report> reports);
std::string tap(std::span<const Report> reports);

}  // namespace exm::report
