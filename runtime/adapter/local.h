// `local`: every command runs in this machine's shell, whatever host it is for. Entry point: Local.
#pragma once

#include <string>

#include "runtime/adapter/shell_adapter.h"

namespace exm {

class Local final : public ShellAdapter {
 public:
  using ShellAdapter::ShellAdapter;
  std::string name() const override { return "local"; }
};

}  // namespace exm
