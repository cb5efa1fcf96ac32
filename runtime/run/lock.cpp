#include "runtime/run/lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace exm {

Result<Lock> Lock::take(const std::string& path, File file, const std::string& whose) {
  const int flags = O_RDWR | O_CLOEXEC | (file == File::create ? O_CREAT : 0);
  const int descriptor = open(path.c_str(), flags, 0644);
  if (descriptor < 0)
    return Failure{Failure::Kind::environment, path + ": can't be opened for writing: " + std::strerror(errno)};
  Lock lock(descriptor);
  if (flock(descriptor, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK)
    return Failure{Failure::Kind::environment,
                   path + ": " + whose + " is in use by a program that still runs; wait for it to end, or stop it"};
  return Failure{Failure::Kind::environment, path + ": can't be locked: " + std::strerror(errno)};
}

Lock::Lock(Lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

Lock& Lock::operator=(Lock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

Lock::~Lock() {
  if (descriptor_ >= 0) close(descriptor_);
}

}  // namespace exm
