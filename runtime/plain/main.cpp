// exm-check PLAN.json: whether a plan is valid, by the shortest program that can say so. Exit codes as of `exm verify`.
#include <fstream>
#include <iostream>
#include <iterator>

#include "runtime/plain/check.h"

int main(int count, char** words) {
  if (count != 2 || words[1][0] == '-') {
    std::cerr << "usage: exm-check PLAN.json\n";
    return 2;
  }
  std::ifstream file(words[1], std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) {
    std::cerr << words[1] << ": cannot be read\n";
    return 7;
  }
  const exm::plain::Report report = exm::plain::check(text);
  for (const auto* lines : {&report.holds, &report.broken, &report.open})
    for (const std::string& line : *lines) std::cout << line << "\n";
  std::cout << words[1] << (report.valid() ? ": valid" : report.broken.empty() ? ": not known, a bound was reached" : ": broken") << "\n";
  std::cout.flush();
  return !std::cout ? 7 : report.valid() ? 0 : report.broken.empty() ? 6 : 1;
}
