// Diagnostics for machines: JSON, SARIF 2.1.0, and the commands by which GitHub marks lines.
#include <nlohmann/json.hpp>

#include "compiler/base/render.h"

namespace exm {

namespace {

using Json = nlohmann::ordered_json;

std::string_view severity_word(Severity severity) {
  return severity == Severity::error ? "error" : severity == Severity::warning ? "warning" : "notice";
}

struct Where {
  std::string path;
  LineColumn begin;
  LineColumn end;
};

Where where(const Sources& sources, Span span) {
  if (span.source >= sources.size()) return {};
  const Source& source = sources[span.source];
  return {source.path, line_column(source.text, span.begin), line_column(source.text, std::max(span.begin, span.end))};
}

std::string dumped(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

Json json_place(const Sources& sources, Span span) {
  const Where at = where(sources, span);
  return {{"file", at.path}, {"line", at.begin.line}, {"column", at.begin.column}, {"end_line", at.end.line}, {"end_column", at.end.column}};
}

Json sarif_location(const Sources& sources, Span span) {
  const Where at = where(sources, span);
  return {{"physicalLocation",
           {{"artifactLocation", {{"uri", at.path}}},
            {"region", {{"startLine", at.begin.line}, {"startColumn", at.begin.column}, {"endLine", at.end.line}, {"endColumn", at.end.column}}}}}};
}

Json sarif_result(const Sources& sources, const Diagnostic& d) {
  std::string message = d.message;
  for (const std::string& hint : d.hints) message += "\nhelp: " + hint;
  Json result = {{"ruleId", d.id}, {"level", d.severity == Severity::notice ? "note" : severity_word(d.severity)}, {"message", {{"text", message}}}};
  result["locations"] = Json::array({sarif_location(sources, d.span)});
  if (d.labels.empty()) return result;
  result["relatedLocations"] = Json::array();
  for (const Label& label : d.labels) {
    Json place = sarif_location(sources, label.span);
    place["message"] = {{"text", label.text}};
    result["relatedLocations"].push_back(std::move(place));
  }
  return result;
}

/// What GitHub's commands want escaped; a property's value wants more of it than the text does.
std::string escaped(std::string_view text, std::string_view also) {
  std::string made;
  for (const char c : text) {
    if (c == '%' || c == '\n' || c == '\r' || also.find(c) != std::string_view::npos) made += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    else made += c;
  }
  return made;
}

}  // namespace

std::string render_json(const Sources& sources, const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& d : diagnostics.all()) {
    Json one = {{"code", d.id}, {"name", d.name}, {"severity", severity_word(d.severity)}, {"message", d.message}};
    one["place"] = json_place(sources, d.span);
    one["labels"] = Json::array();
    for (const Label& label : d.labels) one["labels"].push_back({{"text", label.text}, {"place", json_place(sources, label.span)}});
    one["hints"] = d.hints;
    list.push_back(std::move(one));
  }
  return dumped({{"diagnostics", list}});
}

std::string render_sarif(const Sources& sources, const Diagnostics& diagnostics) {
  Json rules = Json::array();
  for (const CodeInfo& code : all_codes()) rules.push_back({{"id", code.id}, {"name", code.name}, {"shortDescription", {{"text", code.format}}}});
  Json results = Json::array();
  for (const Diagnostic& d : diagnostics.all()) results.push_back(sarif_result(sources, d));
  const Json run = {{"tool", {{"driver", {{"name", "exm"}, {"rules", rules}}}}}, {"columnKind", "unicodeCodePoints"}, {"results", results}};
  return dumped({{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"}, {"version", "2.1.0"}, {"runs", Json::array({run})}});
}

std::string render_github(const Sources& sources, const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics.all()) {
    const Where at = where(sources, d.span);
    std::string message = d.message;
    for (const Label& label : d.labels) message += fmt::format("\n{}: {}", label.span.source < sources.size() ? sources.place(label.span) : "", label.text);
    for (const std::string& hint : d.hints) message += "\nhelp: " + hint;
    text += fmt::format("::{} file={},line={},col={},endLine={},endColumn={},title={}::{}\n", severity_word(d.severity), escaped(at.path, ",:"),
                        at.begin.line, at.begin.column, at.end.line, at.end.column, d.id, escaped(message, ""));
  }
  return text;
}

}  // namespace exm
