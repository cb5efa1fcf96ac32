#include "runtime/cli/input.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace exm {

Result<std::string> read_input(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) return Failure{Failure::Kind::environment, path + ": can't be read: it is a directory"};
  std::ifstream file(path, std::ios::binary);
  if (!file) return Failure{Failure::Kind::environment, path + ": can't be read: " + std::strerror(errno)};
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (file.bad()) return Failure{Failure::Kind::environment, path + ": can't be read: " + std::strerror(errno)};
  return text;
}

Result<LoadedPlan> load_plan(const std::string& path, DigestCheck digest) {
  auto text = read_input(path);
  if (!text) return text.error();
  auto loaded = plan_from_json(*text, digest);
  if (!loaded) return Failure{loaded.error().kind, path + ": " + loaded.error().message};
  return LoadedPlan{std::move(*loaded), std::move(*text)};
}

}  // namespace exm
