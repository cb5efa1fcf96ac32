// SARIF 2.1.0: a finding is a result at the step's line of the plan file, the way there a code flow, and the rule that it
// breaks a related location.
#include <cctype>
#include <nlohmann/json.hpp>

#include "runtime/verify/report.h"
#include "runtime/verify/verdict_text.h"
#include "runtime/verify/words.h"

namespace exm::report {
namespace {

using nlohmann::json;

json message(const std::string& text) {
  return {{"text", text}};
}

/// A path as the reference that SARIF wants: what has a meaning in one is written by its number.
std::string uri(const std::string& path) {
  static constexpr std::string_view plain = "-._~/!$&'()*+,;=@", digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 128 && (std::isalnum(byte) != 0 || plain.find(c) != std::string_view::npos))
      out += c;
    else
      out += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return out;
}

json location(const Place& place) {
  json region{{"startLine", place.line}};
  if (place.column > 0) region["startColumn"] = place.column;
  return {{"physicalLocation", {{"artifactLocation", {{"uri", uri(place.file)}}}, {"region", region}}}};
}

json step_location(const Report& report, const std::string& step) {
  const auto at = report.steps.find(step);
  json out = location(at == report.steps.end() ? Place{report.name} : at->second);
  if (!step.empty()) out["logicalLocations"] = json::array({{{"name", step}, {"kind", "step"}}});
  return out;
}

/// One event: where, what, and the states that it changes.
json flow_location(const Report& report, const Event& event) {
  json place = step_location(report, event.what == Event::What::fault ? "" : event.step);
  place["message"] = message(event_text(event));
  json out{{"location", place}};
  for (const auto& [name, value] : event.assignments) out["state"][name] = message(words(value));
  return out;
}

json result(const Report& report, const Finding& finding) {
  json out{{"ruleId", finding.code},
           {"level", "error"},
           {"message", message(finding.message)},
           {"locations", json::array({step_location(report, finding.step)})}};
  json flow = json::array();
  for (const Event& event : finding.trace) flow.push_back(flow_location(report, event));
  if (!flow.empty()) {
    json thread{{"locations", flow}};
    json way{{"threadFlows", json::array({thread})},
             {"message", message(finding.shortest ? "the shortest way there" : "one way there")}};
    out["codeFlows"] = json::array({way});
  }
  if (const auto rule = report.rules.find(finding.rule); rule != report.rules.end()) {
    json place = location(rule->second);
    place["message"] = message("the rule " + finding.rule);
    out["relatedLocations"] = json::array({place});
  }
  return out;
}

}  // namespace

std::string sarif(std::span<const Report> reports) {
  json rules = json::array(), results = json::array();
  for (const VerdictCode& code : verdict_codes()) {
    rules.push_back({{"id", code.id}, {"shortDescription", message(std::string(code.title))}});
  }
  for (const Report& report : reports) {
    for (const Finding& finding : report.verdict.findings) results.push_back(result(report, finding));
  }
  const json driver{{"name", "exm"}, {"rules", rules}};
  const json log{{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", json::array({{{"tool", {{"driver", driver}}}, {"results", results}}})}};
  return log.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace exm::report
