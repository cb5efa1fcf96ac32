#include "tests/stdlib/table.h"

#include <regex>
#include <sstream>

namespace exm::clauses {

namespace {

std::string trimmed(const std::string& text) {
  const std::size_t begin = text.find_first_not_of(' ');
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

/// The cells of a row; `\|` is a bar within one.
std::vector<std::string> cells_of(const std::string& line) {
  std::vector<std::string> cells;
  std::string cell;
  for (std::size_t i = 1; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cell += line[++i];
    } else if (line[i] == '|') {
      cells.push_back(trimmed(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  return cells;
}

}  // namespace

std::vector<std::string> code_in(const std::string& text) {
  static const std::regex code("`([^`]+)`");
  std::vector<std::string> out;
  for (std::sregex_iterator at(text.begin(), text.end(), code), end; at != end; ++at) out.push_back((*at)[1]);
  return out;
}

RuleTable read_table(const std::string& markdown) {
  static const std::regex numbers("[RTW][0-9]+(, [RTW][0-9]+)*"), number("[RTW][0-9]+");
  static const std::regex unsaid("- \\*\\*([RTW][0-9]+)\\*\\* (.+)"), unshown("- (`[^`]+`(, `[^`]+`)*): (.+)");
  RuleTable table;
  std::istringstream text(markdown);
  std::smatch match;
  std::string section;
  int n = 0;
  for (std::string line; std::getline(text, line);) {
    ++n;
    if (line.rfind('#', 0) == 0) section = line;
    if (section == "### What the language can't say" && std::regex_match(line, match, unsaid)) table.unsaid.push_back({n, match[1], match[2]});
    if (section == "### What no example shows" && std::regex_match(line, match, unshown)) table.unshown.push_back({n, match[1], match[3]});
    if (line.rfind('|', 0) != 0) continue;
    const auto cells = cells_of(line);
    if (cells.size() != 4 || !std::regex_match(cells[0], numbers)) continue;
    Row row{n, {}, cells[1], code_in(cells[2]), ""};
    for (std::sregex_iterator at(cells[0].begin(), cells[0].end(), number), end; at != end; ++at) row.numbers.push_back(at->str());
    if (const auto code = code_in(cells[3]); code.size() == 1) row.fails = code[0];
    table.rows.push_back(std::move(row));
  }
  return table;
}

std::set<std::string> all_numbers() {
  std::set<std::string> out;
  for (int i = 1; i <= 35; ++i) out.insert("R" + std::to_string(i));
  for (int i = 1; i <= 56; ++i) out.insert("T" + std::to_string(i));
  for (int i = 1; i <= 12; ++i) out.insert("W" + std::to_string(i));
  return out;
}

}  // namespace exm::clauses
