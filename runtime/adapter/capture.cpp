#include "runtime/adapter/capture.h"

#include <algorithm>

namespace exm {

void Capture::add(std::string_view bytes) {
  size_ += bytes.size();
  const auto room = std::min(bytes.size(), half_ - first_.size());
  first_ += bytes.substr(0, room);
  bytes.remove_prefix(room);
  if (bytes.size() > half_) bytes.remove_prefix(bytes.size() - half_);
  if (last_.size() + bytes.size() > half_) last_.erase(0, last_.size() + bytes.size() - half_);
  last_ += bytes;
}

std::string Capture::text() const {
  if (whole()) return first_ + last_;
  return first_ + "\n[" + std::to_string(missing()) + " bytes are left out here]\n" + last_;
}

}  // namespace exm
