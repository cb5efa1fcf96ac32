#include "compiler/cli/doc_command.h"

#include <fmt/format.h>

#include <iostream>

#include "compiler/cli/request.h"
#include "compiler/doc/describe.h"
#include "compiler/driver/load.h"
#include "runtime/cli/exit_codes.h"

namespace exm {

namespace {

std::vector<std::string> names_of(const Modules& modules) {
  std::vector<std::string> names;
  for (const auto& [name, module] : modules) names.push_back(name);
  return names;
}

/// The file or module as if some other file used it: so all that it knows is there too.
Loaded load_used(const std::string& use, const Modules& modules, Diagnostics& diagnostics) {
  const std::vector<std::string> paths{"-"};
  return load(paths, [&](const std::string& path) { return path == "-" ? Result<std::string>(use) : read_file(path); }, diagnostics, modules);
}

int print(const doc::Page& page, const std::string& format) {
  std::cout << (format == "html" ? to_html(page) : to_markdown(page));
  return exit_done;
}

}  // namespace

int doc_module(const DocArguments& arguments) {
  Modules modules = stdlib_modules();
  if (!arguments.modules.empty()) {
    auto read = modules_in(arguments.modules);
    if (!read) return exit_code_of(read.error(), "doc");
    modules = std::move(*read);
  }
  const bool file = arguments.module.ends_with(".exm");
  if (!arguments.module.empty() && !file && modules.find(arguments.module) == modules.end()) {
    const std::string near = nearest(arguments.module, names_of(modules));
    std::cerr << fmt::format("exm doc: there is no module `{}`{}\nthere are {}; a file is named by its path: `./{}.exm`\n", arguments.module,
                             near.empty() ? "" : "; did you mean `" + near + "`?", fmt::join(names_of(modules), ", "), arguments.module);
    return exit_usage;
  }
  if (file)
    if (const auto text = read_file(arguments.module); !text) return exit_code_of({text.error().kind, arguments.module + ": cannot be read: " + text.error().message}, "doc");
  std::string uses;
  if (arguments.module.empty())
    for (const auto& name : names_of(modules)) uses += "use " + name + "\n";
  else if (!file) uses = "use " + arguments.module + "\n";
  Diagnostics diagnostics;
  const std::vector<std::string> paths{arguments.module};
  const Loaded loaded = file ? load(paths, read_file, diagnostics, modules) : load_used(uses, modules, diagnostics);
  print_diagnostics(loaded.sources, diagnostics, "text");
  if (!diagnostics.ok()) return exit_refuted;

  std::vector<doc::Module> all;
  for (const auto& [name, module] : modules)
    for (const auto& read : loaded.files)
      if (loaded.sources[read.source].path == module.path) all.push_back({name, &read});
  if (arguments.module.empty()) return print(doc::describe_all(loaded.sources, all), arguments.format);
  for (const auto& module : all)
    if (module.name == arguments.module) return print(doc::describe(loaded.sources, all, module), arguments.format);
  return print(doc::describe(loaded.sources, all, {arguments.module, &loaded.files.front()}), arguments.format);
}

}  // namespace exm
