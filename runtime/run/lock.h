// A lock that lives as long as the process that holds it: the next one takes over what a dead one left.
// Entry point: Lock::take.
#pragma once

#include <string>

#include "runtime/result.h"

namespace exm {

class Lock {
 public:
  enum class File { existing, create };

  /// Refused with `environment` where another process holds it; `whose` says what is locked, for the message.
  static Result<Lock> take(const std::string& path, File file, const std::string& whose);

  Lock() = default;
  Lock(Lock&& other) noexcept;
  Lock& operator=(Lock&& other) noexcept;
  ~Lock();

 private:
  explicit Lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_ = -1;
};

}  // namespace exm
