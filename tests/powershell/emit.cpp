// Writes what the engine is to judge: a plan's script, or our quoting of strings that are nasty to quote.
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "runtime/cli/script.h"
#include "runtime/plan/plan_json.h"
#include "runtime/plan/quote.h"

namespace {

using namespace std::string_literals;

std::string hexadecimal(std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += {digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

/// One line a string: itself in hexadecimal, a tab, our literal.
void write_literals() {
  const std::string nasty[] = {
      "EX3", "", "O'Neil", "''", "'", "a\u2018b\u2019c\u201Ad\u201Be", "\u2019; Stop-Computer; \u2019",
      "\u201Ctypographic\u201D \u201E \u201F", "\"double\"", "$(Stop-Computer)", "${env:PATH}", "$env:PATH", "`n `0 `$",
      "a;b", "a)b}c]", "@('x')", "#comment", "<# block #>", "#>", "--%", "-Force", "--", "%PATH%", "&calc", "a|b", "a>b",
      "two\nlines", "carriage\rreturn", "\r\n", "tab\there", "nul\0inside"s, "\x1B[31mred", "\u202Egnp.exe", "zero\u200Bwidth",
      "\uFEFFmark", "line\u2028separator", "next\u0085line", "M\u00FCnchen", "\u65E5\u672C", "\U0001F600",
      "C:\\Program Files (x86)\\a b\\", "\\\\files\\share\\x.msp", "trailing backslash\\", " spaces ", "a,b", "1e3", "0x10", "1kb",
      std::string(3000, '\''), "'@\n", "@'\ntext\n'@",
  };
  for (const std::string& text : nasty)
    std::cout << hexadecimal(text) << '\t' << exm::plan::quote("powershell", exm::plan::text(text)) << '\n';
}

int write_script(const char* path) {
  std::ifstream file(path, std::ios::binary);
  const std::string json{std::istreambuf_iterator<char>(file), {}};
  const auto plan = exm::plan_from_json(json);
  if (!plan) {
    std::cerr << path << ": " << plan.error().message << '\n';
    return 1;
  }
  std::cout << exm::script_of(*plan);
  return 0;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view what = count > 1 ? arguments[1] : "";
  if (what == "script" && count == 3) return write_script(arguments[2]);
  if (what == "literals" && count == 2) {
    write_literals();
    return 0;
  }
  std::cerr << "usage: emit_powershell script PLAN.json | literals\n";
  return 2;
}
