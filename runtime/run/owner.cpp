#include "runtime/run/owner.h"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace exm {

std::string owner_name() {
  const auto user = geteuid();
  const passwd* entry = getpwuid(user);
  std::array<char, 256> machine{};
  const bool known = gethostname(machine.data(), machine.size() - 1) == 0;
  return (entry != nullptr ? std::string(entry->pw_name) : "user " + std::to_string(user)) + "@" + (known ? machine.data() : "?");
}

}  // namespace exm
