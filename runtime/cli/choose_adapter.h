// What `--adapter`, `--adapter-option` and `--inject` say. Entry points: adapter_choice, injections_of.
#pragma once

#include <string>
#include <vector>

#include "runtime/adapter/adapters.h"

namespace exm {

/// Options as KEY=VALUE. Refused (usage) where there is no such adapter, it has no such option, or it has no misfortunes to inject.
Result<AdapterChoice> adapter_choice(const std::string& name, const std::vector<std::string>& options, const std::vector<std::string>& inject);

Result<std::vector<Injection>> injections_of(const std::vector<std::string>& texts);

}  // namespace exm
