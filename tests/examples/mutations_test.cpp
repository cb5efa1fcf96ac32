// The real plan made wrong in every way that a hand or a bug would: each is refused, with the step or the rule, or what is
// left is valid by brute force.
#include <catch2/catch.hpp>

#include <algorithm>
#include <set>
#include <cstdlib>

#include "runtime/plan/plan_json.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/verify.h"
#include "tests/cli/program.h"
#include "tests/examples/reduce.h"
#include "tests/properties/mutate.h"
#include "tests/properties/verify_naive.h"

using namespace exm;

namespace {

std::string plan_text() { return cli::text_of(EXM_SOURCE_DIR "/examples/cas-array/plan.json"); }

plan::Plan cas_array() {
  auto plan = plan_from_json(plan_text());
  REQUIRE(plan);
  return *plan;
}

/// The services that a mutation is about, where it is about one; else one that stands for all.
std::set<std::string> services_for(const naive::Mutation& mutation, const std::set<std::string>& all) {
  std::set<std::string> named;
  for (const std::string& name : all)
    if (cli::has(mutation.what, "services." + name + ".")) named.insert(name);
  return named.size() == 1 ? named : std::set<std::string>{"MSExchangeIMAP4"};
}

/// A refusal says at which step or rule; of a wish or of what is not restored, the step that is missing can't be named.
bool names_place(const Verdict& verdict) {
  return std::all_of(verdict.findings.begin(), verdict.findings.end(), [](const Finding& finding) {
    return finding.clause == "4" || finding.clause == "5" || !finding.step.empty() || !finding.rule.empty();
  });
}

bool says(const Verdict& verdict, std::string_view code) {
  return std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const Finding& finding) { return finding.code == code; });
}

bool only_fallbacks(const Verdict& verdict) {
  return !verdict.valid && std::all_of(verdict.findings.begin(), verdict.findings.end(), [](const Finding& f) { return f.code == "EXM0573"; });
}

/// What is mutated here are the steps and what they are held against; ways back have mutations of their own, on a plan
/// that brute force need not reduce.
plan::Plan without_ways_back(plan::Plan plan) {
  plan.retreats.clear();
  for (plan::Step& step : plan.steps) step.retreat.clear();
  std::set<std::string> actions;
  for (const auto& [name, shape] : plan.templates) actions.insert(shape.action);
  plan.limits.allow.assign(actions.begin(), actions.end());
  return plan;
}

}  // namespace

TEST_CASE("mutations of the real plan are refused, or brute force shows that what is left is valid") {
  const plan::Plan plan = without_ways_back(cas_array());
  const auto services = cli::services_of(plan);
  CHECK(services.size() == 15);
  int refused = 0, harmless = 0;
  for (const naive::Mutation& mutation : naive::mutations(plan)) {
    const Verdict verdict = verify(mutation.plan);
    const naive::Judgement judgement = naive::judge(cli::reduced(mutation.plan, services_for(mutation, services)), 100'000);
    INFO(mutation.what << "\n" << verdict_text(verdict, mutation.plan, "plan") << "brute force: " << judgement.why);
    CHECK_FALSE(verdict.bound_reached);
    CHECK_FALSE(judgement.gave_up);
    // Brute force knows nothing of fallbacks: a refusal that speaks of nothing else is the checker's own.
    if (!only_fallbacks(verdict)) CHECK(verdict.valid == judgement.valid);
    CHECK(names_place(verdict));
    ++(verdict.valid ? harmless : refused);
  }
  CHECK(refused > 200);
  CHECK(harmless < refused);
}

TEST_CASE("mutations of the real plan are refused by the digest as they stand") {
  const plan::Plan plan = cas_array();
  const std::string digest = plan.digest;
  for (naive::Mutation& mutation : naive::mutations(plan)) {
    INFO(mutation.what);
    if (digest_of(mutation.plan) == digest) continue;  // it changed nothing
    mutation.plan.digest = digest;
    CHECK(says(verify(mutation.plan), "EXM0501"));
  }
}

TEST_CASE("both hosts out at once is refused with the rule and the shortest way there") {
  for (const naive::Mutation& mutation : naive::mutations(cas_array())) {
    if (mutation.what != "edges between hosts removed") continue;
    const Verdict verdict = verify(mutation.plan);
    CHECK_FALSE(verdict.valid);
    const auto found = std::find_if(verdict.findings.begin(), verdict.findings.end(), [](const Finding& f) { return f.rule == "enough_hosts_serve"; });
    REQUIRE(found != verdict.findings.end());
    CHECK(found->clause == "3");
    CHECK(found->shortest);
    CHECK_FALSE(naive::replay(mutation.plan, found->trace, found->rule).has_value());
  }
}

TEST_CASE("one byte flipped is refused, wherever it is") {
  // EXM_EVERY_BYTE=1 takes them all: some minutes.
  const std::size_t stride = std::getenv("EXM_EVERY_BYTE") != nullptr ? 1 : 37;
  const std::string text = plan_text();
  for (std::size_t at = 0; at < text.size(); at += stride) {
    std::string flipped = text;
    flipped[at] = static_cast<char>(flipped[at] ^ (1 << at % 7));
    if (plan_from_json(flipped)) FAIL_CHECK("byte " << at);
  }
}
