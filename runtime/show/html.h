// A plan as one HTML page that needs nothing else: no script, no picture, no network. Entry point: show_html.
#pragma once

#include <string>

#include "runtime/plan/plan.h"

namespace exm {

std::string show_html(const plan::Plan& plan);

}  // namespace exm
