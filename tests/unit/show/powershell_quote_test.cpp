#include <catch2/catch.hpp>

#include "runtime/plan/quote.h"

namespace exm::plan {
namespace {

using namespace std::string_literals;

struct Row {
  int line;
  std::string language;
  Value value;
  std::string literal;
};

Value set_of(std::vector<Value> elements) { return {Value::Type::set, 0, {}, std::move(elements)}; }
Value typed(Value::Type type, std::string_view s) { return {type, 0, std::string(s), {}}; }
Value seconds(std::int64_t n) { return {Value::Type::duration, n, {}, {}}; }

TEST_CASE("a value becomes one literal of its language, whatever it holds") {
  const Row rows[] = {
      {__LINE__, "powershell", text("EX3"), "'EX3'"},
      {__LINE__, "powershell", text(""), "''"},
      {__LINE__, "powershell", text("O'Neil"), "'O''Neil'"},
      {__LINE__, "powershell", text("a\u2018b\u2019c\u201Ad\u201Be"),
       "'a\u2018\u2018b\u2019\u2019c\u201A\u201Ad\u201B\u201Be'"},
      {__LINE__, "powershell", text("\u201Cquoted\u201D \"too\""), "'\u201Cquoted\u201D \"too\"'"},
      {__LINE__, "powershell", text("$(Stop-Computer) `n ;)}#>"), "'$(Stop-Computer) `n ;)}#>'"},
      {__LINE__, "powershell", text("two\r\nlines"), "('two' + [char]13 + '' + [char]10 + 'lines')"},
      {__LINE__, "powershell", text("nul\0inside"s), "('nul' + [char]0 + 'inside')"},
      {__LINE__, "powershell", text("left\u202Eright"), "('left' + [char]8238 + 'right')"},
      {__LINE__, "powershell", text("M\u00FCnchen \U0001F600"), "'M\u00FCnchen \U0001F600'"},
      {__LINE__, "powershell", text("broken\xC3("), "'broken\uFFFD('"},
      {__LINE__, "powershell", text("\xE2\x80"), "'\uFFFD\uFFFD'"},
      {__LINE__, "powershell", text("\xED\xA0\x80"), "'\uFFFD\uFFFD\uFFFD'"},
      {__LINE__, "powershell", integer(42), "42"},
      {__LINE__, "powershell", integer(-5), "(-5)"},
      {__LINE__, "powershell", boolean(true), "$true"},
      {__LINE__, "powershell", boolean(false), "$false"},
      {__LINE__, "powershell", none(), "$null"},
      {__LINE__, "powershell", seconds(900), "900"},
      {__LINE__, "powershell", typed(Value::Type::version, "14.1.323.1"), "'14.1.323.1'"},
      {__LINE__, "powershell", typed(Value::Type::path, R"(\\files\a'b)"), R"('\\files\a''b')"},
      {__LINE__, "powershell", set_of({text("a'"), text("b")}), "@('a''', 'b')"},
      {__LINE__, "powershell", set_of({}), "@()"},
      {__LINE__, "shell", text("O'Neil"), R"('O'\''Neil')"},
      {__LINE__, "shell", text("$(reboot) `x` \\ \n;"), "'$(reboot) `x` \\ \n;'"},
      {__LINE__, "shell", text("\u2019"), "'\u2019'"},
      {__LINE__, "shell", text("nul\0"s), "'nul\uFFFD'"},
      {__LINE__, "shell", text(""), "''"},
      {__LINE__, "shell", integer(-5), "-5"},
      {__LINE__, "shell", set_of({text("a b"), integer(2)}), "'a b' 2"},
      {__LINE__, "person", text("EX3\n# now"), "EX3 # now"},
      {__LINE__, "person", seconds(5400), "90 min"},
      {__LINE__, "person", seconds(7200), "2 h"},
      {__LINE__, "person", set_of({text("a"), text("b")}), "a, b"},
  };
  for (const Row& row : rows) {
    INFO("line " << row.line);
    CHECK(quote(row.language, row.value) == row.literal);
  }
}

TEST_CASE("a command is text and literals, and the rest is the caller's") {
  Text command(4);
  command[0].text = "Stop-Service -Name ";
  command[1].kind = Piece::Kind::value;
  command[1].value = text("a'; Stop-Computer");
  command[2].text = " -Key ";
  command[3].kind = Piece::Kind::secret;
  command[3].text = "KEY";
  const auto outside = [](const Piece& piece) { return "$" + piece.text; };
  CHECK(render(command, "powershell", outside) == "Stop-Service -Name 'a''; Stop-Computer' -Key $KEY");
}

}  // namespace
}  // namespace exm::plan
