#include "compiler/cli/test_command.h"

#include <fmt/format.h>

#include <iostream>

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

}  // namespace

int test_files(const RequestArguments& arguments, const std::string& format) {
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
  const auto results = run_tests(program, loaded.sources, request->limits);
  std::size_t failed = 0;
  for (const auto& r : results) failed += !r.failures.empty();
  if (format == "tap")
    print_tap(results);
  else if (format == "junit")
    print_junit(results, failed);
  else
    print_text(results, failed);
  return failed == 0 ? exit_done : exit_refuted;
}

}  // namespace exm
