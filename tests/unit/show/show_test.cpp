#include "runtime/show/show.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "runtime/plan/plan_json.h"
#include "runtime/show/words.h"

using namespace exm;

namespace {

std::string file(const std::string& path) {
  std::ifstream in(EXM_SOURCE_DIR + path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

plan::Plan example() {
  const auto plan = plan_from_json(file("/tests/unit/plan/plan-example.json"));
  REQUIRE(plan);
  return *plan;
}

/// EXM_BLESS=1 writes the expectation anew; its difference is to be read.
void compare(const std::string& name, const std::string& shown) {
  const std::string path = "/tests/unit/show/expected/" + name;
  if (std::getenv("EXM_BLESS") != nullptr && std::getenv("CI") == nullptr) std::ofstream(EXM_SOURCE_DIR + path) << shown;
  CHECK(shown == file(path));
}

}  // namespace

TEST_CASE("the example is shown as expected") {
  const plan::Plan p = example();
  compare("plan.txt", show_text(p));
  compare("plan.md", show_markdown(p));
  compare("plan.html", show_html(p));
  compare("plan.dot", show_dot(p));
  compare("plan.mmd", show_mermaid(p));
  const auto step = explain_step(p, "1b");
  REQUIRE(step);
  compare("step-1b.txt", *step);
  CHECK_FALSE(explain_step(p, "9z"));
}

TEST_CASE("no line is wider than asked for") {
  for (std::size_t width : {60u, 80u, 100u}) {
    std::istringstream lines(show_text(example(), {false, width, true}));
    for (std::string line; std::getline(lines, line);) {
      INFO(line);
      CHECK(line.size() <= width);
    }
  }
}

TEST_CASE("colour only where it is asked for") {
  CHECK_THAT(show_text(example()), !Catch::Contains("\x1b"));
  CHECK_THAT(show_text(example(), {true, 80, true}), Catch::Contains("\x1b[1m"));
}

TEST_CASE("nothing that a plan says gets out of its place") {
  plan::Plan p = example();
  const std::string nasty = "<script>\"'\x1b[2J\xc2\x9b" "31m\xe2\x80\xae|\n`*]&";
  p.title = nasty;
  p.steps[0].why = nasty;
  p.notices = {nasty};
  p.templates["hold"].title = nasty;
  for (const auto& text : {show_text(p), *explain_step(p, "1a"), show_markdown(p), show_html(p), show_dot(p), show_mermaid(p)}) {
    CHECK_THAT(text, !Catch::Contains("\x1b"));
    CHECK_THAT(text, !Catch::Contains("\xc2\x9b"));
    CHECK_THAT(text, !Catch::Contains("\xe2\x80\xae"));
  }
  CHECK_THAT(show_html(p), !Catch::Contains("<script"));
  CHECK_THAT(show_markdown(p), !Catch::Contains(" <script>"));
  CHECK_THAT(show_markdown(p), Catch::Contains("\\|"));
  CHECK_THAT(show_dot(p), Catch::Contains("\\\"'"));
  CHECK_THAT(show_mermaid(p), Catch::Contains("#60;script#62;#34;#39;"));
}

TEST_CASE("what runs at the same time is said, and what cannot be undone") {
  plan::Plan p = example();
  p.steps[11].after.clear();  // 2a no longer waits for 1k
  p.templates["install"].irreversible = true;
  p.templates["reboot"].disrupts = {{"$1", 120}};
  const std::string text = show_text(p);
  CHECK_THAT(text, Catch::Contains("Meanwhile: 2"));
  CHECK_THAT(text, Catch::Contains("Cannot be undone: Install UR5 on EX3 (1e)"));
  CHECK_THAT(text, Catch::Contains("! cannot be undone"));
  CHECK_THAT(text, Catch::Contains("Users feel it: 1f at +0:49"));
  CHECK_THAT(text, Catch::Contains("! users of casnlb.hosts.EX3 feel it for 2 min"));
}

TEST_CASE("times and lengths as a person says them") {
  CHECK(show::duration_words(8640) == "2 h 24 min");
  CHECK(show::duration_words(90) == "1 min 30 s");
  CHECK(show::duration_words(0) == "no time");
  CHECK(show::clock_words(960) == "+0:16");
  CHECK(show::clock_words(36061) == "+10:01:01");
  CHECK(show::list_words({"a", "b", "c"}) == "a, b and c");
  CHECK(show::list_words({"a", "b", "c"}, 2) == "a, b and 1 more");
  CHECK(show::sentence("restores EX3.mode") == "Restores EX3.mode.");
  CHECK(show::sentence("no_alarms holds") == "no_alarms holds.");
}
