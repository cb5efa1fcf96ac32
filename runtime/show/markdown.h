// A plan as Markdown, for a review: what matters as a list, the steps as a table per host. Entry point: show_markdown.
#pragma once

#include <string>

#include "runtime/plan/plan.h"

namespace exm {

std::string show_markdown(const plan::Plan& plan);

}  // namespace exm
