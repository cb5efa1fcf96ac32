// Whatever a plan says arrives as it is: texts of commands, values, names and what a probe shows, through YAML, Jinja and the shell.
#include <catch2/catch.hpp>
#include <random>

#include "runtime/plan/plan_json.h"
#include "tests/ansible/ground.h"

using namespace exm;
using namespace exm::cli;

namespace {

const std::vector<std::string> hostile{
    "{{ 1 / 0 }}", "{% raw %}", "{% endraw %}{{", "}}", "{#", "#}", "!unsafe x", "!vault |", "- a: b", "key: value # no comment", "'", "\"", "\\", "\\n",
    "[1, 2]", "{'a': 1}", "yes", "null", "~", "0x1F", "1e3", "=", "@", "`id`", "$(id)", "${HOME}", "$$", "; true", "|", ">", "&a", "*a", "%d", "\xC3\xA9",
    "\xE2\x80\xA8", "\xEF\xBB\xBF", "\xC2\x85", "\xE2\x80\xAE", "\xF0\x9F\x98\x80", "\t", "creates=/tmp", "chdir=/", "_raw_params=x", "(?i)", ".*", "^$", "\\Z", "a b"};

std::string scribble(std::mt19937& random) {
  std::string text;
  const int parts = 1 + static_cast<int>(random() % 5);
  for (int i = 0; i < parts; ++i) text += hostile[random() % hostile.size()] + (random() % 3 == 0 ? " " : random() % 5 == 0 ? "\n" : "");
  while (!text.empty() && (text.back() == ' ' || text.back() == '\n' || text.back() == '\t')) text.pop_back();
  return "x" + text;
}

/// One step that writes each value into a file, and states that are those texts.
plan::Plan scribbles(const std::string& folder, const std::vector<std::string>& texts) {
  using plan::Piece;
  plan::Plan plan;
  plan.maintenance = "scribbles";
  plan.title = "Scribbles {{ 1 / 0 }}";
  plan.objects["h: {{ x }}"].kind = "box";
  plan.hosts["h: {{ x }}"].address = "h1";
  plan.sources.push_back({"scribbles.exm", std::string(64, '0')});
  auto& shape = plan.templates["write"];
  shape.action = "write";
  shape.title = "Write {{ 1 / 0 }} {% if %} \"' $0";
  shape.on = "$0";
  shape.takes = 1;
  plan::Text command;
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const std::string state = "s" + std::to_string(i), file = folder + "/out-" + std::to_string(i);
    if (i % 8 == 0) {
      auto& declared = plan.kinds["box"].states[state];
      declared.type.kind = plan::Type::Kind::text;
      declared.default_value = plan::text("nothing");
      declared.lasting = true;
      shape.effects.assignments.push_back({"$0." + state, {plan::Operator::constant, plan::text(texts[i]), {}, 0, {}}, {}});
      plan.free["h: {{ x }}." + state] = {plan::Free::Why::lasting, plan::text(texts[i])};
      shape.probes.push_back({"$0." + state, "shell", {{{Piece::Kind::text, "cat " + file + " 2> /dev/null || echo nothing", {}, 0}}, {}}, {}, 1});
    }
    command.push_back({Piece::Kind::text, "printf %s ", {}, 0});
    command.push_back({Piece::Kind::value, {}, plan::text(texts[i]), 0});
    command.push_back({Piece::Kind::text, " > " + file + (i % 2 == 0 ? "\n" : "; : '{{ 1 / 0 }}{% raw %}'\n  "), {}, 0});
  }
  shape.run["shell"] = {command, {}};
  plan.steps.push_back({"1", "write", {"h: {{ x }}"}, {}, {}, {}, {}, "why: {{ 1 / 0 }}", {}});
  plan.limits.allow = {"write"};
  plan.notices = {"notice {{ 1 / 0 }}", "# - a: b"};
  return plan;
}

}  // namespace

TEST_CASE("ansible: whatever stands in a plan arrives as it is") {
  if (!ansible_is_there()) return;
  std::mt19937 random(20261201);
  std::vector<std::string> texts = hostile;
  for (auto& text : texts) text = "x" + text + "x";
  while (texts.size() < 150) texts.push_back(scribble(random));
  const exm::test::Folder folder;
  const plan::Plan plan = scribbles(folder.path, texts);
  write_text(folder.file("plan.json"), to_json(plan));
  const Ran playbook = call_exm({"show", folder.file("plan.json"), "--format", "ansible"});
  INFO(playbook.err);
  REQUIRE(playbook.code == 0);
  write_text(folder.file("plan.yml"), playbook.out);
  write_text(folder.file("inventory.yml"), call_exm({"show", folder.file("plan.json"), "--format", "ansible-inventory"}).out);
  const Ran ran = play(folder.path, {}, exm::test::Sshd::shared());
  INFO(ran.out << ran.err);
  REQUIRE(ran.code == 0);
  for (std::size_t i = 0; i < texts.size(); ++i) CHECK(text_of(folder.file("out-" + std::to_string(i))) == texts[i]);
  CHECK(has(ran.out, "Write {{ 1 / 0 }}"));
  // What is so already is seen to be, whatever it is: nothing is done again.
  const Ran again = play(folder.path, {}, exm::test::Sshd::shared());
  INFO(again.out << again.err);
  CHECK(again.code == 0);
  CHECK(has(again.out, "changed=0"));
}
