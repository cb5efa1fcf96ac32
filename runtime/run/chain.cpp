#include "runtime/run/chain.h"

#include "runtime/plan/sha256.h"

namespace exm {

std::string chained(std::string_view before, std::string_view entry) {
  std::string text(before);
  text += '\n';
  text += entry;
  return "sha256:" + sha256_hex(text);
}

}  // namespace exm
