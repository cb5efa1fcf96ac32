// A probe that finds an object says its name; in the plan an object is its path, where some names stand in quotes.
#include <catch2/catch.hpp>

#include "compiler/base/render.h"
#include "compiler/driver/compile.h"
#include "runtime/plan/instantiate.h"

using namespace exm;

namespace {

/// The probe of where a book lies, as the plan that moves it to the shelf has it.
plan::Probe probe_with(const std::string& shelf, std::string& said) {
  const std::string text = R"(
kind shelf {}
kind book { state lies_on : shelf?  }
action move(b: book, to: shelf) { effect b.lies_on := to  takes 1m }
probe book.lies_on powershell from controller "Get-Shelf"
shelf FLOOR
shelf )" + shelf + R"(
book B { lies_on = FLOOR }
maintenance m { "Off the floor"  achieve B.lies_on == )" + shelf + R"( }
)";
  CompileRequest request;
  request.files = {"-"};
  Diagnostics diagnostics;
  const Compilation made = compile(request, [&](const std::string&) { return Result<std::string>(text); }, diagnostics);
  said = render_text(made.sources, diagnostics, Colour::off);
  if (made.plan.steps.empty()) return {};
  return plan::instantiate(made.plan, made.plan.steps[0]).probes[0];
}

}  // namespace

TEST_CASE("an object that a probe names is found by its name where its path has that in quotes") {
  const struct { int line; const char* shelf; const char* name; } rows[] = {
      {__LINE__, "\"mail.example.net\"", "mail.example.net"},
      {__LINE__, "\"a \\\"b\\\" $0 $$ $x\"", "a \"b\" $0 $$ $x"},
  };
  for (const auto& row : rows) {
    std::string said;
    const plan::Probe probe = probe_with(row.shelf, said);
    INFO("line " << row.line << ": " << said);
    REQUIRE(probe.as.size() == 3);
    CHECK(probe.as.at(row.name).text == row.shelf);
    CHECK(probe.as.at("FLOOR").text == "FLOOR");
    CHECK(probe.as.at("none").type == plan::Value::Type::none);
  }
}

TEST_CASE("where no name stands in quotes a plan lists none of them") {
  std::string said;
  const plan::Probe probe = probe_with("TOP", said);
  INFO(said);
  CHECK(!probe.variable.empty());
  CHECK(probe.as.empty());
}
