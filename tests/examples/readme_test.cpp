// Each example's README shows the plan that lies beside it, names steps and rules that there are, quotes what the plan
// says, and its commands do what it shows. examples/README.md tells how one is written.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <set>
#include <sstream>

#include "tests/cli/program.h"

using namespace exm::cli;
namespace fs = std::filesystem;

namespace {

const fs::path root = fs::path(EXM_SOURCE_DIR) / "examples";

std::vector<fs::path> folders() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(root))
    if (entry.is_directory()) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

Words lines_of(const std::string& text) {
  Words lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(' ');
  return first == std::string::npos ? "" : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// Every run of blanks and line ends as one blank: a sentence that the plan breaks over lines is found.
std::string flat(const std::string& text) {
  std::istringstream stream(text);
  std::string all;
  for (std::string word; stream >> word;) all += (all.empty() ? "" : " ") + word;
  return all;
}

// ------------------------------------------------------------------------------------------------- the plan's block

/// The README with the file of each `<!-- plan: FILE -->` in the block below it, up to `<!-- end of plan -->`.
std::string with_plans(const fs::path& folder, const std::string& readme) {
  static const std::regex opens("<!-- plan: (\\S+) -->");
  std::string all;
  bool inside = false;
  for (const std::string& line : lines_of(readme)) {
    std::smatch found;
    if (inside && line != "<!-- end of plan -->") continue;
    inside = false;
    all += line + "\n";
    if (!std::regex_match(line, found, opens)) continue;
    const std::string plan = text_of(folder / found[1].str());
    INFO(folder << " has no " << found[1]);
    CHECK_FALSE(plan.empty());
    all += "```text\n" + plan + "```\n";
    inside = true;
  }
  INFO(folder << ": a plan's block has no <!-- end of plan -->");
  CHECK_FALSE(inside);
  return all;
}

/// The texts of all plans in the folder and in those of its variants.
std::string plans_of(const fs::path& folder) {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".txt") all += text_of(entry.path());
  return all;
}

// ------------------------------------------------------------------------------------------------------- the tables

/// One cell of a table and the title of its column.
struct Cell {
  std::string column, text;
};

Words cells_of(const std::string& row) {
  Words cells;
  std::istringstream stream(row.substr(1));
  for (std::string cell; std::getline(stream, cell, '|');) cells.push_back(trimmed(cell));
  return cells;
}

std::vector<Cell> cells(const std::string& readme) {
  std::vector<Cell> found;
  Words titles;
  for (const std::string& line : lines_of(readme)) {
    if (line.rfind("|", 0) != 0) titles.clear();
    if (line.rfind("|", 0) != 0 || line.rfind("| ---", 0) == 0) continue;
    const Words row = cells_of(line);
    if (titles.empty())
      titles = row;
    else
      for (std::size_t i = 0; i < row.size() && i < titles.size(); ++i) found.push_back({titles[i], row[i]});
  }
  return found;
}

/// All that the pattern's group finds in a text.
Words finds(const std::string& text, const std::regex& pattern) {
  Words all;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) all.push_back((*at)[1]);
  return all;
}

std::string modules() {
  std::string all;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(EXM_SOURCE_DIR) / "stdlib"))
    if (entry.path().extension() == ".exm") all += text_of(entry.path());
  return all;
}

// ----------------------------------------------------------------------------------------------------- the commands

struct Shown {
  std::string command;
  int code = 0;
  Words output;
};

/// The commands of the blocks ```console: `$ build/exm …  # exit code N`, below it lines of what it prints, and `…` for
/// what is left out.
std::vector<Shown> commands(const std::string& readme) {
  static const std::regex command("\\$ (build/exm\\S* .*?)(?:\\s+# exit code (\\d+))?");
  std::vector<Shown> found;
  bool inside = false, ours = false;
  for (const std::string& line : lines_of(readme)) {
    if (line.rfind("```", 0) == 0) {
      inside = line == "```console";
      ours = false;
      continue;
    }
    std::smatch parts;
    if (inside && std::regex_match(line, parts, command)) {
      found.push_back({parts[1], parts[2].matched ? std::stoi(parts[2]) : 0, {}});
      ours = true;
    } else if (inside && line.rfind("$ ", 0) == 0) {
      ours = false;  // another program: shown, not tried
    } else if (inside && ours && trimmed(line) != "…") {
      found.back().output.push_back(line);
    }
  }
  return found;
}

/// A place where a README's commands find what they name, and where they may write.
void lay_out(const fs::path& folder) {
  fs::create_directory(folder / "build");
  fs::create_symlink(EXM_PROGRAM, folder / "build" / "exm");
  fs::create_symlink(EXM_RUN, folder / "build" / "exm-run");
  fs::create_directory_symlink(root, folder / "examples");
}

}  // namespace

TEST_CASE("readmes: each example has one, the index leads to it, and it leads to each file beside it") {
  const std::string index = text_of(root / "README.md");
  CHECK(folders().size() >= 1);
  for (const auto& folder : folders()) {
    INFO(folder);
    CHECK(has(index, "(" + folder.filename().string() + "/README.md)"));
    const std::string readme = text_of(folder / "README.md");
    CHECK(has(readme, "<!-- plan: plan.txt -->"));
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.path().extension() == ".exm") {
        INFO(entry.path());
        CHECK(has(readme, "(" + fs::relative(entry.path(), folder).generic_string() + ")"));
      }
  }
}

TEST_CASE("readmes: the plan that is shown is the one beside it") {
  for (const auto& folder : folders())
    check_golden(folder / "README.md", with_plans(folder, text_of(folder / "README.md")));
}

TEST_CASE("readmes: the steps, rules and words that the tables name are there") {
  static const std::regex step_id("\\b(\\d+[a-z]+)\\b"), step_line("(?:^|\n)  (\\d+[a-z]+) "), name("`([a-z_]+)`"),
      quote("\"([^\"]+)\"");
  const std::string known = modules();
  for (const auto& folder : folders()) {
    const std::string said = flat(plans_of(folder));
    const Words ids = finds(text_of(folder / "plan.txt"), step_line);
    const std::set<std::string> steps(ids.begin(), ids.end());
    for (const Cell& cell : cells(text_of(folder / "README.md"))) {
      INFO(folder << ": " << cell.column << ": " << cell.text);
      if (cell.column == "steps")
        for (const auto& id : finds(cell.text, step_id)) CHECK(steps.count(id) == 1);
      if (cell.column == "impossible by")
        for (const auto& word : finds(cell.text, name))
          CHECK((has(known, "rule " + word + " ") || has(known, "action " + word + "(")));
      if (cell.column == "said in the plan")
        for (const auto& words : finds(cell.text, quote)) CHECK(has(said, words));
    }
  }
}

TEST_CASE("readmes: the commands do what is shown") {
  for (const auto& folder : folders()) {
    const Folder place;
    lay_out(fs::path(place.file("x")).parent_path());
    const auto all = commands(text_of(folder / "README.md"));
    CHECK_FALSE(all.empty());
    for (const Shown& shown : all) {
      const Ran ran = call("/bin/sh", {"-c", shown.command}, {"", {}, fs::path(place.file("x")).parent_path()});
      INFO(folder << ": " << shown.command << "\n" << ran.out << ran.err);
      CHECK(ran.code == shown.code);
      for (const auto& line : shown.output) {
        INFO("shown: " << line);
        CHECK(has(ran.out + ran.err, line));
      }
    }
  }
}
