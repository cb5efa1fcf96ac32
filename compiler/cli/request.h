// What the command line says of a compilation: files, `--set`, `--state`, bounds; and where diagnostics go.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "compiler/base/diagnostics.h"
#include "compiler/driver/compile.h"
#include "runtime/result.h"

namespace exm {

struct RequestArguments {
  std::vector<std::string> files;
  std::vector<std::string> set;  // NAME=VALUE
  std::string state;             // a file, or empty
  std::string modules;           // a folder whose modules go before the embedded ones, or empty
  std::string maintenance;
  std::uint64_t search_states = 0;  // 0: the usual bound
  double time_limit = 0;            // seconds; 0: none
  bool prove = false;               // look for a proof that no plan is better, however long that takes
};

Result<CompileRequest> make_request(const RequestArguments& arguments);

/// The values of a STATE.json, as text.
Result<std::map<std::string, std::string>> state_from_json(std::string_view text);

/// Text goes to standard error, what a machine reads to standard output.
void print_diagnostics(const Sources& sources, Diagnostics& diagnostics, const std::string& format);

int exit_code_of(const Failure& failure, const char* what);

}  // namespace exm
