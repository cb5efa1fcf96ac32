// Who signed a plan: `ssh-keygen -Y sign -n exm-plan` made the signature, and ssh-keygen says whether it is that of a key that may sign.
// Entry point: check_signature.
#pragma once

#include <string>
#include <string_view>

#include "runtime/result.h"

namespace exm {

/// Where a signature is, and what it is to be held against.
struct SignatureCheck {
  std::string plan;       // the plan's name, for messages
  std::string name;       // that of the signature file, for messages
  std::string signature;  // its text
  std::string allowed;    // the path of a file of allowed signers, as ssh-keygen knows it
};

struct Signer {
  std::string name;  // by which the allowed signers know the key
  std::string key;   // its type and fingerprint
};

/// With these words a record of a journal tells who signed the plan.
inline constexpr std::string_view signed_words = "the plan is signed by ";

/// The signer of exactly these bytes. A failure says what is not right: no signature of these bytes, a key that may not sign, one that has
/// expired, no ssh-keygen.
Result<Signer> check_signature(const std::string& bytes, const SignatureCheck& check);

}  // namespace exm
