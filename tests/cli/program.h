// The real programs, called as a user calls them: what they print on which stream, and how they end. Entry points: call_exm, call_runtime.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/unit/run/sim_run.h"

namespace exm::cli {

using Words = std::vector<std::string>;
using exm::test::Folder;

struct Ran {
  int code = 0;     // 1000 and the signal where one ended it
  std::string out;  // standard output
  std::string err;  // standard error
};

struct Call {
  std::string input;                             // standard input
  std::map<std::string, std::string> variables;  // of the environment, besides the tests' own
  std::string folder = EXM_SOURCE_DIR;           // where it is called
};

Ran call(const std::string& program, const Words& words, const Call& how = {});
inline Ran call_exm(const Words& words, const Call& how = {}) { return call(EXM_PROGRAM, words, how); }
inline Ran call_runtime(const Words& words, const Call& how = {}) { return call(EXM_RUN, words, how); }

std::string text_of(const std::string& path);
void write_text(const std::string& path, const std::string& text);
bool has(const std::string& text, const std::string& part);

/// Whether EXM_BLESS=1 asks for goldens to be written anew.
bool blessing();
/// Compares byte for byte with the file, or writes it when blessing.
void check_golden(const std::string& path, const std::string& text);

}  // namespace exm::cli
