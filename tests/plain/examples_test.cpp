// exm-check as a user calls it: the plan of every example is valid, and a file that is changed, cut short or not there is said to be.
#include <catch2/catch.hpp>

#include <filesystem>

#include "runtime/plain/check.h"
#include "tests/cli/program.h"

using namespace exm::cli;
namespace fs = std::filesystem;

namespace {

const char* const example = "examples/cas-array/casarray.exm";

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

/// The file's text judged in this process, as lines.
std::string said(const std::string& text) {
  const exm::plain::Report report = exm::plain::check(text);
  std::string all;
  for (const auto* lines : {&report.broken, &report.open})
    for (const std::string& line : *lines) all += line + "\n";
  return all;
}

/// Twenty steps without any order, each of which changes a state of its own: 3^20 combinations, and one rule about them all.
std::string without_order() {
  using exm::plain::Json;
  Json plan{{"format", "exm-plan/1"}, {"maintenance", "many"}, {"objects", {{"o", {{"kind", "thing"}}}}}};
  Json on = Json::array({"count"});
  for (int i = 0; i < 20; ++i) {
    const std::string state = "s" + std::to_string(i), variable = "o." + state;
    plan["kinds"]["thing"]["states"][state] = {{"type", "bool"}, {"default", true}, {"lasting", true}};
    plan["templates"][state] = {{"action", "act"}, {"title", ""}, {"effects", {{{"set", variable}, {"to", false}}}}};
    plan["steps"].push_back({{"id", state}, {"template", state}});
    plan["free"][variable] = {{"why", "lasting"}, {"ends", false}};
    on.push_back({{"var", variable}});
  }
  plan["rules"].push_back({{"id", "some"}, {"kind", "always"}, {"formula", {"!=", on, 21}}});
  plan["limits"]["allow"] = {"act"};
  plan["digest"] = exm::plain::digest_of(plan);
  return plan.dump();
}

}  // namespace

TEST_CASE("exm-check: the plan of every example is valid") {
  int plans = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(EXM_SOURCE_DIR) / "examples")) {
    if (entry.path().extension() != ".exm") continue;
    INFO(entry.path());
    Folder folder;
    const std::string file = folder.file("plan.json");
    if (call_exm({"plan", entry.path(), "-o", file}).code == 3) continue;
    const Ran ran = call(EXM_CHECK, {file});
    INFO(ran.out << ran.err);
    CHECK(ran.code == 0);
    CHECK(has(ran.out, file + ": valid"));
    CHECK(has(ran.out, "clause 7: "));
    ++plans;
  }
  CHECK(plans > 15);
}

TEST_CASE("exm-check: of twenty boxes of which seven may be out, in any order") {
  Folder folder;
  const std::string file = folder.file("boxes.exm"), plan = folder.file("plan.json");
  write_text(file, R"(
kind box { state in : bool = true  state updated : bool = false }
rule enough { "Thirteen boxes are in" always count(b in box where b.in) >= 13 }
action take_out(b: box) { on b  effect b.in := false  takes 1m }
action update(b: box) { on b  requires not b.in  during b.updated := unknown  effect b.updated := true  takes 10m }
action put_in(b: box) { on b  requires b.updated  effect b.in := true  takes 1m }
each i in 1..20 { box "B${i}" {} }
maintenance m { "Update all" achieve forall b in box: b.updated }
)");
  REQUIRE(call_exm({"plan", file, "-o", plan}).code == 0);
  const std::string text = text_of(plan);
  CHECK(said(text) == "");
  exm::plain::Json changed = exm::plain::Json::parse(text);
  REQUIRE(changed["limits"]["slots"]["enough"] == 7);
  changed["limits"]["slots"]["enough"] = 8;
  changed["digest"] = exm::plain::digest_of(changed);
  CHECK(said(changed.dump()) != "");
}

TEST_CASE("exm-check: a plan made from where a run was left is valid, on and back") {
  Folder folder;
  const std::string plan = folder.file("plan.json"), journal = folder.file("run.exmrun");
  REQUIRE(call_exm({"plan", example, "-o", plan}).code == 0);
  REQUIRE(call_exm({"run", plan, "--journal", journal, "--yes", "--inject", "fail:1e"}).code == 4);
  for (const bool back : {false, true}) {
    const std::string anew = folder.file(back ? "back.json" : "on.json");
    Words words{"replan", journal, example, "--adapter", "sim", "-o", anew};
    if (back) words.push_back("--retreat");
    const Ran replanned = call_exm(words);
    INFO(replanned.err);
    REQUIRE(replanned.code == 0);
    const Ran ran = call(EXM_CHECK, {anew});
    INFO(ran.out);
    CHECK(ran.code == 0);
  }
}

TEST_CASE("exm-check: what is wrong is said with its clause, step, rule and state") {
  Folder folder;
  const std::string file = folder.file("plan.json");
  REQUIRE(call_exm({"plan", example, "-o", file}).code == 0);
  const std::string text = text_of(file);
  CHECK(said(text).empty());
  CHECK(said(with(text, "\"why\": \"achieved\"", "\"why\": \"lasting\"")) ==
        "clause 5: EX3.build ends as 14.1.323.1, not as 14.1.218.15, which \"lasting\" does not excuse\n"
        "digest: the plan has been changed since it was made\n");
  CHECK(has(said(text.substr(0, text.size() / 2)), "plan: "));
  CHECK(has(said(with(text, "\"achieve\"", "\"achieves\"")), "unknown key `achieves`"));
  CHECK(has(said(with(text, "\"maintenance\": ", "\"maintenance\": \"twice\", \"maintenance\": ")), "the key `maintenance` stands twice"));
  CHECK(has(said("[]"), "plan: "));
  CHECK(has(said(std::string(1'000, '[')), "nested"));
}

TEST_CASE("exm-check: no byte can be flipped, and nothing that is cut short is read past its end") {
  Folder folder;
  const std::string file = folder.file("plan.json");
  REQUIRE(call_exm({"plan", example, "-o", file}).code == 0);
  const std::string text = text_of(file);
  for (std::size_t at = 0; at < text.size(); at += 1'201) {
    std::string flipped = text;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 7));
    INFO("byte " << at);
    CHECK_FALSE(exm::plain::check(flipped).valid());
    CHECK_FALSE(exm::plain::check(text.substr(0, at)).valid());
  }
}

TEST_CASE("exm-check: exit codes") {
  Folder folder;
  const std::string file = folder.file("plan.json");
  REQUIRE(call_exm({"plan", example, "-o", file}).code == 0);
  write_text(folder.file("changed.json"), with(text_of(file), "\"achieve\"", "\"achieves\""));
  CHECK(call(EXM_CHECK, {folder.file("changed.json")}).code == 1);
  CHECK(call(EXM_CHECK, {folder.file("none.json")}).code == 7);
  write_text(folder.file("many.json"), without_order());
  CHECK(call_exm({"verify", folder.file("many.json")}).code == 0);
  const Ran many = call(EXM_CHECK, {folder.file("many.json")});
  CHECK(many.code == 6);
  CHECK(has(many.out, "clause 3: some is not known to hold in every state: it ended after "));
  CHECK(has(many.out, ": not known, a bound was reached\n"));
  CHECK(call(EXM_CHECK, {}).code == 2);
  CHECK(call(EXM_CHECK, {"--help"}).code == 2);
}
