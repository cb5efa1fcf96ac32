// Plans as files: canonical JSON (equal plans are equal bytes), read strictly.
#pragma once

#include <string>
#include <string_view>

#include "runtime/plan/plan.h"
#include "runtime/result.h"

namespace exm {

/// The file's text. The digest is made anew.
std::string to_json(const plan::Plan& plan);

/// "sha256:" and the SHA-256 of the compact form of the plan without its digest.
std::string digest_of(const plan::Plan& plan);

enum class DigestCheck { required, ignored };

/// Refuses what is not exactly a plan: unknown or missing keys, wrong types, paths that lead nowhere, circles, another digest.
/// The message says where ("steps[3].after[0]"), what was found and what was expected.
Result<plan::Plan> plan_from_json(std::string_view text, DigestCheck digest = DigestCheck::required);

}  // namespace exm
