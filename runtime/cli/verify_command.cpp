#include "runtime/cli/verify_command.h"

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "runtime/adapter/value_text.h"
#include "runtime/cli/exit_codes.h"
#include "runtime/cli/input.h"
#include "runtime/plan/paths.h"
#include "runtime/verify/verdict_json.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"

namespace exm {
namespace {

/// The plan's start with what was observed in place of what it assumes.
Result<World> observed_start(const plan::Plan& plan, const std::string& path) {
  auto text = read_input(path);
  if (!text) return text.error();
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || json.value("format", nlohmann::json()) != "exm-state/1" || !json.contains("values") ||
      !json["values"].is_object())
    return Failure{Failure::Kind::bad_input, path + ": expected {\"format\": \"exm-state/1\", \"values\": {…}}"};
  World world = plan::start_world(plan);
  for (const auto& [variable, value] : json["values"].items()) {
    const auto type = type_of(plan, variable);
    if (!type) return Failure{Failure::Kind::bad_input, path + ": the plan has no state `" + variable + "`"};
    auto read = value_from_json(value.dump());
    if (read && value.is_string()) read = read_value(value.get<std::string>(), *type);
    if (!read) return Failure{Failure::Kind::bad_input, path + ": " + value.dump() + " is no value of `" + variable + "`"};
    world[variable] = *std::move(read);
  }
  return world;
}

int worse(int a, int b) {
  // A bound is no answer at all, so it goes before a refusal; a broken file goes before both.
  const auto rank = [](int code) { return code == exit_environment ? 3 : code == exit_bound ? 2 : code == exit_done ? 0 : 1; };
  return rank(b) > rank(a) ? b : a;
}

int verify_one(const std::string& file, const VerifyArguments& arguments, const RuntimeHooks& hooks) {
  auto loaded = load_plan(file, DigestCheck::ignored);
  if (!loaded) {
    std::cerr << loaded.error().message << "\n";
    return exit_code_of(loaded.error());
  }
  const auto& plan = loaded->plan;
  Verdict verdict = verify(plan);
  if (!arguments.state.empty()) {
    auto world = observed_start(plan, arguments.state);
    if (!world) {
      std::cerr << world.error().message << "\n";
      return exit_code_of(world.error());
    }
    Verdict from_there = verify(plan, *world, {});
    for (auto& finding : verdict.findings)
      if (finding.clause == "digest") from_there.findings.insert(from_there.findings.begin(), finding), from_there.valid = false;
    verdict = std::move(from_there);
  }
  if (!arguments.against.empty()) {
    auto reasons = hooks.against(plan, arguments.against, arguments.modules);
    if (!reasons) {
      std::cerr << reasons.error().message << "\n";
      return exit_code_of(reasons.error());
    }
    for (auto& reason : *reasons) {
      verdict.findings.push_back({"EXM0580", "sources", {}, {}, std::move(reason), {}});
      verdict.valid = false;
    }
  }
  if (arguments.format == "text")
    std::cout << verdict_text(verdict, plan, file);
  else
    std::cout << verdict_report(verdict, file, *report_format(arguments.format));
  if (verdict.valid) return exit_done;
  return verdict.bound_reached ? exit_bound : exit_refuted;
}

}  // namespace

int verify_plans(const VerifyArguments& arguments, const RuntimeHooks& hooks) {
  int code = exit_done;
  for (const auto& file : arguments.plans) code = worse(code, verify_one(file, arguments, hooks));
  return code;
}

}  // namespace exm
