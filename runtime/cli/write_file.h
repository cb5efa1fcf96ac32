// Writes a file whole or not at all: one that is half written must not be taken for one. Entry point: write_whole.
#pragma once

#include <string>

#include "runtime/result.h"

namespace exm {

Result<bool> write_whole(const std::string& path, const std::string& text);

}  // namespace exm
