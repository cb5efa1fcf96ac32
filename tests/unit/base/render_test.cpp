#include "compiler/base/render.h"

#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>

using namespace exm;

namespace {
struct World {
  Sources sources;
  Diagnostics diagnostics;
  World() {
    sources.add({"a.exm", "site HQ\n\tservr \"Zürich\" {\n}\n"});
    sources.add({"b.exm", "x"});
  }
};
}  // namespace

TEST_CASE("render: a caret below the place, a second place, a hint") {
  World w;
  w.diagnostics.report({0, 9, 14}, diag::unknown_name, "kind", "servr").label({0, 0, 4}, "another").hint("did you mean `server`?");
  CHECK(render_text(w.sources, w.diagnostics, Colour::off) ==
        "error[EXM0201]: unknown kind `servr`\n"
        " --> a.exm:2:2\n"
        "  |\n"
        "2 |   servr \"Zürich\" {\n"
        "  |   ^^^^^\n"
        "1 | site HQ\n"
        "  | ---- another\n"
        "  = help: did you mean `server`?\n");
  CHECK(render_text(w.sources, w.diagnostics, Colour::on).find("\033[1;31m") != std::string::npos);
}

TEST_CASE("render: columns count characters, places at the end and beyond do no harm") {
  World w;
  w.diagnostics.report({0, 24, 25}, diag::bad_utf8);
  CHECK(render_text(w.sources, w.diagnostics, Colour::off).find("  |                 ^\n") != std::string::npos);
  for (const Span span : {Span{0, 28, 28}, Span{0, 28, 99}, Span{0, 7, 8}, Span{1, 1, 1}, Span{1, 50, 60}, Span{7, 0, 1}, Span{0, 5, 2}}) {
    World other;
    other.diagnostics.report(span, diag::bad_utf8).label(span, "here");
    CHECK_FALSE(render_text(other.sources, other.diagnostics, Colour::off).empty());
    CHECK_FALSE(render_sarif(other.sources, other.diagnostics).empty());
    CHECK_FALSE(render_json(other.sources, other.diagnostics).empty());
    CHECK_FALSE(render_github(other.sources, other.diagnostics).empty());
  }
}

TEST_CASE("render: of a very long line the part around the place is shown") {
  Sources sources;
  sources.add({"long.exm", std::string(5000, 'a') + "HERE" + std::string(5000, 'b')});
  Diagnostics diagnostics;
  diagnostics.report({0, 5000, 5004}, diag::bad_utf8);
  const std::string text = render_text(sources, diagnostics, Colour::off);
  CHECK(text.size() < 700);
  CHECK(text.find("aHEREb") != std::string::npos);
  CHECK(text.find("^^^^") != std::string::npos);
}

TEST_CASE("render: what machines read") {
  World w;
  w.diagnostics.report({0, 9, 14}, diag::unknown_name, "kind", "100%\n").label({1, 0, 1}, "other").hint("hint");
  const auto json = nlohmann::json::parse(render_json(w.sources, w.diagnostics), nullptr, false);
  REQUIRE_FALSE(json.is_discarded());
  CHECK(json["diagnostics"][0]["code"] == "EXM0201");
  CHECK(json["diagnostics"][0]["place"]["line"] == 2);
  CHECK(json["diagnostics"][0]["place"]["end_column"] == 7);
  const auto sarif = nlohmann::json::parse(render_sarif(w.sources, w.diagnostics), nullptr, false);
  REQUIRE_FALSE(sarif.is_discarded());
  CHECK(sarif["version"] == "2.1.0");
  CHECK(sarif["runs"][0]["results"][0]["relatedLocations"][0]["message"]["text"] == "other");
  CHECK(render_github(w.sources, w.diagnostics) ==
        "::error file=a.exm,line=2,col=2,endLine=2,endColumn=7,title=EXM0201::unknown kind `100%25%0A`%0Ab.exm:1:1: other%0Ahelp: hint\n");
}
