// The lane for "the world said no": a value or a Failure. The names are those of std::expected.
#pragma once

#include <optional>
#include <string>
#include <utility>

namespace exm {

/// Why something outside the program did not work. The kind decides the exit code, the message is for a person.
struct Failure {
  enum class Kind {
    bad_input,    // a file is not what it should be (exit 1)
    usage,        // the command line (exit 2)
    drift,        // the world is not as the plan says (exit 5)
    bound,        // a bound was reached before an answer (exit 6)
    environment,  // file system, adapter, network (exit 7)
  };
  Kind kind = Kind::bad_input;
  std::string message;
};

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : value_(std::move(value)) {}              // NOLINT: implicit like std::expected
  Result(Failure failure) : failure_(std::move(failure)) {}  // NOLINT
  explicit operator bool() const { return value_.has_value(); }
  bool has_value() const { return value_.has_value(); }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return &*value_; }
  const T* operator->() const { return &*value_; }
  const Failure& error() const { return failure_; }

 private:
  std::optional<T> value_;
  Failure failure_;
};

}  // namespace exm
