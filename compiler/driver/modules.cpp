#include <algorithm>
#include <filesystem>

#include "compiler/driver/load.h"
#include "compiler/driver/stdlib.h"

namespace exm {

namespace fs = std::filesystem;

Result<Modules> modules_in(const std::string& folder) {
  std::error_code failed;
  fs::recursive_directory_iterator entry(folder, failed);
  if (failed) return Failure{Failure::Kind::environment, folder + ": " + failed.message()};
  Modules modules = stdlib_modules();
  for (; entry != fs::recursive_directory_iterator(); entry.increment(failed)) {
    if (failed) return Failure{Failure::Kind::environment, folder + ": " + failed.message()};
    if (entry->path().extension() != ".exm" || !entry->is_regular_file(failed)) continue;
    auto text = read_file(entry->path().string());
    if (!text) return Failure{text.error().kind, entry->path().generic_string() + ": " + text.error().message};
    std::string name = entry->path().lexically_relative(folder).replace_extension().generic_string();
    std::replace(name.begin(), name.end(), '/', '.');
    modules.insert_or_assign(std::move(name), Module{entry->path().lexically_normal().generic_string(), std::move(*text)});
  }
  return modules;
}

std::string module_declaring(const Modules& modules, std::string_view kind) {
  for (const std::string_view word : {"kind ", "enum "}) {
    const std::string line = "\n" + std::string(word) + std::string(kind);
    for (const auto& [name, module] : modules) {
      const std::size_t at = module.text.find(line);
      if (at == std::string::npos || at + line.size() >= module.text.size()) continue;
      const char next = module.text[at + line.size()];
      if (next == ' ' || next == '\n' || next == '{') return name;
    }
  }
  return "";
}

}  // namespace exm
