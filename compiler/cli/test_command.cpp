#include "compiler/cli/test_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "compiler/cli/deadline.h"
#include "compiler/driver/expectations.h"
#include "runtime/cli/exit_codes.h"

namespace exm {

namespace {

std::string xml(std::string_view text) {
  std::string out;
  for (char c : text) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 && c != '\n' ? ' ' : c;
    }
  return out;
}

std::string joined(const std::vector<std::string>& lines, const char* between) {
  std::string out;
  for (const auto& line : lines) out += (out.empty() ? "" : between) + line;
  return out;
}

void print_text(const std::vector<TestResult>& results, std::size_t failed) {
  for (const auto& r : results) {
    std::cout << (r.failures.empty() ? "ok    " : "FAIL  ") << r.title << "\n";
    for (const auto& f : r.failures) std::cout << "      " << f << "\n";
  }
  std::cout << results.size() - failed << " passed, " << failed << " failed\n";
}

void print_tap(const std::vector<TestResult>& results) {
  std::cout << "TAP version 13\n1.." << results.size() << "\n";
  std::size_t n = 0;
  for (const auto& r : results) {
    std::cout << (r.failures.empty() ? "ok " : "not ok ") << ++n << " - " << r.title << "\n";
    for (const auto& f : r.failures) std::cout << "# " << f << "\n";
  }
}

void print_junit(const std::vector<TestResult>& results, std::size_t failed) {
  std::cout << fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"exm\" tests=\"{}\" failures=\"{}\">\n", results.size(), failed);
  for (const auto& r : results) {
    std::cout << fmt::format("  <testcase classname=\"{}\" name=\"{}\"", xml(r.maintenance), xml(r.title));
    if (r.failures.empty())
      std::cout << "/>\n";
    else
      std::cout << fmt::format(">\n    <failure message=\"{}\"/>\n  </testcase>\n", xml(joined(r.failures, "; ")));
  }
  std::cout << "</testsuite>\n";
}

struct Tally {
  std::size_t touched = 0, all = 0;
};

std::map<Covered::Kind, Tally> tallies(const std::vector<Covered>& coverage) {
  std::map<Covered::Kind, Tally> out{{Covered::Kind::action, {}}, {Covered::Kind::rule, {}}, {Covered::Kind::requirement, {}}};
  for (const auto& c : coverage) {
    ++out[c.kind].all;
    out[c.kind].touched += c.touched;
  }
  return out;
}

const char* word(Covered::Kind kind) {
  switch (kind) {
    case Covered::Kind::action: return "action";
    case Covered::Kind::rule: return "rule";
    case Covered::Kind::requirement: return "requirement";
  }
  return "";
}

/// What no test touches, by its place; that an action's requirements are not touched goes without saying where it is not.
void print_coverage(std::ostream& out, const std::vector<Covered>& coverage) {
  std::string counts;
  for (const auto& [kind, tally] : tallies(coverage)) counts += fmt::format("{}{} of {} {}s", counts.empty() ? "" : ", ", tally.touched, tally.all, word(kind));
  out << "tests touch " << counts << "\n";
  std::set<std::string> untouched;
  for (const auto& c : coverage)
    if (c.kind == Covered::Kind::action && !c.touched) untouched.insert(" (of " + c.name + ")");
  for (const auto& c : coverage) {
    if (c.touched) continue;
    const bool said = c.kind == Covered::Kind::requirement && std::any_of(untouched.begin(), untouched.end(), [&](const auto& of) { return c.name.ends_with(of); });
    if (!said) out << fmt::format("  {}:{}:{}: no test touches {}{}\n", c.file, c.at.line, c.at.column, c.kind == Covered::Kind::requirement ? "" : word(c.kind) + std::string(" "), c.name);
  }
}

void print_json(const std::vector<TestResult>& results, const std::vector<Covered>* coverage) {
  nlohmann::ordered_json json{{"tests", nlohmann::ordered_json::array()}};
  for (const auto& r : results)
    json["tests"].push_back({{"title", r.title}, {"maintenance", r.maintenance}, {"passed", r.failures.empty()}, {"failures", r.failures}});
  if (coverage != nullptr) {
    auto& out = json["coverage"];
    for (const auto& [kind, tally] : tallies(*coverage)) out[word(kind) + std::string("s")] = {{"touched", tally.touched}, {"all", tally.all}};
    out["items"] = nlohmann::ordered_json::array();
    for (const auto& c : *coverage)
      out["items"].push_back({{"kind", word(c.kind)}, {"name", c.name}, {"file", c.file}, {"line", c.at.line}, {"column", c.at.column}, {"touched", c.touched}});
  }
  std::cout << json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
}

}  // namespace

int test_files(const RequestArguments& arguments, const std::string& format, bool with_coverage) {
  auto request = make_request(arguments);
  if (!request) return exit_code_of(request.error(), "test");
  Diagnostics diagnostics;
  const Loaded loaded = load(request->files, read_file, diagnostics, request->modules);
  const auto program = check(loaded.sources, loaded.files, request->settings, diagnostics);
  print_diagnostics(loaded.sources, diagnostics, "text");
  if (!diagnostics.ok()) return exit_refuted;
  if (program.tests.empty()) {
    std::cerr << "exm test: there is no `test` in these files\n";
    return exit_refuted;
  }
  const Deadline deadline(arguments.time_limit);
  request->limits.stop = deadline.token();
  Touched touched;
  const auto results = run_tests(program, loaded.sources, request->limits, touched);
  const auto coverage = coverage_of(program, loaded.sources, touched);
  std::size_t failed = 0;
  for (const auto& r : results) failed += !r.failures.empty();
  if (format == "tap")
    print_tap(results);
  else if (format == "junit")
    print_junit(results, failed);
  else if (format == "json")
    print_json(results, with_coverage ? &coverage : nullptr);
  else
    print_text(results, failed);
  // What a machine reads is on standard output alone.
  if (with_coverage && format != "json") print_coverage(format == "text" ? std::cout : std::cerr, coverage);
  return failed == 0 ? exit_done : exit_refuted;
}

}  // namespace exm
