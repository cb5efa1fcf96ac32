// `observe`: from files to what the live system shows of them. Entry point: observe_files.
#pragma once

#include "compiler/cli/request.h"
#include "runtime/cli/observe.h"

namespace exm {

int observe_files(const RequestArguments& request, const ObserveArguments& arguments);

}  // namespace exm
