#include "compiler/cli/request.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "compiler/base/render.h"
#include "compiler/driver/stdlib.h"
#include "runtime/cli/exit_codes.h"

namespace exm {

namespace {

/// A value of a state file as the language would write it: text, a number, true, {"version": "1.2"}, ["set", "a", "b"], ["unknown"].
std::string value_text(const nlohmann::json& json) {
  if (json.is_array() && !json.empty() && json[0] == "set") {
    std::string elements;
    for (std::size_t i = 1; i < json.size(); ++i) elements += (i > 1 ? ", " : "") + value_text(json[i]);
    return elements;
  }
  if (json.is_string()) return json.get<std::string>();
  if (json.is_boolean() || json.is_number_integer()) return json.dump();
  if (json.is_array() && json.size() == 1 && json[0].is_string()) return json[0].get<std::string>();
  if (json.is_object() && json.size() == 1) {
    const auto& inner = json.begin().value();
    if (json.begin().key() == "duration" && inner.is_number_integer()) return inner.dump() + "s";
    return inner.is_string() ? inner.get<std::string>() : inner.dump();
  }
  return json.dump();
}

/// A file that the command names must be there. (One that a file `use`s and that is not there is a mistake in that file.)
Result<bool> check_readable(const std::string& path) {
  if (path == "-") return true;
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return Failure{Failure::Kind::environment, path + ": cannot be read: it is a directory"};
  const std::ifstream file(path, std::ios::binary);
  if (!file) return Failure{Failure::Kind::environment, path + ": cannot be read: " + std::strerror(errno)};
  return true;
}

}  // namespace

Result<std::map<std::string, std::string>> state_from_json(std::string_view text) {
  const auto bad = [](const std::string& why) { return Failure{Failure::Kind::bad_input, "not a state file: " + why}; };
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object()) return bad("this is not a JSON map (or it is cut short)");
  if (json.value("format", nlohmann::json()) != "exm-state/1") return bad("`format` is not \"exm-state/1\"");
  for (const auto& [key, value] : json.items())
    if (key != "format" && key != "observed" && key != "values") return bad("unknown key `" + key + "`");
  if (!json.contains("values") || !json["values"].is_object()) return bad("`values` is missing, or no map");
  std::map<std::string, std::string> out;
  for (const auto& [path, value] : json["values"].items()) out[path] = value_text(value);
  return out;
}

Result<CompileRequest> make_request(const RequestArguments& arguments) {
  CompileRequest request;
  request.files = arguments.files;
  request.maintenance = arguments.maintenance;
  if (!arguments.modules.empty()) {
    auto modules = modules_in(arguments.modules);
    if (!modules) return modules.error();
    request.modules = std::move(*modules);
  }
  request.settings.module_of = [modules = request.modules](std::string_view kind) { return module_declaring(modules, kind); };
  if (arguments.search_states > 0) request.limits.search_states = arguments.search_states;
  if (arguments.prove) request.limits.proof_states = request.limits.search_states;
  for (const auto& setting : arguments.set) {
    const auto equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
      return Failure{Failure::Kind::usage, "--set wants NAME=VALUE, found `" + setting + "`"};
    if (!request.settings.params.emplace(setting.substr(0, equals), setting.substr(equals + 1)).second)
      return Failure{Failure::Kind::usage, "--set gives `" + setting.substr(0, equals) + "` twice"};
  }
  for (const auto& file : arguments.files)
    if (const auto there = check_readable(file); !there) return there.error();
  if (arguments.state.empty()) return request;
  const auto text = read_file(arguments.state);
  if (!text) return Failure{text.error().kind, arguments.state + ": " + text.error().message};
  auto state = state_from_json(*text);
  if (!state) return Failure{state.error().kind, arguments.state + ": " + state.error().message};
  request.settings.state = std::move(*state);
  return request;
}

void print_diagnostics(const Sources& sources, Diagnostics& diagnostics, const std::string& format) {
  diagnostics.sort();
  if (format == "json") {
    std::cout << render_json(sources, diagnostics);
  } else if (format == "sarif") {
    std::cout << render_sarif(sources, diagnostics);
  } else if (format == "github") {
    std::cout << render_github(sources, diagnostics);
  } else {
    const bool colour = isatty(STDERR_FILENO) != 0 && std::getenv("NO_COLOR") == nullptr;
    std::cerr << render_text(sources, diagnostics, colour ? Colour::on : Colour::off);
  }
}

int exit_code_of(const Failure& failure, const char* what) {
  std::cerr << "exm " << what << ": " << failure.message << "\n";
  return exit_code_of(failure);
}

}  // namespace exm
