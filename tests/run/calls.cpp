// Preloaded into a program: the nth call that changes a file is its last, or goes wrong. What a killed controller, a full
// disk and a dying disk do, at each boundary in turn. Entry point: EXM_CALLS, read once, is one of
//   die:N         killed right before call N           tear:N        half of what call N writes, then killed
//   full:N        from call N on the disk is full      sick:N        from call N on a sync reports an error
//   read-only:N   from call N on nothing may be written
// and EXM_CLOCK=SECONDS shows the wall clock that much later (earlier where it is negative).
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

enum class Fault { none, die, tear, full, sick, read_only };

struct Plan {
  Fault fault = Fault::none;
  long at = 0;
  long count = 0;
  long shift = 0;  // seconds
};

Plan read_plan() {
  Plan plan;
  if (const char* shift = std::getenv("EXM_CLOCK")) plan.shift = std::atol(shift);
  const char* text = std::getenv("EXM_CALLS");
  const char* colon = text == nullptr ? nullptr : std::strchr(text, ':');
  if (colon == nullptr) return plan;
  constexpr const char* words[] = {"", "die", "tear", "full", "sick", "read-only"};
  for (int i = 1; i < 6; ++i)
    if (std::strncmp(text, words[i], static_cast<std::size_t>(colon - text)) == 0 && std::strlen(words[i]) == static_cast<std::size_t>(colon - text))
      plan.fault = static_cast<Fault>(i);
  plan.at = std::atol(colon + 1);
  return plan;
}

Plan& plan() {
  static Plan one = read_plan();
  return one;
}

/// The program alone: what it starts is not disturbed.
__attribute__((constructor)) void keep_to_oneself() {
  (void)plan();
  constexpr std::array variables{"EXM_CALLS", "EXM_CLOCK", "LD_PRELOAD"};
  for (const char* variable : variables) unsetenv(variable);
}

template <class Function>
Function* real(const char* name) {
  return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

[[noreturn]] void die() {
  (void)kill(getpid(), SIGKILL);
  for (;;) pause();
}

/// What a terminal or a pipe is told is nothing that a disk keeps.
bool is_file(int descriptor) {
  struct stat about {};
  return descriptor > 2 && fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
}

/// Counts a call; 0 where it may be made, else the error that it ends with.
int next_call(bool is_sync, bool takes_room) {
  auto& p = plan();
  if (p.fault == Fault::none || ++p.count < p.at) return 0;
  switch (p.fault) {
    case Fault::die:
      if (p.count == p.at) die();
      return 0;
    case Fault::full: return takes_room ? ENOSPC : 0;
    case Fault::sick: return is_sync ? EIO : 0;
    case Fault::read_only: return EROFS;
    default: return 0;
  }
}

bool tears() { return plan().fault == Fault::tear && plan().count == plan().at; }

int refuse(int error) {
  errno = error;
  return -1;
}

ssize_t write_at(int descriptor, const void* bytes, size_t size, off_t offset) {
  static auto* const next = real<ssize_t(int, const void*, size_t, off_t)>("pwrite");
  if (!is_file(descriptor)) return next(descriptor, bytes, size, offset);
  if (const int error = next_call(false, true)) return refuse(error);
  if (!tears()) return next(descriptor, bytes, size, offset);
  (void)next(descriptor, bytes, size / 2, offset);
  die();
}

int sync(int descriptor, const char* name) {
  auto* const next = real<int(int)>(name);
  if (const int error = is_file(descriptor) ? next_call(true, false) : 0) return refuse(error);
  if (tears()) die();
  return next(descriptor);
}

int open_file(const char* name, const char* path, int flags, mode_t mode) {
  auto* const next = real<int(const char*, int, ...)>(name);
  struct stat about {};
  if ((flags & O_CREAT) != 0 && stat(path, &about) != 0) {
    if (const int error = next_call(false, true)) return refuse(error);
    if (tears()) die();
  }
  return next(path, flags, mode);
}

int cut(int descriptor, off_t size) {
  static auto* const next = real<int(int, off_t)>("ftruncate");
  if (const int error = next_call(false, false)) return refuse(error);
  if (tears()) die();
  return next(descriptor, size);
}

mode_t mode_of(int flags, va_list rest) { return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(rest, int)) : 0; }

}  // namespace

extern "C" {

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) { return write_at(descriptor, bytes, size, offset); }
ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) { return write_at(descriptor, bytes, size, offset); }

ssize_t write(int descriptor, const void* bytes, size_t size) {
  static auto* const next = real<ssize_t(int, const void*, size_t)>("write");
  if (!is_file(descriptor)) return next(descriptor, bytes, size);
  if (const int error = next_call(false, true)) return refuse(error);
  if (!tears()) return next(descriptor, bytes, size);
  (void)next(descriptor, bytes, size / 2);
  die();
}

int fsync(int descriptor) { return sync(descriptor, "fsync"); }
int fdatasync(int descriptor) { return sync(descriptor, "fdatasync"); }
int ftruncate(int descriptor, off_t size) noexcept { return cut(descriptor, size); }
int ftruncate64(int descriptor, off64_t size) noexcept { return cut(descriptor, size); }

int unlink(const char* path) noexcept {
  static auto* const next = real<int(const char*)>("unlink");
  if (const int error = next_call(false, false)) return refuse(error);
  if (tears()) die();
  return next(path);
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return open_file("open", path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = mode_of(flags, rest);
  va_end(rest);
  return open_file("open64", path, flags, mode);
}

int clock_gettime(clockid_t clock, struct timespec* time) noexcept {
  static auto* const next = real<int(clockid_t, struct timespec*)>("clock_gettime");
  const int code = next(clock, time);
  if (code == 0 && clock == CLOCK_REALTIME) time->tv_sec += plan().shift;
  return code;
}

}  // extern "C"
