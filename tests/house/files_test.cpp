// Files keep to a size that can be read, and hold nothing that is not for the reader.
#include <catch2/catch.hpp>

#include <regex>

#include "tests/house/house.h"

using namespace exm::house;

namespace {
constexpr std::size_t most_lines = 400;  // past that a file has two reasons to exist
const std::vector<std::string> everything = {"CMakeLists.txt", "README.md", "cmake",   "compiler", "docs",  "editors",
                                             "examples",       "grammar",   "runtime", "script",   "stdlib", "tests"};
}  // namespace

TEST_CASE("files: none is past 400 lines") {
  for (const std::string& path : source_files({"compiler", "runtime", "grammar"}, {".h", ".cpp", ".def"})) {
    INFO(path << " has " << lines_of(path).size() << " lines");
    CHECK(lines_of(path).size() <= most_lines);
  }
}

TEST_CASE("files: the short checker can be read in an hour") {
  // Of its lines those that have to be understood: not the empty ones, the comments, and the frame of each file.
  static const std::regex frame("\\s*(//.*|#.*|(} *// *)?namespace.*)?");
  std::size_t code = 0, all = 0;
  for (const std::string& path : source_files({"runtime/plain"}, {".h", ".cpp"})) {
    for (const std::string& line : lines_of(path)) {
      code += std::regex_match(line, frame) ? 0 : 1;
      ++all;
      INFO(path << ": " << line);
      CHECK(line.size() <= 150);  // nothing is hidden in long lines
    }
  }
  INFO(code << " lines of code, " << all << " in all");
  CHECK(code > 500);
  CHECK(code <= 1'450);
  CHECK(all <= 1'900);
}

TEST_CASE("files: a header says what it is for, and is read once") {
  for (const std::string& path : source_files({"compiler", "runtime", "grammar"}, {".h"})) {
    INFO(path);
    CHECK(text_of(path).rfind("//", 0) == 0);
    CHECK(text_of(path).find("\n#pragma once\n") != std::string::npos);
    CHECK(text_of(path).find("\nusing namespace") == std::string::npos);
  }
}

TEST_CASE("files: nothing is put off, and no machine is named") {
  const std::string later = std::string("TO") + "DO|FIX" + "ME|XX" + "X|HA" + "CK|not imple" + "mented";
  const std::regex put_off("(^|[^A-Za-z-])(" + later + ")($|[^A-Za-z])");
  const std::regex machine(std::string("/wo") + "rk/|/ro" + "ot/|/ho" + "me/|/tm" + "p/build");
  for (const std::string& path : source_files(everything)) {
    const auto lines = lines_of(path);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (std::regex_search(lines[i], put_off)) FAIL_CHECK(path << ":" << i + 1 << ": " << lines[i]);
      if (std::regex_search(lines[i], machine)) FAIL_CHECK(path << ":" << i + 1 << ": " << lines[i]);
    }
  }
}
