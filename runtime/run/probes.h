// Where each state variable can be asked for: its probe and the host that the probe runs on. Entry point: Probes.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"

namespace exm {

struct Question {
  std::shared_ptr<const plan::Probe> probe;
  std::string host;     // an object's path, "controller", or empty
  std::string address;
};

class Probes {
 public:
  /// The plan outlives it. A step's own probe of a variable comes first; else that of another step will do.
  explicit Probes(const plan::Plan& plan);

  /// Nothing where no probe shows the variable.
  std::optional<Question> question(const std::string& variable, const plan::Template& shape) const;
  std::string address_of(const std::string& host) const;

 private:
  struct Place {
    int step;
    int probe;
  };
  Question ask(const plan::Probe& probe, const std::string& on) const;

  const plan::Plan& plan_;
  std::map<std::string, Place> places_;
};

}  // namespace exm
