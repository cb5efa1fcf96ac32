// What a program says, kept up to a bound: its beginning and its end. Entry point: Capture.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace exm {

class Capture {
 public:
  /// At most `bound` bytes are kept, half of them from the beginning.
  explicit Capture(std::size_t bound = 64 * 1024) : half_(bound / 2) {}

  void add(std::string_view bytes);
  /// What was kept, with a line between its halves that tells how much is missing.
  std::string text() const;
  bool whole() const { return missing() == 0; }
  std::size_t size() const { return size_; }

 private:
  std::size_t missing() const { return size_ - first_.size() - last_.size(); }

  std::size_t half_;
  std::size_t size_ = 0;  // of all that was said
  std::string first_, last_;
};

}  // namespace exm
