#include "runtime/verify/verdict_json.h"

#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <utility>

#include "runtime/verify/report.h"

namespace exm {

using namespace report;

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

json place_json(const Place& place) {
  json out{{"file", place.file}, {"line", place.line}};
  if (place.column > 0) out["column"] = place.column;
  return out;
}

void put_place(json& out, const char* key, const std::map<std::string, Place>& places, const std::string& id) {
  const auto at = places.find(id);
  if (at != places.end()) out[key] = place_json(at->second);
}

json event_json(const Report& report, const Event& event) {
  json set = json::object();
  for (const auto& [name, value] : event.assignments) set[name] = value_json(value);
  json out{{event.what == Event::What::fault ? "fault" : "step", event.step}, {"what", what_word(event.what)}};
  if (!set.empty()) out["set"] = set;
  if (event.what != Event::What::fault) put_place(out, "place", report.steps, event.step);
  return out;
}

json finding_json(const Report& report, const Finding& finding) {
  json out{{"code", finding.code}, {"clause", finding.clause}, {"message", finding.message}};
  if (!finding.step.empty()) out["step"] = finding.step;
  if (!finding.rule.empty()) out["rule"] = finding.rule;
  put_place(out, "step_place", report.steps, finding.step);
  put_place(out, "rule_place", report.rules, finding.rule);
  for (const Event& event : finding.trace) out["trace"].push_back(event_json(report, event));
  if (!finding.shortest) out["shortest"] = false;
  return out;
}

json stretches_json(const std::vector<Stretch>& when) {
  json out = json::array();
  for (const Stretch& s : when) out.push_back(s.to.empty() ? json{{"from", s.from}} : json{{"from", s.from}, {"to", s.to}});
  return out;
}

/// How near it comes to breaking what it keeps.
void put_survey(json& out, const Verdict& verdict) {
  for (const Headroom& h : verdict.headroom) {
    json line{{"rule", h.rule}, {"at_start", h.at_start}, {"nearest", h.nearest}, {h.at_most ? "allowed" : "needed", h.limit}};
    if (!h.of.empty()) line["of"] = h.of;
    if (!h.when.empty()) line["when"] = stretches_json(h.when);
    out["headroom"].push_back(line);
  }
  for (const Exposure& e : verdict.exposure)
    out["exposure"].push_back({{"fault", e.fault}, {"rules", e.rules}, {"when", stretches_json(e.when)}});
  if (verdict.survey_ended) out["survey_ended"] = true;
}

json verdict_json(const Report& report) {
  const Verdict& verdict = report.verdict;
  json findings = json::array(), proofs = json::array();
  for (const Finding& finding : verdict.findings) findings.push_back(finding_json(report, finding));
  for (const Proof& proof : verdict.proofs) {
    proofs.push_back({{"rule", proof.rule}, {"method", proof.method}, {"states", proof.states}});
  }
  const Measured& m = verdict.measured;
  json out{{"plan", report.name},
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
             {"away", m.away}}}};
  put_survey(out, verdict);
  if (verdict.together) out["together"] = true;
  if (!report.about.empty()) out["about"] = report.about;
  return out;
}

std::string plain(std::span<const Report> reports) {
  json all = json::array();
  for (const Report& report : reports) all.push_back(verdict_json(report));
  return (reports.size() == 1 ? all[0] : all).dump(2, ' ', false, json::error_handler_t::replace) + "\n";
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

std::string verdict_report(std::span<const Report> reports, ReportFormat format) {
  switch (format) {
    case ReportFormat::json:
      return plain(reports);
    case ReportFormat::sarif:
      return sarif(reports);
    case ReportFormat::github:
      return github(reports);
    case ReportFormat::junit:
      return junit(reports);
    case ReportFormat::tap:
      return tap(reports);
  }
  return "";
}

std::string verdict_report(const Verdict& verdict, const std::string& file, ReportFormat format) {
  const Report report{file, verdict};
  return verdict_report({&report, 1}, format);
}

}  // namespace exm
