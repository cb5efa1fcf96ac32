// The files of one compilation: those named, and all that they `use`, read and parsed, each once.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "compiler/base/diagnostics.h"
#include "compiler/driver/stdlib.h"
#include "compiler/parse/ast.h"
#include "runtime/result.h"

namespace exm {

struct Loaded {
  Sources sources;
  std::vector<ast::File> files;  // in the order in which they were met: a file goes before what it uses
};

/// The text of a file by its path; "-" is standard input.
using FileReader = std::function<Result<std::string>(const std::string& path)>;

/// Always gives what could be read; what could not is reported at the `use` that wants it.
Loaded load(std::span<const std::string> paths, const FileReader& read, Diagnostics& diagnostics, const Modules& modules = stdlib_modules());

/// From the disk and standard input.
Result<std::string> read_file(const std::string& path);

}  // namespace exm
