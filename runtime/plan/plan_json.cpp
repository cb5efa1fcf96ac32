#include "runtime/plan/plan_json.h"

#include <fmt/format.h>

#include "runtime/plan/check_plan.h"
#include "runtime/plan/parse_json.h"
#include "runtime/plan/read_json.h"
#include "runtime/plan/sha256.h"
#include "runtime/plan/write_json.h"

namespace exm {

using plan::Json;
using plan::Reading;

namespace {

constexpr std::size_t most_bytes = 512u << 20;

std::string digest_of(const Json& json) {
  Json without = json;
  without.erase("digest");
  return "sha256:" + sha256_hex(plan::compact(without));
}

}  // namespace

std::string to_json(const plan::Plan& plan) {
  Json json = plan::write(plan);
  json["digest"] = digest_of(json);
  return plan::canonical(json);
}

std::string digest_of(const plan::Plan& plan) { return digest_of(plan::write(plan)); }

Result<plan::Plan> plan_from_json(std::string_view text, DigestCheck digest) {
  Reading reading;
  const auto bad = [&] { return Failure{Failure::Kind::bad_input, "not a plan: " + reading.error()}; };
  if (text.size() > most_bytes) reading.fail("", fmt::format("it has {} bytes; at most {} are read", text.size(), most_bytes));
  if (!reading.ok()) return bad();
  const auto json = plan::parse_json(text, reading);
  if (!json) return bad();
  plan::Plan plan = plan::read_plan(*json, reading);
  if (reading.ok() && digest == DigestCheck::required && plan.digest != digest_of(*json))
    reading.fail("digest", "the plan has been changed since it was made: its digest is " + digest_of(*json) + ", the file says " + plan.digest);
  if (reading.ok()) plan::check_plan(plan, reading);
  if (!reading.ok()) return bad();
  return plan;
}

}  // namespace exm
