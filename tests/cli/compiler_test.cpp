// check, plan, test, fmt, doc, explain: exit codes, what goes to which stream, what is said.
#include <catch2/catch.hpp>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/cli/program.h"

using namespace exm::cli;

namespace {

const std::string example = "examples/cas-array/casarray.exm";

/// A world of one lamp and one wish; the search for it needs more than one state.
const std::string lamp = R"(
kind lamp {
  state lit : bool = false
}
action switch_on(l: lamp) {
  "Switch ${l} on"
  requires not l.lit
  effect l.lit := true
  takes 1m
}
lamp desk {}
maintenance evening {
  "Evening"
  achieve desk.lit
}
)";

struct Row {
  int line;
  Words words;
  std::string input;
  int code;
  std::string out, err;  // parts of the streams; empty: nothing may be there
};

void check_row(const Row& row) {
  const Ran ran = call_exm(row.words, {row.input, {}, EXM_SOURCE_DIR});
  INFO("line " << row.line << "\n" << ran.out << ran.err);
  CHECK(ran.code == row.code);
  CHECK((row.out.empty() ? ran.out.empty() : has(ran.out, row.out)));
  CHECK((row.err.empty() ? ran.err.empty() : has(ran.err, row.err)));
}

}  // namespace

TEST_CASE("cli: exit codes and messages of the compiler's commands") {
  const std::string two = lamp + "maintenance night { \"Night\"  achieve desk.lit }\n";
  const std::string hopeless = lamp + "rule dark { always not desk.lit }\n";
  const std::string dim = lamp + "extend lamp { bright : bool = false }\nrule glare { always forall l in lamp: l.bright }\n";
  const std::string locked = lamp + "extend lamp { key : bool = false }\n"
                             "extend action switch_on(l: lamp) { requires l.key else \"nobody has the key of ${l}\" }\n";
  const std::string noticed = lamp + "rule off { notice when forall l in lamp: not l.lit \"${l} is off\" }\n"
                              "rule lamps { notice when exists l in lamp: true \"there are lamps\" }\n";
  const Row rows[] = {
      {__LINE__, {"check", example}, "", 0, "", "no errors"},
      {__LINE__, {"check", "-"}, lamp, 0, "", "no errors"},
      {__LINE__, {"check", "-"}, "kind {", 1, "", "error[EXM0101]"},
      {__LINE__, {"check", "-"}, "serverr EX3 {}\nuse windows\n", 1, "", "did you mean `server`?"},
      {__LINE__, {"check", "/nowhere/x.exm"}, "", 7, "", "/nowhere/x.exm: cannot be read"},
      {__LINE__, {"check", "-"}, "use \"./nowhere.exm\"\n", 1, "", "EXM0206"},
      {__LINE__, {"check", "."}, "", 7, "", "it is a directory"},
      {__LINE__, {"doc", "nlb"}, "", 0, "### `drainstop`", ""},
      {__LINE__, {"doc", "exchange.cas", "--format", "html"}, "", 0, "<h3 id=\"cas_array\">", ""},
      {__LINE__, {"doc", example}, "", 0, "### `rollup5`", ""},
      {__LINE__, {"doc"}, "", 0, "[nlb](nlb.md)", ""},
      {__LINE__, {"doc", "nbl"}, "", 2, "", "there is no module `nbl`; did you mean `nlb`?\nthere are antivirus.forefront, antivirus.manual, backup, "},
      {__LINE__, {"doc", "quantum"}, "", 2, "", "there is no module `quantum`\nthere are antivirus.forefront, antivirus.manual, backup, "},
      {__LINE__, {"doc", "./nowhere.exm"}, "", 7, "", "./nowhere.exm: cannot be read: No such file"},
      {__LINE__, {"doc", "nlb", "--format", "word"}, "", 2, "", "--format"},
      {__LINE__, {"doc", "nlb", "--modules", "/nowhere"}, "", 7, "", "/nowhere: No such file"},
      {__LINE__, {"fmt", "."}, "", 7, "", "it is a directory"},
      {__LINE__, {"check"}, "", 2, "", "FILE is required"},
      {__LINE__, {"check", "-", "--format", "tapestry"}, lamp, 2, "", "tapestry"},
      {__LINE__, {"check", "-", "--format", "json"}, "kind {", 1, "EXM0101", ""},
      {__LINE__, {"check", "-", "--format", "sarif"}, "kind {", 1, "\"version\": \"2.1.0\"", ""},
      {__LINE__, {"check", "-", "--format", "github"}, "kind {", 1, "::error ", ""},
      {__LINE__, {"plan", "-"}, lamp, 0, "\"format\": \"exm-plan/1\"", ""},
      {__LINE__, {"plan", "-", "--format", "text"}, lamp, 0, "Switch desk on", ""},
      {__LINE__, {"plan", "-", "-m", "night", "--format", "text"}, two, 0, "Night", ""},
      {__LINE__, {"plan", "-"}, two, 1, "", "EXM0405"},
      {__LINE__, {"plan", "-", "--maintenance", "dawn"}, lamp, 1, "", "dawn"},
      {__LINE__, {"plan", "-"}, "kind lamp { state lit : bool = false }\n", 1, "", "EXM0404"},
      {__LINE__, {"plan", "-"}, hopeless, 3, "", "EXM0401"},
      {__LINE__, {"plan", "-"}, dim, 1, "", "= help: facts alone decide it, and no step changes a fact"},
      {__LINE__, {"plan", "-"}, locked, 3, "", "`switch_on` requires this: nobody has the key of desk"},
      {__LINE__, {"test", "-"}, locked + "test \"x\" { plan evening  expect no plan because switch_on }\n", 0, "1 passed, 0 failed", ""},
      {__LINE__, {"plan", "-"}, noticed + "rule dark { always not desk.lit }\n", 3, "", "= help: worth knowing: desk is off\n"},
      {__LINE__, {"plan", "examples/cas-array/two-must-serve/twomustserve.exm"}, "", 3, "", "EXM0402"},
      {__LINE__, {"plan", example, "--search-states", "1"}, "", 6, "", "EXM0403"},
      {__LINE__, {"plan", "/nowhere/x.exm"}, "", 7, "", "/nowhere/x.exm: cannot be read"},
      {__LINE__, {"plan", "-", "-o", "/nowhere/plan.json"}, lamp, 7, "", "cannot write `/nowhere/plan.json`"},
      {__LINE__, {"plan", "-", "--format", "tapestry"}, lamp, 2, "", "tapestry"},
      {__LINE__, {"plan", "-", "--set", "nonsense"}, lamp, 2, "", "NAME=VALUE"},
      {__LINE__, {"plan", "-", "--state", "/nowhere/state.json"}, lamp, 7, "", "/nowhere/state.json"},
      {__LINE__, {"plan", "-", "--stop-after", "solve"}, lamp, 0, "Switch desk on", ""},
      {__LINE__, {"test", example}, "", 0, "4 passed, 0 failed", ""},
      {__LINE__, {"test", "-"}, lamp + "test \"x\" { plan evening  expect no plan }\n", 1, "FAIL  x", ""},
      {__LINE__, {"test", "-"}, lamp, 1, "", "there is no `test`"},
      {__LINE__, {"test", example, "--format", "junit"}, "", 0, "<testsuite name=\"exm\" tests=\"4\" failures=\"0\">", ""},
      {__LINE__, {"test", example, "--format", "tap"}, "", 0, "TAP version 13\n1..4\nok 1", ""},
      {__LINE__, {"fmt", "-"}, "site   HQ\n", 0, "site HQ\n", ""},
      {__LINE__, {"fmt", "--check", "-"}, "site   HQ\n", 1, "", "not in the style"},
      {__LINE__, {"fmt", "-"}, "kind {", 1, "", "EXM0101"},
      {__LINE__, {"fmt", "/nowhere/x.exm"}, "", 7, "", "/nowhere/x.exm"},
      {__LINE__, {"explain", "exm0201"}, "", 0, "EXM0201", ""},
      {__LINE__, {"explain", "EXM0530"}, "", 0, "EXM0530", ""},
      {__LINE__, {"explain", "EXM9999"}, "", 2, "", "no code `EXM9999`"},
      {__LINE__, {}, "", 2, "", "A subcommand is required"},
      {__LINE__, {"dance"}, "", 2, "", "there is no command `dance`"},
      {__LINE__, {"--help"}, "", 0, "verify", ""},
      {__LINE__, {"--version"}, "", 0, "exm ", ""},
  };
  for (const auto& row : rows) check_row(row);
}

TEST_CASE("cli: a file past the bound is refused by its size, and not read") {
  Folder folder;
  write_text(folder.file("big.exm"), std::string((64u << 20) + 1, '#'));
  const Ran ran = call_exm({"check", folder.file("big.exm")});
  CHECK(ran.code == 1);
  CHECK(has(ran.err, "EXM0103"));
}

TEST_CASE("cli: what can't become a step is said") {
  const std::string text = R"(
kind box {
  friend : box? = none
  state open : bool = false
}
action lift(b: box) {
  "Lift ${b}"
  effect b.open := true
  takes 1m
  run shell """
    lift ${b.friend.name}
  """
}
box one {}
maintenance m { "m"  achieve one.open }
)";
  const Ran ran = call_exm({"plan", "-"}, {text, {}, EXM_SOURCE_DIR});
  INFO(ran.err);
  CHECK(ran.code == 3);
  CHECK(has(ran.err, "warning[EXM0306]"));
}

TEST_CASE("cli: a param is given by --set, and must be") {
  const std::string text = lamp + "param title : string\nrule named { check title != \"\" else \"no title\" }\n";
  CHECK(call_exm({"check", "-", "--set", "title=x"}, {text, {}, EXM_SOURCE_DIR}).code == 0);
  const Ran missing = call_exm({"check", "-"}, {text, {}, EXM_SOURCE_DIR});
  CHECK(missing.code == 1);
  CHECK(has(missing.err, "EXM0220"));
  CHECK(call_exm({"check", "-", "--set", "title=x", "--set", "title=y"}, {text, {}, EXM_SOURCE_DIR}).code == 2);
  CHECK(call_exm({"check", "-", "--set", "titel=x"}, {text, {}, EXM_SOURCE_DIR}).code == 1);
}

TEST_CASE("cli: --state takes the place of what the files say") {
  Folder folder;
  const std::string state = folder.file("state.json");
  const auto plan_with = [&](const std::string& values) {
    write_text(state, "{\"format\": \"exm-state/1\", \"observed\": \"2026-11-24T00:00:00Z\", \"values\": " + values + "}");
    return call_exm({"plan", "-", "--state", state, "--format", "text"}, {lamp, {}, EXM_SOURCE_DIR});
  };
  CHECK(has(plan_with("{}").out, "Switch desk on"));
  const Ran lit = plan_with("{\"desk.lit\": true}");
  CHECK(lit.code == 0);
  CHECK_FALSE(has(lit.out, "Switch desk on"));
  CHECK(plan_with("{\"desk.lid\": true}").code == 1);
  write_text(state, "{\"values\": 3}");
  CHECK(call_exm({"plan", "-", "--state", state, "--format", "text"}, {lamp, {}, EXM_SOURCE_DIR}).code == 1);
}

TEST_CASE("cli: -o writes the whole plan, and nothing else is printed") {
  Folder folder;
  const std::string file = folder.file("plan.json");
  const Ran ran = call_exm({"plan", example, "--format", "json", "-o", file});
  CHECK(ran.code == 0);
  CHECK((ran.out + ran.err).empty());
  CHECK(text_of(file) == call_exm({"plan", example, "--format", "json"}).out);
  CHECK_FALSE(std::filesystem::exists(file + ".part"));
}

TEST_CASE("cli: no colour where nobody sees it, and none under NO_COLOR") {
  for (const auto& words : {Words{"plan", example}, Words{"check", "/nowhere.exm"}, Words{"plan", "examples/cas-array/two-must-serve/twomustserve.exm"}}) {
    const Ran ran = call_exm(words);
    CHECK_FALSE(has(ran.out + ran.err, "\x1b"));
    const Ran forced = call_exm(words, {"", {{"NO_COLOR", "1"}, {"TERM", "xterm-256color"}}, EXM_SOURCE_DIR});
    CHECK(forced.out == ran.out);
    CHECK(forced.err == ran.err);
  }
}

TEST_CASE("cli: what a machine reads is what it says it is") {
  const auto json = [](const std::string& text) { return nlohmann::json::parse(text, nullptr, false); };
  CHECK(json(call_exm({"check", "-", "--format", "json"}, {"kind {", {}, EXM_SOURCE_DIR}).out).is_structured());
  CHECK(json(call_exm({"check", "-", "--format", "sarif"}, {"kind {", {}, EXM_SOURCE_DIR}).out).contains("runs"));
  CHECK(json(call_exm({"plan", example, "--format", "json"}).out).at("format") == "exm-plan/1");
  CHECK(json(call_exm({"verify", "examples/cas-array/plan.json", "--format", "json"}).out).is_structured());
  CHECK(json(call_exm({"verify", "examples/cas-array/plan.json", "--format", "sarif"}).out).contains("runs"));
}

TEST_CASE("cli: what is planned is made by steps, one thing after the other, and the plan says that it is new") {
  Folder folder;
  const std::string file = folder.file("farm.exm");
  write_text(file, R"(
kind server {}
kind farm { needs : int = 1 }
kind member in farm as members { key server : server  state on : bool = true }
action create(m: member) {
  "Make ${m.farm} of ${m.server}"
  requires not m.farm.exists
  effect   m.farm.exists := true, m.exists := true
  takes    1m
  on       m.server
  run person "make it"
}
action add(m: member, by: member) {
  "Add ${m.server} to ${m.farm}"
  requires not m.exists
  requires by.farm == m.farm and by.on
  effect   m.exists := true
  takes    1m
  on       m.server
  run person "add it"
}
action tell(f: farm) {
  "Tell of ${f}"
  requires count(m in f.members) >= 2
  effect   f.told := true
  takes    1m
  run person "tell"
}
extend farm { state told : bool = false }
rule as_declared { always forall f in farm: count(m in f.members where m.on == was(m.on)) >= f.needs }
rule two { check forall f in farm: count(m in f.members) >= 2 else "${f} wants two" }
server A
server B
planned farm F { planned member A {} planned member B {} }
maintenance build { "Build it" achieve F.exists and F.told }
)");
  const Ran plan = call_exm({"plan", file, "--format", "text"});
  INFO(plan.out << plan.err);
  CHECK(plan.code == 0);
  CHECK(has(plan.out, "  3 steps on A and B, 3 min in all.\n"));
  CHECK(plan.out.find("Make F of A") < plan.out.find("Add B to F"));
  CHECK(has(plan.out, "What ends other than it was\n  - F is new.\n  - F.members.A is new.\n  - F.members.B is new.\n"));
  const std::string made = folder.file("plan.json");
  CHECK(call_exm({"plan", file, "-o", made}).code == 0);
  CHECK(call_exm({"verify", made, "--against", file}).code == 0);
  CHECK(has(call_exm({"show", made, "--format", "powershell"}).out, "F.members.B is new"));
}

TEST_CASE("cli: verify --against compiles the files as the plan was compiled: with its params and its observed state") {
  Folder folder;
  const std::string file = folder.file("lamp.exm"), state = folder.file("state.json"), plan = folder.file("plan.json");
  write_text(file, lamp + "param evening_sun : bool\nextend lamp { state shaded : bool = evening_sun  state warm : bool = false }\n");
  write_text(state, R"({"format": "exm-state/1", "observed": "2026-11-24T00:00:00Z", "values": {"desk.warm": true}})");
  REQUIRE(call_exm({"plan", file, "--set", "evening_sun=true", "--state", state, "-o", plan}).code == 0);
  CHECK(call_exm({"verify", plan, "--against", file, "--set", "evening_sun=true", "--with-state", state}).code == 0);
  const Ran other_state = call_exm({"verify", plan, "--against", file, "--set", "evening_sun=true"});
  CHECK(other_state.code == 1);
  CHECK(has(other_state.err + other_state.out, "desk.warm starts with true, by the files with false (--with-state STATE.json says what it was compiled with)"));
  const Ran other_param = call_exm({"verify", plan, "--against", file, "--set", "evening_sun=false", "--with-state", state});
  CHECK(other_param.code == 1);
  CHECK(has(other_param.err + other_param.out, "compiled from these files, the plan is another one"));
  CHECK(has(call_exm({"verify", plan, "--against", file, "--with-state", state}).err, "EXM0220"));
  CHECK(call_exm({"verify", plan, "--set", "evening_sun=true"}).code == 2);
}

TEST_CASE("cli: --modules puts a folder's modules before those that are built in") {
  Folder folder;
  const std::string modules = folder.file("modules"), file = folder.file("lamp.exm"), plan = folder.file("plan.json");
  std::filesystem::create_directories(modules + "/acme");
  write_text(modules + "/acme/lamp.exm", lamp);
  write_text(file, "use acme.lamp\nuse windows\n");
  CHECK(has(call_exm({"check", file}).err, "there is no module `acme.lamp`"));
  CHECK(call_exm({"check", file, "--modules", modules}).code == 0);
  CHECK(has(call_exm({"doc", "acme.lamp", "--modules", modules}).out, "### `switch_on`"));
  write_text(modules + "/broken.exm", "kind {\n");
  CHECK(call_exm({"doc", "broken", "--modules", modules}).code == 1);
  REQUIRE(call_exm({"plan", file, "--modules", modules, "-o", plan}).code == 0);
  CHECK(call_exm({"verify", plan, "--against", file, "--modules", modules}).code == 0);
  CHECK(call_exm({"verify", plan, "--against", file}).code == 1);
  write_text(modules + "/acme/lamp.exm", lamp + "# another text\n");
  CHECK(has(call_exm({"verify", plan, "--against", file, "--modules", modules}).out, "lamp.exm` is not what the plan was made from"));
  CHECK(call_exm({"plan", example, "--format", "json", "--modules", "stdlib"}).out == call_exm({"plan", example, "--format", "json"}).out);
  for (const auto& command : {Words{"check", example}, Words{"verify", plan, "--against", file}}) {
    Words words = command;
    words.insert(words.end(), {"--modules", folder.file("nowhere")});
    const Ran ran = call_exm(words);
    CHECK(ran.code == 7);
    CHECK(has(ran.err, "nowhere: No such file or directory"));
  }
}
