#include "compiler/parse/parse.h"

#include <catch2/catch.hpp>

#include <chrono>
#include <tao/pegtl/contrib/analyze.hpp>

#include "compiler/parse/ast_dump.h"
#include "grammar/exm.h"

using namespace exm;

namespace tao::pegtl {
template <typename Name>
struct analyze_traits<Name, grammar::after_newline> : analyze_opt_traits<> {};
}  // namespace tao::pegtl

namespace {

struct Parsed {
  Sources sources;
  Diagnostics diagnostics;
  ast::File file;
};

void parse_text(Parsed& to, std::string text) {
  to.sources.add({"test.exm", std::move(text)});
  to.file = parse(to.sources, 0, to.diagnostics);
}

std::string dumped(const std::string& text) {
  Parsed parsed;
  parse_text(parsed, text);
  return parsed.diagnostics.ok() ? dump(parsed.file) : parsed.diagnostics.all()[0].message;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string made;
  made.reserve(text.size() * times);
  for (std::size_t i = 0; i < times; ++i) made += text;
  return made;
}

}  // namespace

TEST_CASE("grammar: no rule can go round without reading anything") { CHECK(tao::pegtl::analyze<grammar::declaration>() == 0); }

TEST_CASE("parse: byte order marks, line ends of Windows and texts without an end of line") {
  const std::string plain = "# c\nserver A {\n  x = \"\"\"\n    a\n      b\n  \"\"\"\n}\nsite B";
  std::string windows = "\xEF\xBB\xBF";
  for (const char c : plain) windows += c == '\n' ? std::string("\r\n") : std::string(1, c);
  CHECK(dumped(plain) == "(object server (named A) (= x \"a\\n  b\"))\n(object site (named B))\n");
  CHECK(dumped(windows) == dumped(plain));
  CHECK(dumped("").empty());
  CHECK(dumped("  # only a comment").empty());
}

TEST_CASE("parse: what is no UTF-8 is said, with its place") {
  struct Row {
    int line;
    std::string text;
    std::uint32_t at;
  };
  const Row rows[] = {
      {__LINE__, "let a = \"\xFF\"", 9},          {__LINE__, "# \xC0\x80", 2},          {__LINE__, "let a = \"\xED\xA0\x80\"", 9},
      {__LINE__, "let a = \"\xC3\xA4\xF5\"", 11}, {__LINE__, "# 12345678\xE2\x82", 10}, {__LINE__, "# \xF4\x90\x80\x80", 2},
  };
  for (const Row& row : rows) {
    INFO("line " << row.line);
    Parsed parsed;
    parse_text(parsed, row.text);
    REQUIRE(parsed.diagnostics.errors() == 1);
    CHECK(parsed.diagnostics.all()[0].id == "EXM0104");
    CHECK(parsed.diagnostics.all()[0].span.begin == row.at);
  }
  CHECK(dumped("let a = \"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\"") == "(let a \"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\")\n");
}

TEST_CASE("parse: however deep it is nested, an error says so and nothing breaks") {
  constexpr std::size_t many = 200000;
  const std::string starts[] = {"(", "[", "{", "not ", "- ", "if ", "f(", "forall x in ", "\"${", "a.b + ", "a implies ", "a and ", "a == ", "count(x in ", "{x in ", "a < "};
  for (const std::string& start : starts) {
    INFO(start);
    Parsed parsed;
    parse_text(parsed, "let x = " + repeated(start, many) + "a");
    CHECK_FALSE(parsed.diagnostics.ok());
    CHECK(parsed.diagnostics.errors() <= 1001);
  }
  const std::string others[] = {"a b { ", "each x in y { ", "kind a { b : set of ", "action a() { effect forall x in y: ", "\"", "\"\"\"", "}", "a\n", "a b {\n", "${", "server \"${"};
  for (const std::string& start : others) {
    INFO(start);
    Parsed parsed;
    parse_text(parsed, repeated(start, 50000));
    CHECK_FALSE(parsed.diagnostics.ok());
  }
  Parsed types;
  parse_text(types, "kind a { b : " + repeated("set of ", many) + "c }");
  CHECK_FALSE(types.diagnostics.ok());
  Parsed members;
  parse_text(members, "let x = a" + repeated(".b", many));
  CHECK_FALSE(members.diagnostics.ok());
}

TEST_CASE("parse: what is nested sensibly is read") {
  Parsed parsed;
  parse_text(parsed, "let x = " + repeated("(", 50) + "a" + repeated(")", 50) + "\nlet y = a" + repeated(" or a", 300));
  CHECK(parsed.diagnostics.ok());
}

TEST_CASE("parse: an error hides no other one") {
  Parsed parsed;
  parse_text(parsed, repeated("server A {\n  b : 1\n}\nsite B\nrule r { sometimes x }\n", 10));
  CHECK(parsed.diagnostics.errors() == 20);
  CHECK(parsed.file.declarations.size() == 30);
}

TEST_CASE("parse: of a text full of errors some are shown, in a bounded time") {
  const auto begin = std::chrono::steady_clock::now();
  Parsed parsed;
  parse_text(parsed, repeated("server A {\n  b : 1\n", 20000));
  CHECK(parsed.diagnostics.errors() <= 51);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(20));
}

TEST_CASE("parse: spans are those of what was written") {
  Parsed parsed;
  parse_text(parsed, "server A { }  # c\n\nlet x = a + b  \nlet y = a.b # d\n");
  REQUIRE(parsed.file.declarations.size() == 3);
  CHECK(parsed.sources.text(parsed.file.declarations[0].span) == "server A { }");
  CHECK(parsed.sources.text(parsed.file.declarations[1].span) == "let x = a + b");
  CHECK(parsed.sources.text(parsed.file.declarations[2].span) == "let y = a.b");
  REQUIRE(parsed.file.comments.size() == 2);
  CHECK(parsed.sources.text(parsed.file.comments[1].span) == "# d");
}
