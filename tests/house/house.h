// The tree as text, for tests that hold rules of the house against it. Entry points: source_files, lines_of.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exm::house {

/// Paths from the root, sorted, of the files below the folders (or of the files named) that end in one of the extensions; all where none is named.
std::vector<std::string> source_files(const std::vector<std::string>& folders, const std::vector<std::string>& extensions = {});

std::string text_of(const std::string& path);
std::vector<std::string> lines_of(const std::string& path);

/// The words between blanks.
std::vector<std::string> words_of(std::string_view line);

}  // namespace exm::house
