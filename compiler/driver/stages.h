// `--stop-after=STAGE`: what a stage of the compiler made, in short lines.
#pragma once

#include <string>

#include "compiler/driver/compile.h"

namespace exm {

struct StageDump {
  Sources sources;
  std::string text;
};

/// "parse", "check", "ground" or "solve".
StageDump dump_stage(const CompileRequest& request, const std::string& stage, const FileReader& read, Diagnostics& diagnostics);

}  // namespace exm
