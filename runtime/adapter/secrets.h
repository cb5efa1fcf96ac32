// Secrets by name, from a folder with a file for each: what systemd hands to a service, and what anybody can lay out.
// They go into finished commands and nowhere else. Entry point: Secrets.
#pragma once

#include <map>
#include <string>

#include "runtime/plan/plan.h"
#include "runtime/result.h"

namespace exm {

class Secrets {
 public:
  /// Empty: the folder that $CREDENTIALS_DIRECTORY names, if any.
  explicit Secrets(std::string folder);

  /// The file's text without the line end at its end. Refused (environment) where the file is not there, or open to others.
  Result<std::string> fetch(const std::string& name);
  /// Text in which no secret that was fetched stands.
  std::string without(std::string text) const;

 private:
  std::string folder_;
  std::map<std::string, std::string> fetched_;
};

}  // namespace exm
