#include "runtime/verify/verdict_json.h"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "runtime/verify/verdict_text.h"

namespace exm {
namespace {

using nlohmann::json;
using plan::Value;

std::string_view type_word(Value::Type type) {
  switch (type) {
    case Value::Type::duration:
      return "duration";
    case Value::Type::version:
      return "version";
    case Value::Type::ip:
      return "ip";
    case Value::Type::cidr:
      return "cidr";
    case Value::Type::path:
      return "path";
    case Value::Type::reference:
      return "object";
    default:
      return "";
  }
}

/// A value as the plan file writes it.
json value_json(const Value& value) {
  switch (value.type) {
    case Value::Type::unknown:
      return json::array({"unknown"});
    case Value::Type::none:
      return json::array({"none"});
    case Value::Type::boolean:
      return value.number != 0;
    case Value::Type::integer:
      return value.number;
    case Value::Type::text:
      return value.text;
    case Value::Type::duration:
      return json{{"duration", value.number}};
    case Value::Type::set: {
      json set = json::array({"set"});
      for (const Value& element : value.elements) set.push_back(value_json(element));
      return set;
    }
    default:
      return json{{std::string(type_word(value.type)), value.text}};
  }
}

std::string_view what_word(Event::What what) {
  switch (what) {
    case Event::What::begins:
      return "begins";
    case Event::What::effect:
      return "effect";
    case Event::What::ends:
      return "ends";
    case Event::What::is_cut_off:
      return "cut_off";
    case Event::What::fault:
      return "fault";
  }
  return "";
}

json event_json(const Event& event) {
  json set = json::object();
  for (const auto& [name, value] : event.assignments) set[name] = value_json(value);
  json out{{event.what == Event::What::fault ? "fault" : "step", event.step}, {"what", what_word(event.what)}};
  if (!set.empty()) out["set"] = set;
  return out;
}

json finding_json(const Finding& finding) {
  json out{{"code", finding.code}, {"clause", finding.clause}, {"message", finding.message}};
  if (!finding.step.empty()) out["step"] = finding.step;
  if (!finding.rule.empty()) out["rule"] = finding.rule;
  for (const Event& event : finding.trace) out["trace"].push_back(event_json(event));
  return out;
}

std::string dumped(const json& value) {
  return value.dump(2, ' ', false, json::error_handler_t::replace) + "\n";
}

std::string plain(const Verdict& verdict, const std::string& file) {
  json findings = json::array(), proofs = json::array();
  for (const Finding& finding : verdict.findings) findings.push_back(finding_json(finding));
  for (const Proof& proof : verdict.proofs) {
    proofs.push_back({{"rule", proof.rule}, {"method", proof.method}, {"states", proof.states}});
  }
  const Measured& m = verdict.measured;
  return dumped({{"plan", file},
                 {"valid", verdict.valid},
                 {"bound_reached", verdict.bound_reached},
                 {"findings", findings},
                 {"proofs", proofs},
                 {"unjudged", verdict.unjudged},
                 {"retreats", verdict.retreats},
                 {"measured",
                  {{"steps", m.steps},
                   {"disruption", m.disruption},
                   {"duration", m.duration},
                   {"cost", m.cost},
                   {"away", m.away}}}});
}

json message(const std::string& text) {
  return {{"text", text}};
}

json sarif_location(const std::string& file, const std::string& step) {
  json location{{"physicalLocation", {{"artifactLocation", {{"uri", file}}}, {"region", {{"startLine", 1}}}}}};
  if (!step.empty()) location["logicalLocations"] = json::array({{{"name", step}, {"kind", "step"}}});
  return location;
}

json sarif_result(const Finding& finding, const std::string& file) {
  json result{{"ruleId", finding.code},
              {"level", "error"},
              {"message", message(finding.message)},
              {"locations", json::array({sarif_location(file, finding.step)})}};
  json flow = json::array();
  for (const Event& event : finding.trace) {
    json location = sarif_location(file, event.what == Event::What::fault ? "" : event.step);
    location["message"] = message(event_text(event));
    flow.push_back({{"location", location}});
  }
  if (!flow.empty()) {
    result["codeFlows"] = json::array({{{"threadFlows", json::array({{{"locations", flow}}})}}});
  }
  return result;
}

std::string sarif(const Verdict& verdict, const std::string& file) {
  json rules = json::array(), results = json::array();
  for (const VerdictCode& code : verdict_codes()) {
    rules.push_back({{"id", code.id}, {"shortDescription", message(std::string(code.title))}});
  }
  for (const Finding& finding : verdict.findings) results.push_back(sarif_result(finding, file));
  const json driver{{"name", "exm"}, {"rules", rules}};
  return dumped({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
                 {"version", "2.1.0"},
                 {"runs", json::array({{{"tool", {{"driver", driver}}}, {"results", results}}})}});
}

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

std::string github(const Verdict& verdict, const std::string& file) {
  const std::map<char, std::string_view> data{{'%', "%25"}, {'\r', "%0D"}, {'\n', "%0A"}};
  std::map<char, std::string_view> property = data;
  property.insert({{':', "%3A"}, {',', "%2C"}});
  std::string out;
  for (const Finding& finding : verdict.findings) {
    std::string text = finding.message;
    for (const Event& event : finding.trace) text += "\n" + event_text(event);
    out += "::error file=" + replaced(file, property) + ",title=" + finding.code + "::" + replaced(text, data) + "\n";
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

std::string junit(const Verdict& verdict, const std::string& file) {
  std::string cases;
  int failed = 0;
  for (const Clause& clause : clauses) {
    const auto found = of_clause(verdict, clause.id);
    failed += !found.empty();
    cases += "  <testcase classname=\"" + xml(file) + "\" name=\"" + xml(clause.title) + "\"";
    if (found.empty()) {
      cases += unjudged(verdict, clause.id) ? "><skipped/></testcase>\n" : "/>\n";
      continue;
    }
    std::string text;
    for (const Finding* finding : found) text += full_text(*finding);
    cases += ">\n    <failure message=\"" + xml(found[0]->message) + "\">" + xml(text) + "</failure>\n  </testcase>\n";
  }
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"exm verify\" tests=\"" +
         std::to_string(clauses.size()) + "\" failures=\"" + std::to_string(failed) + "\">\n" + cases +
         "</testsuite>\n";
}

std::string tap(const Verdict& verdict) {
  std::string out = "TAP version 13\n1.." + std::to_string(clauses.size()) + "\n";
  for (std::size_t i = 0; i < clauses.size(); ++i) {
    const auto found = of_clause(verdict, clauses[i].id);
    out += (found.empty() ? "ok " : "not ok ") + std::to_string(i + 1) + " - " + std::string(clauses[i].title);
    out += found.empty() && unjudged(verdict, clauses[i].id) ? " # SKIP not judged\n" : "\n";
    for (const Finding* finding : found) {
      std::string text = full_text(*finding);
      text.pop_back();
      out += "# " + replaced(text, {{'\n', "\n# "}}) + "\n";
    }
  }
  return out;
}

}  // namespace

std::optional<ReportFormat> report_format(std::string_view word) {
  constexpr std::array<std::pair<std::string_view, ReportFormat>, 5> words{{{"json", ReportFormat::json},
                                                                            {"sarif", ReportFormat::sarif},
                                                                            {"github", ReportFormat::github},
                                                                            {"junit", ReportFormat::junit},
                                                                            {"tap", ReportFormat::tap}}};
  for (const auto& [known, format] : words) {
    if (known == word) return format;
  }
  return std::nullopt;
}

std::string verdict_report(const Verdict& verdict, const std::string& file, ReportFormat format) {
  switch (format) {
    case ReportFormat::json:
      return plain(verdict, file);
    case ReportFormat::sarif:
      return sarif(verdict, file);
    case ReportFormat::github:
      return github(verdict, file);
    case ReportFormat::junit:
      return junit(verdict, file);
    case ReportFormat::tap:
      return tap(verdict);
  }
  return "";
}

}  // namespace exm
