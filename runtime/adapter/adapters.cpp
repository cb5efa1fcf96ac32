#include "runtime/adapter/adapters.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "runtime/adapter/local.h"
#include "runtime/adapter/plugin.h"
#include "runtime/adapter/powershell.h"
#include "runtime/adapter/ssh.h"

namespace exm {
namespace {

/// An adapter by its name, and the options that it takes.
struct Known {
  std::string name;
  std::string is;
  std::vector<std::string> options;
};

const std::vector<Known>& known_adapters() {
  static const std::vector<Known> known{
      {"sim", "a simulated world, the default", {}},
      {"local", "this machine's shell", {"secrets", "grace", "processes"}},
      {"powershell", "PowerShell, with a session on each host", {"program", "authentication", "secrets", "grace"}},
      {"ssh", "each host's shell, by the system's OpenSSH client", {"config", "sessions", "secrets", "grace", "processes"}},
  };
  return known;
}

constexpr std::string_view plugin_name = "plugin:";

bool is_plugin(const std::string& name) { return name.rfind(plugin_name, 0) == 0 && name.find_first_not_of(' ', plugin_name.size()) != std::string::npos; }

Failure usage(const std::string& message) { return {Failure::Kind::usage, message}; }

std::string list_of_adapters() {
  std::string list;
  for (const auto& one : known_adapters()) list += (list.empty() ? "`" : ", `") + one.name + "` (" + one.is + ")";
  return list + " and `plugin:COMMAND` (a program of your own)";
}

const Known* find(const std::string& name) {
  const auto& all = known_adapters();
  const auto found = std::find_if(all.begin(), all.end(), [&](const Known& one) { return one.name == name; });
  return found == all.end() ? nullptr : &*found;
}

/// A whole number from 1 up; `otherwise` where the option is not given.
Result<int> number_option(const AdapterChoice& choice, const std::string& key, int otherwise) {
  const auto given = choice.options.find(key);
  if (given == choice.options.end()) return otherwise;
  int number = 0;
  const std::string& text = given->second;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 1 || number > 1'000'000)
    return usage("--adapter-option " + key + "=" + text + ": expected a whole number from 1 to 1000000");
  return number;
}

Result<ShellOptions> shell_options(const AdapterChoice& choice, const AdapterSetup& setup) {
  ShellOptions options;
  if (const auto secrets = choice.options.find("secrets"); secrets != choice.options.end()) options.secrets = secrets->second;
  const auto grace = number_option(choice, "grace", 10);
  const auto processes = number_option(choice, "processes", 0);
  if (!grace) return grace.error();
  if (!processes) return processes.error();
  options.grace = 1000 * static_cast<Milliseconds>(*grace);
  options.processes = *processes;
  options.begun = setup.begun;
  options.log = setup.log;
  return options;
}

Result<SshOptions> ssh_options(const AdapterChoice& choice) {
  SshOptions options;
  if (const auto config = choice.options.find("config"); config != choice.options.end()) options.config = config->second;
  const auto sessions = number_option(choice, "sessions", options.sessions);
  if (!sessions) return sessions.error();
  options.sessions = *sessions;
  return options;
}

PowerShellOptions powershell_options(const AdapterChoice& choice, const ShellOptions& shell) {
  PowerShellOptions options;
  if (const auto program = choice.options.find("program"); program != choice.options.end()) options.program = program->second;
  if (const auto how = choice.options.find("authentication"); how != choice.options.end()) options.authentication = how->second;
  options.secrets = shell.secrets;
  options.begun = shell.begun;
  options.grace = shell.grace;
  options.log = shell.log;
  return options;
}

}  // namespace

Result<Done> check_adapter(const AdapterChoice& choice) {
  if (is_plugin(choice.name)) return Done{};  // it knows its options itself
  const Known* const known = find(choice.name);
  if (known == nullptr) return usage("--adapter " + choice.name + ": there is no such adapter; there is " + list_of_adapters());
  for (const auto& [key, value] : choice.options) {
    if (std::find(known->options.begin(), known->options.end(), key) != known->options.end()) continue;
    std::string has;
    for (const auto& option : known->options) has += (has.empty() ? "" : ", ") + option;
    return usage("--adapter-option " + key + ": adapter `" + choice.name + "` has no such option; it has " + (has.empty() ? "none" : has));
  }
  if (auto read = shell_options(choice, {}); !read) return read.error();
  if (auto read = ssh_options(choice); !read) return read.error();
  return Done{};
}

Result<std::unique_ptr<Adapter>> make_adapter(const AdapterChoice& choice, const plan::Plan& plan, AdapterSetup setup) {
  if (auto known = check_adapter(choice); !known) return known.error();
  if (choice.name == "sim") return std::unique_ptr<Adapter>(std::make_unique<Sim>(plan, std::move(setup.start), std::move(setup.sim)));
  if (is_plugin(choice.name)) {
    PluginOptions plugin;
    plugin.command = choice.name.substr(plugin_name.size());
    plugin.options = choice.options;
    plugin.log = setup.log;
    return std::unique_ptr<Adapter>(std::make_unique<Plugin>(plan, std::move(plugin)));
  }
  auto options = shell_options(choice, setup);
  if (!options) return options.error();
  if (choice.name == "local") return std::unique_ptr<Adapter>(std::make_unique<Local>(plan, std::move(*options)));
  if (choice.name == "powershell") return std::unique_ptr<Adapter>(std::make_unique<PowerShell>(plan, powershell_options(choice, *options)));
  auto ssh = ssh_options(choice);
  if (!ssh) return ssh.error();
  return std::unique_ptr<Adapter>(std::make_unique<Ssh>(plan, std::move(*options), std::move(*ssh)));
}

}  // namespace exm
