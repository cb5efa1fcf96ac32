#include "runtime/adapter/adapters.h"

namespace exm {

Result<Done> check_adapter(const AdapterChoice& choice) {
  if (choice.name != "sim")
    return Failure{Failure::Kind::usage, "--adapter " + choice.name + ": there is no such adapter; there is `sim` (a simulated world, the default)"};
  if (!choice.options.empty())
    return Failure{Failure::Kind::usage, "--adapter-option " + choice.options.begin()->first + ": adapter `sim` has no options"};
  return Done{};
}

Result<std::unique_ptr<Adapter>> make_adapter(const AdapterChoice& choice, const plan::Plan& plan, AdapterSetup setup) {
  if (auto known = check_adapter(choice); !known) return known.error();
  return std::unique_ptr<Adapter>(std::make_unique<Sim>(plan, std::move(setup.start), std::move(setup.sim)));
}

}  // namespace exm
