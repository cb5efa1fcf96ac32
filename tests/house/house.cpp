#include "tests/house/house.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace exm::house {

namespace fs = std::filesystem;

std::vector<std::string> source_files(const std::vector<std::string>& folders, const std::vector<std::string>& extensions) {
  const fs::path root = EXM_SOURCE_DIR;
  const auto wanted = [&](const fs::path& path) {
    return extensions.empty() || std::find(extensions.begin(), extensions.end(), path.extension().string()) != extensions.end();
  };
  std::vector<std::string> found;
  for (const std::string& folder : folders) {
    if (fs::is_regular_file(root / folder)) found.push_back(folder);
    if (!fs::is_directory(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder))
      if (entry.is_regular_file() && wanted(entry.path())) found.push_back(fs::relative(entry.path(), root).generic_string());
  }
  std::sort(found.begin(), found.end());
  return found;
}

std::string text_of(const std::string& path) {
  std::ifstream file(fs::path(EXM_SOURCE_DIR) / path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<std::string> lines_of(const std::string& path) {
  std::vector<std::string> lines;
  std::istringstream text(text_of(path));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

std::vector<std::string> words_of(std::string_view line) {
  std::istringstream text{std::string(line)};
  return {std::istream_iterator<std::string>(text), {}};
}

}  // namespace exm::house
