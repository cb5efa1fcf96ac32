// Loading, from a disk that is a map.
#include <catch2/catch.hpp>
#include <map>

#include "compiler/driver/load.h"
#include "compiler/driver/stdlib.h"

namespace {

using namespace exm;

struct Disk {
  std::map<std::string, std::string> files;
  std::map<std::string, int> reads;

  FileReader reader() {
    return [this](const std::string& path) -> Result<std::string> {
      ++reads[path];
      const auto found = files.find(path);
      if (found == files.end()) return Failure{Failure::Kind::environment, "no such file"};
      return found->second;
    };
  }
};

std::vector<std::string> paths_of(const Loaded& loaded) {
  std::vector<std::string> paths;
  for (const ast::File& file : loaded.files) paths.push_back(loaded.sources[file.source].path);
  return paths;
}

TEST_CASE("each file is read once, relative to the one that uses it") {
  Disk disk;
  disk.files["env/main.exm"] = "use \"./site/hq.exm\"\nuse \"../lab.exm\"\nuse nlb\n";
  disk.files["env/site/hq.exm"] = "use \"../../lab.exm\"\nuse windows\n";
  disk.files["lab.exm"] = "use \"env/main.exm\"\n";
  Diagnostics diagnostics;
  const std::vector<std::string> paths = {"env/main.exm", "./env/main.exm"};
  const Loaded loaded = load(paths, disk.reader(), diagnostics);
  CHECK(diagnostics.ok());
  CHECK(paths_of(loaded) == std::vector<std::string>{"env/main.exm", "env/site/hq.exm", "lab.exm", "stdlib/nlb.exm", "stdlib/windows.exm"});
  for (const auto& [path, n] : disk.reads) CHECK(n == 1);
}

TEST_CASE("standard input is a file") {
  Disk disk;
  disk.files["-"] = "use \"./lab.exm\"\n";
  disk.files["lab.exm"] = "";
  Diagnostics diagnostics;
  const std::vector<std::string> paths = {"-"};
  CHECK(paths_of(load(paths, disk.reader(), diagnostics)) == std::vector<std::string>{"-", "lab.exm"});
  CHECK(diagnostics.ok());
}

TEST_CASE("what is missing is reported where it is wanted") {
  Disk disk;
  disk.files["main.exm"] = "use nbl\nuse \"./lab.exm\"\n";
  Diagnostics diagnostics;
  const std::vector<std::string> paths = {"main.exm", "other.exm"};
  const Loaded loaded = load(paths, disk.reader(), diagnostics);
  diagnostics.sort();
  REQUIRE(diagnostics.all().size() == 3);
  CHECK(diagnostics.all()[0].id == "EXM0205");
  CHECK(diagnostics.all()[0].hints == std::vector<std::string>{"did you mean `nlb`?"});
  CHECK(loaded.sources.text(diagnostics.all()[0].span) == "nbl");
  CHECK(diagnostics.all()[1].message == "cannot read `./lab.exm`: no such file");
  CHECK(diagnostics.all()[2].message == "cannot read `other.exm`: no such file");
  CHECK(loaded.sources[diagnostics.all()[2].span.source].path == "other.exm");
}

TEST_CASE("the embedded modules are there, and say what they declare") {
  CHECK(stdlib_modules().size() >= 6);
  CHECK(module_declaring(stdlib_modules(), "nlb") == "nlb");
  CHECK(module_declaring(stdlib_modules(), "cas_array") == "exchange.cas");
  CHECK(module_declaring(stdlib_modules(), "nl") == "");
  for (const auto& [name, module] : stdlib_modules()) {
    INFO(name);
    CHECK(module.text.size() > 100);
    CHECK(module.text.back() == '\n');
  }
}

}  // namespace
