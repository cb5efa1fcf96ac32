#include "runtime/cli/choose_adapter.h"

namespace exm {

Result<AdapterChoice> adapter_choice(const std::string& name, const std::vector<std::string>& options, const std::vector<std::string>& inject) {
  AdapterChoice choice{name, {}};
  for (const auto& text : options) {
    const auto equals = text.find('=');
    if (equals == 0 || equals == std::string::npos)
      return Failure{Failure::Kind::usage, "--adapter-option " + text + ": expected KEY=VALUE"};
    if (!choice.options.emplace(text.substr(0, equals), text.substr(equals + 1)).second)
      return Failure{Failure::Kind::usage, "--adapter-option " + text.substr(0, equals) + ": it is given twice"};
  }
  if (auto known = check_adapter(choice); !known) return known.error();
  if (choice.name != "sim" && !inject.empty())
    return Failure{Failure::Kind::usage, "--inject " + inject.front() + ": only the simulator has misfortunes; `" + choice.name + "` acts on real hosts"};
  return choice;
}

Result<std::vector<Injection>> injections_of(const std::vector<std::string>& texts) {
  std::vector<Injection> list;
  for (const auto& text : texts) {
    auto injection = parse_injection(text);
    if (!injection) return injection.error();
    list.push_back(std::move(*injection));
  }
  return list;
}

}  // namespace exm
