// The value of each `let`, with states as they are at the start and with no state known; and the words for each.
#include <catch2/catch.hpp>

#include "compiler/check/check.h"
#include "compiler/check/evaluate.h"
#include "compiler/parse/parse.h"

namespace {

using namespace exm;
using program::States;

constexpr const char* world = R"(
kind server { n : int = 2  state up : bool = true  state load : int = 5  state mode : enum { on, off } = on }
kind part in server as parts { state ok : bool = true }
server A { part x {}  part y { ok = false } }
server B { up = false  n = 3 }
planned server C {}
action make(s: server) { effect s.exists := true  takes 1m }
)";

struct Row {
  int line;
  const char* expression;
  const char* at_start;
  const char* unknown;
  const char* words;  // nullptr: the expression itself
};

// clang-format off
const Row rows[] = {
  {__LINE__, "1 + 2 * 3", "7", "7", nullptr},
  {__LINE__, "(1 + 2) * 3", "9", "9", nullptr},
  {__LINE__, "7 / 0", "unknown", "unknown", nullptr},
  {__LINE__, "9007199254740991 * 9007199254740991", "unknown", "unknown", nullptr},
  {__LINE__, "1h + 30m", "1h30m", "1h30m", nullptr},
  {__LINE__, "A.up", "true", "unknown", nullptr},
  {__LINE__, "(A.up and false)", "false", "false", "A.up and false"},
  {__LINE__, "(A.up or true)", "true", "true", "A.up or true"},
  {__LINE__, "(A.up implies true)", "true", "true", "A.up implies true"},
  {__LINE__, "(false implies A.up)", "true", "true", "false implies A.up"},
  {__LINE__, "(A.mode == A.mode)", "true", "unknown", "A.mode == A.mode"},
  {__LINE__, "known(A.up)", "true", "false", nullptr},
  {__LINE__, "was(A.load)", "5", "5", nullptr},
  {__LINE__, "(was(B.up) == B.up)", "true", "unknown", "was(B.up) == B.up"},
  {__LINE__, "count(p in A.parts where p.ok)", "1", "unknown", nullptr},
  {__LINE__, "(count(p in A.parts where p.ok) <= 2)", "true", "true", "count(p in A.parts where p.ok) <= 2"},
  {__LINE__, "(count(p in A.parts where p.ok) >= 3)", "false", "false", "count(p in A.parts where p.ok) >= 3"},
  {__LINE__, "(count(p in A.parts where p.ok) == 1)", "true", "unknown", "count(p in A.parts where p.ok) == 1"},
  {__LINE__, "(sum(s.n for s in {A, B} where s.up) <= 5)", "true", "true", "sum(s.n for s in {A, B} where s.up) <= 5"},
  {__LINE__, "(sum(s.n for s in {A, B} where s.up) <= 4)", "true", "unknown", "sum(s.n for s in {A, B} where s.up) <= 4"},
  {__LINE__, "count(s in server)", "3", "3", nullptr},
  {__LINE__, "(if A.up then 1 else 1)", "1", "1", "if A.up then 1 else 1"},
  {__LINE__, "(if A.up then 1 else 2)", "1", "unknown", "if A.up then 1 else 2"},
  {__LINE__, "(forall p in A.parts: p.ok)", "false", "unknown", "forall p in A.parts: p.ok"},
  {__LINE__, "(exists p in A.parts: p.ok)", "true", "unknown", "exists p in A.parts: p.ok"},
  {__LINE__, "(forall s in server where s.n > 3: s.up)", "true", "true", "forall s in server where s.n > 3: s.up"},
  {__LINE__, "{s.n for s in server where s.n > 1}", "{2, 3}", "{2, 3}", nullptr},
  {__LINE__, "(A in {s in server where s.n == 2})", "true", "true", "A in {s in server where s.n == 2}"},
  {__LINE__, "(A.load in {1, 2})", "false", "unknown", "A.load in {1, 2}"},
  {__LINE__, "(not (A.up or B.up))", "false", "unknown", "not (A.up or B.up)"},
  {__LINE__, "\"${A} ${A.n} ${A.load}\"", "\"A 2 5\"", "unknown", "\"A ${A.n} ${A.load}\""},
  {__LINE__, "1..3", "[1, 2, 3]", "[1, 2, 3]", nullptr},
};
// clang-format on

struct World {
  Sources sources;
  Diagnostics diagnostics;
  program::Program program;

  explicit World(const std::string& text) {
    const std::uint32_t source = sources.add({"world.exm", text});
    const std::vector<ast::File> files = {parse(sources, source, diagnostics)};
    program = check(sources, files, {}, diagnostics);
  }
};

TEST_CASE("expressions have their values, known and unknown") {
  std::string text = world;
  for (std::size_t i = 0; i < std::size(rows); ++i) text += "let e" + std::to_string(i) + " = " + rows[i].expression + "\n";
  const World w(text);
  for (const Diagnostic& d : w.diagnostics.all()) FAIL(w.sources.place(d.span) + ": " + d.message);
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    INFO("line " << rows[i].line << ": " << rows[i].expression);
    const program::Let& let = w.program.lets[w.program.lets.id(i)];
    // a set that ranges over what may come to exist is judged as of the start: C does not exist yet
    const bool exists_matters = std::string_view(rows[i].expression).find("in server") != std::string_view::npos;
    const auto start = program::evaluate(w.program, let.value, {}, States::at_start);
    if (!exists_matters) {
      CHECK(program::to_text(w.program, start) == rows[i].at_start);
      CHECK(program::to_text(w.program, program::evaluate(w.program, let.value, {}, States::unknown)) == rows[i].unknown);
    }
    CHECK(program::to_text(w.program, let.value, {}) == (rows[i].words != nullptr ? rows[i].words : rows[i].expression));
  }
}

TEST_CASE("what does not exist yet is not counted") {
  const World w(std::string(world) + "let n = count(s in server)\nlet m = (count(s in server) <= 3)\n");
  REQUIRE(w.diagnostics.ok());
  const auto& n = w.program.lets[w.program.lets.id(0)].value;
  const auto& m = w.program.lets[w.program.lets.id(1)].value;
  CHECK(program::to_text(w.program, program::evaluate(w.program, n, {}, States::at_start)) == "2");
  CHECK(program::to_text(w.program, program::evaluate(w.program, n, {}, States::unknown)) == "unknown");
  CHECK(program::to_text(w.program, program::evaluate(w.program, m, {}, States::unknown)) == "true");
  CHECK(program::reads_state(w.program, n));
}

TEST_CASE("locals are put in by name, what is bound stays") {
  const World w(std::string(world) + "let f(s: server) = (s.up and forall p in s.parts: p.ok)\n");
  REQUIRE(w.diagnostics.ok());
  program::Frame frame(1);
  frame[0].tag = program::Value::Tag::object;
  frame[0].object = w.program.objects.id(0);
  const auto& f = w.program.lets[w.program.lets.id(0)].value;
  CHECK(program::to_text(w.program, f, frame) == "A.up and (forall p in A.parts: p.ok)");
  CHECK(program::to_text(w.program, f, {}) == "s.up and (forall p in s.parts: p.ok)");
}

TEST_CASE("versions compare number by number") {
  const auto version = [](const char* text) {
    program::Value v;
    v.tag = program::Value::Tag::version;
    v.text = text;
    return v;
  };
  CHECK(program::compare(version("14.1.218.15"), version("14.1.323.1")) < 0);
  CHECK(program::compare(version("14.1"), version("14.1.0")) == 0);
  CHECK(program::compare(version("14.10"), version("14.9")) > 0);
  CHECK(program::compare(version("014"), version("14")) == 0);
}

TEST_CASE("the same text gives the same program, whatever it costs to refuse") {
  std::string chain;
  for (int i = 0; i < 3000; ++i) chain += "let a" + std::to_string(i) + " = (a" + std::to_string(i + 1) + " + 1)\n";
  CHECK_FALSE(World(chain + "let a3000 = 1\n").diagnostics.ok());
  std::string facts = "kind s { x : int }\ns o3000 { x = 1 }\n";
  for (int i = 0; i < 3000; ++i) facts += "s o" + std::to_string(i) + " { x = o" + std::to_string(i + 1) + ".x }\n";
  CHECK_FALSE(World(facts).diagnostics.ok());
  CHECK_FALSE(World("kind s { }\neach i in 1..9000000000000000000 { s \"o${i}\" {} }\n").diagnostics.ok());
}

}  // namespace
