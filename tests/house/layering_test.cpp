// Includes and links run one way, as layering.txt says.
#include <catch2/catch.hpp>

#include <map>
#include <regex>
#include <set>

#include "tests/house/house.h"

using namespace exm::house;

namespace {

using Table = std::map<std::string, std::set<std::string>>;

Table read_table() {
  Table table;
  for (const std::string& line : lines_of("tests/house/layering.txt")) {
    if (line.empty() || line[0] == '#') continue;
    const auto colon = line.find(':');
    REQUIRE(colon != std::string::npos);
    const auto rooms = words_of(std::string_view(line).substr(colon + 1));
    // Only what stands above may be named: so there is no circle.
    for (const auto& room : rooms) {
      INFO(line.substr(0, colon) << " names " << room << ", which does not stand above it");
      CHECK(table.count(room) == 1);
    }
    table[line.substr(0, colon)] = {rooms.begin(), rooms.end()};
  }
  return table;
}

/// "compiler/base/source.h" is in the room compiler/base; "runtime/result.h" and "grammar" are rooms of their own.
std::string room_of(const std::string& path) {
  const auto first = path.find('/');
  if (path.substr(0, first) == "grammar") return "grammar";
  const auto second = path.find('/', first + 1);
  return path.substr(0, second);
}

std::string judge(const Table& table, const std::string& room, const std::string& other) {
  const auto row = table.find(room);
  if (row == table.end()) return room + " has no row in layering.txt";
  return other == room || row->second.count(other) > 0 ? "" : room + " may not include " + other;
}

std::vector<std::string> wrong_includes(const Table& table, const std::string& path, const std::vector<std::string>& lines) {
  static const std::regex include("\\s*#\\s*include\\s*\"([^\"]+)\".*");
  std::vector<std::string> wrong;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch found;
    if (!std::regex_match(lines[i], found, include)) continue;
    const std::string why = judge(table, room_of(path), room_of(found[1]));
    if (!why.empty()) wrong.push_back(path + ":" + std::to_string(i + 1) + ": " + why);
  }
  return wrong;
}

const std::vector<std::string> code = {".h", ".cpp", ".def"};

}  // namespace

TEST_CASE("layering: every include is one that the table allows") {
  const Table table = read_table();
  const auto files = source_files({"compiler", "runtime", "grammar"}, code);
  CHECK(files.size() > 200);
  for (const std::string& path : files)
    for (const std::string& wrong : wrong_includes(table, path, lines_of(path))) FAIL_CHECK(wrong);
}

TEST_CASE("layering: what is wrong is found, with its place") {
  const Table table = read_table();
  const std::pair<std::string, std::string> rows[] = {
      {"runtime/verify/verify.cpp", "compiler/solve/solve.h"},   {"runtime/verify/verify.cpp", "runtime/show/words.h"},
      {"runtime/plain/rules.cpp", "runtime/plan/plan.h"},        {"runtime/plain/rules.cpp", "runtime/verify/verdict.h"},
      {"runtime/plan/plan.h", "compiler/base/source.h"},         {"runtime/run/run.cpp", "grammar/exm.h"},
      {"compiler/check/check.cpp", "compiler/ground/ground.h"},  {"compiler/check/check.cpp", "grammar/exm.h"},
      {"compiler/solve/solve.cpp", "runtime/plan/plan.h"},       {"compiler/lower/lower.cpp", "runtime/verify/verify.h"},
      {"compiler/parse/parse.cpp", "compiler/check/program.h"},  {"compiler/nowhere/x.cpp", "compiler/base/source.h"},
  };
  for (const auto& [path, other] : rows) {
    INFO(path << " includes " << other);
    const auto wrong = wrong_includes(table, path, {"// why", "#include \"" + other + "\""});
    REQUIRE(wrong.size() == 1);
    CHECK(wrong[0].rfind(path + ":2: ", 0) == 0);
  }
  CHECK(wrong_includes(table, "runtime/verify/verify.cpp", {"#include \"runtime/plan/plan.h\"", "#include <vector>"}).empty());
}

TEST_CASE("layering: a room links no room that it may not include") {
  const Table table = read_table();
  static const std::regex room_call("exm_room\\((exm_\\w+) LINK ([^)]*)\\)");
  std::map<std::string, std::string> room_named;
  std::vector<std::pair<std::string, std::vector<std::string>>> links;
  for (const std::string& path : source_files({"compiler", "runtime"}, {".txt"})) {
    const std::string text = text_of(path);
    std::smatch found;
    if (!std::regex_search(text, found, room_call)) continue;
    room_named[found[1]] = room_of(path);
    links.emplace_back(room_of(path), words_of(found[2].str()));
  }
  CHECK(links.size() >= 13);
  for (const auto& [room, names] : links)
    for (const std::string& name : names)
      if (room_named.count(name) > 0) {
        const std::string why = judge(table, room, room_named[name]);
        if (!why.empty()) FAIL_CHECK("CMake links of " << room << ": " << why);
      }
}

TEST_CASE("layering: what is slow to compile stays out of headers") {
  static const std::regex slow("#include <(nlohmann|tao|CLI)/.*");
  const std::map<std::string, std::string> reasons = {
      {"runtime/plan/write_json.h", "included by the .cpp files that write JSON only"},
      {"runtime/plan/read_json.h", "included by the .cpp files that read JSON only"},
      {"runtime/plain/read.h", "the short checker works on JSON, and nothing includes it"},
  };
  for (const std::string& path : source_files({"compiler", "runtime"}, {".h"}))
    for (const std::string& line : lines_of(path))
      if (std::regex_match(line, slow) && reasons.count(path) == 0) FAIL_CHECK(path << ": " << line);
}
