#include "compiler/base/explain.h"

#include <catch2/catch.hpp>

#include "compiler/base/diagnostics.h"

using namespace exm;

TEST_CASE("explain: every code has its paragraph") {
  for (const CodeInfo& code : all_codes()) {
    INFO(code.id << " " << code.name);
    const auto text = explain(code.id);
    REQUIRE(text.has_value());
    CHECK(text->size() > 60);
  }
  CHECK_FALSE(explain("EXM9999").has_value());
  CHECK_FALSE(explain("").has_value());
}

TEST_CASE("codes: an id stands for one thing") {
  for (const CodeInfo& a : all_codes())
    for (const CodeInfo& b : all_codes()) CHECK((a.id == b.id) == (a.name == b.name));
}
