// The table of rules and traps in stdlib/README.md, and the lists below it. Entry point: read_table.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace exm::clauses {

struct Row {
  int line = 0;
  std::vector<std::string> numbers;  // "R3", "T1"
  std::string says;
  std::vector<std::string> stands;   // references to clauses, taken out together; none: nothing stands yet
  std::string fails;                 // the trial that fails then
};

struct Excuse {
  int line = 0;
  std::string what;  // a number, or references to clauses, each in backquotes
  std::string why;
};

struct RuleTable {
  std::vector<Row> rows;
  std::vector<Excuse> unsaid;   // rules and traps that the language can't say
  std::vector<Excuse> unshown;  // clauses whose absence no example shows
};

RuleTable read_table(const std::string& markdown);

/// What stands in backquotes.
std::vector<std::string> code_in(const std::string& text);

/// R1 … R35, T1 … T56, W1 … W12.
std::set<std::string> all_numbers();

}  // namespace exm::clauses
