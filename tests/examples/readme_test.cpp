// Each example's README shows the plan that lies beside it, names steps and rules that there are, quotes what the plan
// says, and its commands do what it shows. examples/README.md tells how one is written.
#include <catch2/catch.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/cli/program.h"

using namespace exm::cli;
namespace fs = std::filesystem;

namespace {

const fs::path root = fs::path(EXM_SOURCE_DIR) / "examples";

/// Those of environments: an adapter lies there as well.
std::vector<fs::path> folders() {
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(root))
    if (fs::exists(entry.path() / "plan.txt")) found.push_back(entry.path());
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

/// A line of a table: what stands below the title of each column.
using Row = std::map<std::string, std::string>;

Words cells_of(const std::string& row) {
  Words cells;
  std::istringstream stream(row.substr(1));
  for (std::string cell; std::getline(stream, cell, '|');) cells.push_back(trimmed(cell));
  return cells;
}

std::vector<Row> rows(const std::string& readme) {
  std::vector<Row> found;
  Words titles;
  for (const std::string& line : lines_of(readme)) {
    if (line.rfind("|", 0) != 0) titles.clear();
    if (line.rfind("|", 0) != 0 || line.rfind("| ---", 0) == 0) continue;
    const Words cells = cells_of(line);
    if (titles.empty()) {
      titles = cells;
      continue;
    }
    Row row;
    for (std::size_t i = 0; i < cells.size() && i < titles.size(); ++i) row[titles[i]] = cells[i];
    found.push_back(row);
  }
  return found;
}

/// All that the pattern's group finds in a text.
Words finds(const std::string& text, const std::regex& pattern) {
  Words all;
  for (std::sregex_iterator at(text.begin(), text.end(), pattern), end; at != end; ++at) all.push_back((*at)[1]);
  return all;
}

// ------------------------------------------------------------------------------------------------- the plan's steps

struct Step {
  std::string id, title;
};

/// The steps of a plan's text in its order, each with its title, which may go on in the line below.
std::vector<Step> steps_of(const std::string& plan) {
  static const std::regex line("  (\\d+[a-z]+) +\\+\\S+ +(?:\\d+ (?:d|h|min|s) ?)+(.*)");
  constexpr std::size_t indent = 26, width = 80;
  const Words lines = lines_of(plan);
  std::vector<Step> found;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::smatch parts;
    if (!std::regex_match(lines[i], parts, line)) continue;
    std::string title = trimmed(parts[2]);
    for (std::size_t j = i + 1; j < lines.size() && lines[j].find_first_not_of(' ') == indent; ++j) {
      const std::string next = trimmed(lines[j]);
      const std::size_t word = std::min(next.find(' '), next.size());
      if (lines[j - 1].size() + 1 + word <= width) break;  // it would have stood above: the reason begins here
      title += " " + next;
    }
    found.push_back({parts[1], title});
  }
  return found;
}

/// The steps that a cell names, `1b` or `4c to 4p`: places in the plan's list; one that is not there fails.
std::set<std::size_t> named(const std::string& cell, const std::vector<Step>& steps) {
  static const std::regex word("\\b(\\d+[a-z]+)(?: to (\\d+[a-z]+))?\\b");
  const auto place = [&](const std::string& id) {
    const auto at = std::find_if(steps.begin(), steps.end(), [&](const Step& s) { return s.id == id; });
    INFO("there is no step " << id);
    CHECK(at != steps.end());
    return static_cast<std::size_t>(at - steps.begin());
  };
  std::set<std::size_t> all;
  for (std::sregex_iterator at(cell.begin(), cell.end(), word), end; at != end; ++at) {
    const std::size_t first = place((*at)[1]), last = (*at)[2].matched ? place((*at)[2]) : first;
    for (std::size_t i = first; i <= last && i < steps.size(); ++i) all.insert(i);
  }
  return all;
}

/// Whether a title begins so; `…` stands for any words.
bool begins(const std::string& title, const std::string& words) {
  std::size_t at = 0;
  std::string part;
  std::istringstream stream(words);
  bool anywhere = false;
  for (std::string word; stream >> word;) {
    if (word == "…") {
      anywhere = true;
      continue;
    }
    const std::size_t found = title.find(word, at);
    if (found == std::string::npos || (!anywhere && found != at)) return false;
    at = found + word.size();
    if (at < title.size() && title[at] == ' ') ++at;
    anywhere = false;
  }
  return true;
}

/// What a cell `Reboot / Install RU9` says that steps begin with.
Words beginnings(const std::string& cell) {
  Words all;
  std::size_t from = 0;
  for (std::size_t at; (at = cell.find(" / ", from)) != std::string::npos; from = at + 3)
    all.push_back(cell.substr(from, at - from));
  if (from < cell.size()) all.push_back(cell.substr(from));
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

TEST_CASE("readmes: every step has its place in the article, and is what its row says") {
  for (const auto& folder : folders()) {
    INFO(folder);
    const std::vector<Step> steps = steps_of(text_of(folder / "plan.txt"));
    CHECK(steps.size() > 5);
    std::set<std::size_t> answered;
    for (Row& row : rows(text_of(folder / "README.md"))) {
      if (!row.count("steps")) continue;
      const Words words = beginnings(row["what they do"]);
      std::set<std::string> used;
      for (const std::size_t i : named(row["steps"], steps)) {
        answered.insert(i);
        const Step& step = steps.at(i);
        const auto fits = [&](const std::string& beginning) { return begins(step.title, beginning); };
        INFO(step.id << " (" << step.title << ") is none of: " << row["what they do"]);
        CHECK(std::any_of(words.begin(), words.end(), fits));
        for (const auto& beginning : words)
          if (fits(beginning)) used.insert(beginning);
      }
      INFO("no step of the row is this: " << row["what they do"]);
      CHECK(used.size() == words.size());
    }
    for (std::size_t i = 0; i < steps.size(); ++i) {
      INFO("no row names " << steps[i].id << " (" << steps[i].title << ")");
      CHECK(answered.count(i) == 1);
    }
  }
}

TEST_CASE("readmes: the rules and the words that the tables name are there") {
  static const std::regex name("`([a-z_]+)`"), quote("\"([^\"]+)\"");
  const std::string known = modules();
  for (const auto& folder : folders()) {
    const std::string said = flat(plans_of(folder));
    for (Row& row : rows(text_of(folder / "README.md"))) {
      INFO(folder << ": " << row["impossible by"] << ": " << row["said in the plan"]);
      for (const auto& word : finds(row["impossible by"], name))
        CHECK((has(known, "rule " + word + " ") || has(known, "action " + word + "(") || has(known, "  " + word + " :")));
      for (const auto& words : finds(row["said in the plan"], quote)) CHECK(has(said, words));
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
