// What is kept of what a command says, and how its script and its marks go over a pipe.
#include <catch2/catch.hpp>

#include "runtime/adapter/capture.h"
#include "runtime/adapter/script.h"

using namespace exm;

TEST_CASE("capture: the beginning and the end are kept, and how much is missing is said") {
  Capture capture(8);
  capture.add("ab");
  capture.add("cdef");
  CHECK(capture.whole());
  CHECK(capture.text() == "abcdef");
  capture.add("gh");
  CHECK(capture.text() == "abcdefgh");
  capture.add("i");
  CHECK_FALSE(capture.whole());
  CHECK(capture.text() == "abcd\n[1 bytes are left out here]\nfghi");
  capture.add(std::string(1000, 'x') + "wxyz");
  CHECK(capture.text() == "abcd\n[1005 bytes are left out here]\nwxyz");
  CHECK(capture.size() == 1013);
}

TEST_CASE("script: one line holds any script") {
  CHECK(script_line("true") == "'true'\n");
  CHECK(script_line("echo 'a'\nexit 3") == "'echo '\\''a'\\'''\"$exm_n\"'exit 3'\n");
  CHECK(shell_line("m").find_first_of("'\n") == std::string::npos);
  CHECK(random_mark() != random_mark());
}

TEST_CASE("script: what was said is what stands between the marks, whatever else a login says") {
  const auto never = read_marks("Welcome to web1\nm end 0\n", "m");
  CHECK_FALSE(never.begun);
  const auto whole = read_marks("Welcome!\nm begin 42\none\ntwo\n\nm end 3\n", "m");
  CHECK(whole.begun);
  CHECK(whole.group == 42);
  CHECK(whole.said == "one\ntwo\n");
  CHECK(whole.ended);
  CHECK(whole.code == 3);
  const auto cut = read_marks("m begin 42\none\n\nm end 1", "m");
  CHECK_FALSE(cut.ended);  // it may be the beginning of 127
  const auto half = read_marks("m begin 4", "m");
  CHECK_FALSE(half.begun);
  const auto silent = read_marks("m begin 42\n\nm end 0\n", "m");
  CHECK(silent.said.empty());
  CHECK(silent.code == 0);
}
