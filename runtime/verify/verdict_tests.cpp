// A verdict as test results: JUnit and TAP, a case a clause; and as annotations of GitHub.
#include <algorithm>
#include <array>
#include <map>

#include "runtime/verify/report.h"
#include "runtime/verify/verdict_text.h"

namespace exm::report {
namespace {

std::string replaced(std::string_view text, const std::map<char, std::string_view>& by) {
  std::string out;
  for (const char c : text) {
    const auto at = by.find(c);
    if (at == by.end())
      out += c;
    else
      out += at->second;
  }
  return out;
}

struct Clause {
  std::string_view id, title;
};

constexpr std::array<Clause, 9> clauses{{{"plan", "the plan makes sense"},
                                         {"digest", "the digest is that of the plan"},
                                         {"1", "requirements hold when steps begin"},
                                         {"2", "no two steps race"},
                                         {"3", "rules hold in every reachable state"},
                                         {"4", "wishes hold at the end"},
                                         {"5", "everything else is restored"},
                                         {"6", "limits are kept"},
                                         {"7", "retreats and fallbacks are valid"}}};

std::vector<const Finding*> of_clause(const Verdict& verdict, std::string_view clause) {
  std::vector<const Finding*> found;
  for (const Finding& finding : verdict.findings) {
    if (finding.clause == clause) found.push_back(&finding);
  }
  return found;
}

bool unjudged(const Verdict& verdict, std::string_view clause) {
  return std::find(verdict.unjudged.begin(), verdict.unjudged.end(), clause) != verdict.unjudged.end();
}

std::string full_text(const Finding& finding) {
  std::string text = finding.code + ": " + finding.message + "\n";
  for (const Event& event : finding.trace) text += "  " + event_text(event) + "\n";
  return text;
}

/// XML has no way to write most control characters.
std::string xml(std::string_view text) {
  std::string out = replaced(text, {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}});
  std::replace_if(
      out.begin(), out.end(), [](char c) { return static_cast<unsigned char>(c) < 32 && c != '\n' && c != '\t'; }, '?');
  return out;
}

/// What is judged of this verdict, in the order of the report.
std::vector<Clause> clauses_of(const Verdict& verdict) {
  if (!verdict.together) {
    std::vector<Clause> judged(clauses.begin(), clauses.end());
    if (verdict.compared) judged.push_back({"sources", "the plan was made from just these files"});
    return judged;
  }
  std::vector<Clause> judged{{"plan", "the plans make sense together"},
                             {"together", "the plans begin in one world, and use nothing at once"}};
  judged.insert(judged.end(), clauses.begin() + 2, clauses.end());
  return judged;
}

std::string junit_suite(const Report& report) {
  std::string cases;
  int failed = 0;
  const auto judged = clauses_of(report.verdict);
  for (const Clause& clause : judged) {
    const auto found = of_clause(report.verdict, clause.id);
    failed += !found.empty();
    cases += "  <testcase classname=\"" + xml(report.name) + "\" name=\"" + xml(clause.title) + "\"";
    if (found.empty()) {
      cases += unjudged(report.verdict, clause.id) ? "><skipped/></testcase>\n" : "/>\n";
      continue;
    }
    std::string text;
    for (const Finding* finding : found) text += full_text(*finding);
    cases += ">\n    <failure message=\"" + xml(found[0]->message) + "\">" + xml(text) + "</failure>\n  </testcase>\n";
  }
  return "<testsuite name=\"exm verify\" tests=\"" + std::to_string(judged.size()) + "\" failures=\"" +
         std::to_string(failed) + "\">\n" + cases + "</testsuite>\n";
}

std::string tap_cases(const Report& report, const std::string& before, std::size_t& number) {
  std::string out;
  for (const Clause& clause : clauses_of(report.verdict)) {
    const auto found = of_clause(report.verdict, clause.id);
    out += (found.empty() ? "ok " : "not ok ") + std::to_string(++number) + " - " + before + std::string(clause.title);
    out += found.empty() && unjudged(report.verdict, clause.id) ? " # SKIP not judged\n" : "\n";
    for (const Finding* finding : found) {
      std::string text = full_text(*finding);
      text.pop_back();
      out += "# " + replaced(text, {{'\n', "\n# "}}) + "\n";
    }
  }
  return out;
}

}  // namespace

std::string github(std::span<const Report> reports) {
  const std::map<char, std::string_view> data{{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}};
  std::map<char, std::string_view> property = data;
  property.insert({{':', "%3A"}, {',', "%2C"}});
  std::string out;
  for (const Report& report : reports) {
    for (const Finding& finding : report.verdict.findings) {
      std::string text = finding.message;
      for (const Event& event : finding.trace) text += "\n" + event_text(event);
      const auto at = report.steps.find(finding.step);
      const Place place = at == report.steps.end() ? Place{report.name, 0} : at->second;
      const std::string line = place.line > 0 ? ",line=" + std::to_string(place.line) : "";
      out += "::error file=" + replaced(place.file, property) + line + ",title=" + finding.code +
             "::" + replaced(text, data) + "\n";
    }
  }
  return out;
}

std::string junit(std::span<const Report> reports) {
  const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  if (reports.size() == 1) return head + junit_suite(reports[0]);
  std::string suites;
  for (const Report& report : reports) suites += junit_suite(report);
  return head + "<testsuites>\n" + suites + "</testsuites>\n";
}

std::string tap(std::span<const Report> reports) {
  std::string cases;
  std::size_t number = 0;
  for (const Report& report : reports) {
    const std::string before = reports.size() == 1 ? "" : replaced(report.name, {{'#', "\\#"}}) + ": ";
    cases += tap_cases(report, before, number);
  }
  return "TAP version 13\n1.." + std::to_string(number) + "\n" + cases;
}

}  // namespace exm::report
