#include "runtime/adapter/adapters.h"

namespace exm {

Result<Done> check_adapter_name(const std::string& name) {
  if (name == "sim") return Done{};
  return Failure{Failure::Kind::usage, "--adapter " + name + ": there is no such adapter; there is `sim` (a simulated world, the default)"};
}

Result<std::unique_ptr<Adapter>> make_adapter(const std::string& name, const plan::Plan& plan, World start, SimOptions sim) {
  if (auto known = check_adapter_name(name); !known) return known.error();
  return std::unique_ptr<Adapter>(std::make_unique<Sim>(plan, std::move(start), std::move(sim)));
}

}  // namespace exm
