#include "compiler/driver/load.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>

#include "compiler/parse/parse.h"

namespace exm {

namespace {
constexpr std::size_t most_files = 10'000;
constexpr std::size_t longest_file = 64u << 20;  // bytes

struct Wanted {
  std::string path;
  bool module = false;  // then the path is the module's
  std::string name;     // as it was written
  Span span;            // of the `use`; of nothing for a file named by the caller
  bool by_caller = false;
};

/// Relative to the file that uses it; `/` in it on every system.
std::string beside(const std::string& user, const std::string& path) {
  const std::filesystem::path given(path);
  const auto whole = given.is_absolute() || user == "-" ? given : std::filesystem::path(user).parent_path() / given;
  return whole.lexically_normal().generic_string();
}

class Loader {
 public:
  Loader(const FileReader& read, const Modules& modules, Diagnostics& diagnostics) : read_(read), modules_(modules), diagnostics_(diagnostics) {}

  Loaded load(std::span<const std::string> paths) {
    for (const std::string& path : paths) {
      const std::string normal = path == "-" ? path : std::filesystem::path(path).lexically_normal().generic_string();
      queue_.push_back({normal, false, path, {}, true});
    }
    for (std::size_t i = 0; i < queue_.size(); ++i) {
      const Wanted wanted = queue_[i];
      if (!seen_.emplace(wanted.path, wanted.span).second) continue;
      if (loaded_.files.size() >= most_files) {
        diagnostics_.report(wanted.span, diag::too_many, most_files, "files");
        break;
      }
      if (auto text = text_of(wanted)) take(wanted.path, std::move(*text));
    }
    return std::move(loaded_);
  }

 private:
  std::optional<std::string> text_of(const Wanted& wanted) {
    if (wanted.module) return module_text(wanted);
    auto text = read_(wanted.path);
    if (!text) {
      diagnostics_.report(place_of(wanted), diag::unreadable_file, wanted.name, text.error().message);
      return std::nullopt;
    }
    if (text->size() > longest_file) {
      diagnostics_.report(place_of(wanted), diag::source_too_big, text->size(), longest_file);
      return std::nullopt;
    }
    return std::move(*text);
  }

  std::optional<std::string> module_text(const Wanted& wanted) {
    if (const auto found = modules_.find(wanted.name); found != modules_.end()) return found->second.text;
    std::vector<std::string> names;
    for (const auto& [name, module] : modules_) names.push_back(name);
    auto& report = diagnostics_.report(wanted.span, diag::unknown_module, wanted.name);
    const std::string near = nearest(wanted.name, names);
    if (!near.empty()) report.hint("did you mean `" + near + "`?");
    else report.hint(fmt::format("there are {}; a file is used by its path: `use \"./{}.exm\"`", fmt::join(names, ", "), wanted.name));
    return std::nullopt;
  }

  std::string module_path(const std::string& name) const {
    const auto found = modules_.find(name);
    return found == modules_.end() ? "module " + name : found->second.path;
  }

  /// A file named by the caller stands in no other: its own, empty, is the place.
  Span place_of(const Wanted& wanted) {
    if (!wanted.by_caller) return wanted.span;
    return {loaded_.sources.add({wanted.path, ""}), 0, 0};
  }

  void take(const std::string& path, std::string text) {
    const std::uint32_t source = loaded_.sources.add({path, std::move(text)});
    loaded_.files.push_back(parse(loaded_.sources, source, diagnostics_));
    for (const ast::Declaration& declaration : loaded_.files.back().declarations) {
      const auto* use = std::get_if<ast::Use>(&declaration.what);
      if (use == nullptr) continue;
      const std::string wanted = use->is_file ? beside(path, use->path) : module_path(use->path);
      queue_.push_back({wanted, !use->is_file, use->path, use->path_span, false});
    }
  }

  const FileReader& read_;
  const Modules& modules_;
  Diagnostics& diagnostics_;
  Loaded loaded_;
  std::vector<Wanted> queue_;
  std::map<std::string, Span> seen_;
};
}  // namespace

Loaded load(std::span<const std::string> paths, const FileReader& read, Diagnostics& diagnostics, const Modules& modules) {
  return Loader(read, modules, diagnostics).load(paths);
}

Result<std::string> read_file(const std::string& path) {
  const auto failure = [] { return Failure{Failure::Kind::environment, std::strerror(errno)}; };
  const bool standard_input = path == "-";
  std::error_code ignored;
  if (!standard_input && std::filesystem::is_directory(path, ignored)) return Failure{Failure::Kind::environment, "it is a directory"};
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(standard_input ? nullptr : std::fopen(path.c_str(), "rb"), [](std::FILE* f) { return std::fclose(f); });
  if (!standard_input && !file) return failure();
  std::FILE* from = standard_input ? stdin : file.get();
  std::string text;
  char block[65536];
  while (const std::size_t n = std::fread(block, 1, sizeof block, from)) {
    text.append(block, n);
    if (text.size() > longest_file) break;
  }
  if (std::ferror(from) != 0) return failure();
  return text;
}

}  // namespace exm
