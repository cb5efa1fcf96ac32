// Values as systems say them, misfortunes as they are written, and the simulated world.
#include <catch2/catch.hpp>

#include "runtime/adapter/injection.h"
#include "runtime/adapter/value_text.h"

using namespace exm;
using plan::Type;
using plan::Value;

TEST_CASE("text is read by a type, and what does not fit is nothing") {
  const Type modes{Type::Kind::enumeration, {"started", "stopped"}, {}, {}};
  const Type integer{Type::Kind::integer, {}, {}, {}}, duration{Type::Kind::duration, {}, {}, {}}, version{Type::Kind::version, {}, {}, {}};
  const Type set{Type::Kind::set, {}, {}, {modes}}, maybe{Type::Kind::optional, {}, {}, {integer}};
  struct Row {
    int line;
    Type type;
    const char* text;
    const char* json;  // empty: it does not fit
  };
  const Row rows[] = {
      {__LINE__, Type{}, "True", "true"},       {__LINE__, Type{}, "0", "false"},
      {__LINE__, Type{}, "perhaps", ""},        {__LINE__, modes, "Started", "\"started\""},
      {__LINE__, modes, "paused", ""},          {__LINE__, integer, "-12", "-12"},
      {__LINE__, integer, "12 apples", ""},     {__LINE__, integer, "99999999999999999999", ""},
      {__LINE__, duration, "15m", R"({"duration":900})"}, {__LINE__, duration, "15 parsecs", ""},
      {__LINE__, version, "14.1.323.1", R"({"version":"14.1.323.1"})"}, {__LINE__, version, "14..1", ""},
      {__LINE__, set, "started, stopped", R"(["set","started","stopped"])"}, {__LINE__, set, "", R"(["set"])"},
      {__LINE__, set, "started, paused", ""},   {__LINE__, maybe, "", R"(["none"])"},
      {__LINE__, maybe, "7", "7"},
  };
  for (const auto& row : rows) {
    INFO("line " << row.line);
    const auto value = read_value(row.text, row.type);
    REQUIRE(value.has_value() == (*row.json != '\0'));
    if (!value) continue;
    CHECK(value_to_json(*value) == row.json);
    CHECK(value_from_json(row.json) == value);
  }
}

TEST_CASE("a probe is trimmed, and read by its words where it has some") {
  plan::Probe probe;
  probe.as = {{"Converged", plan::text("started")}};
  const Type modes{Type::Kind::enumeration, {"started", "stopped"}, {}, {}};
  CHECK(read_probe(probe, " Converged\r\n", modes) == plan::text("started"));
  CHECK(read_probe(probe, "stopped", modes) == plan::unknown());
  probe.as.clear();
  CHECK(read_probe(probe, "\tstopped ", modes) == plan::text("stopped"));
  CHECK(read_probe(probe, "", modes) == plan::unknown());
}

TEST_CASE("misfortunes are read, and what is wrong with one is said") {
  struct Row {
    int line;
    const char* text;
    bool fine;
  };
  const Row rows[] = {
      {__LINE__, "fail:1a", true},         {__LINE__, "fail:1a@2", true},     {__LINE__, "fail:1a*2", true},
      {__LINE__, "hang:1a", true},         {__LINE__, "cut:1a@1", true},      {__LINE__, "delay:1a=30s", true},
      {__LINE__, "delay:1a=2h", true},     {__LINE__, "drift:a.b=1@1a", true}, {__LINE__, "lie:a.b=unknown", true},
      {__LINE__, "forget", true},          {__LINE__, "crash:1a@0", true},    {__LINE__, "", false},
      {__LINE__, "fail:", false},          {__LINE__, "fail:1a@x", false},    {__LINE__, "fail:1a*0", false},
      {__LINE__, "delay:1a", false},       {__LINE__, "delay:1a=soon", false}, {__LINE__, "drift:a.b", false},
      {__LINE__, "explode:1a", false},
  };
  for (const auto& row : rows) {
    INFO("line " << row.line << ": " << row.text);
    const auto injection = parse_injection(row.text);
    CHECK(injection.has_value() == row.fine);
    if (!injection) CHECK(injection.error().kind == Failure::Kind::usage);
  }
  const auto drift = parse_injection("drift:\"a.b\".c=x=y@1a");
  CHECK(drift->variable == "\"a.b\".c");
  CHECK(drift->value == "x=y");
  CHECK(drift->step == "1a");
}
