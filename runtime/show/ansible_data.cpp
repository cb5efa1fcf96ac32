#include <algorithm>
#include <set>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/quote.h"
#include "runtime/show/ansible_conditions.h"
#include "runtime/show/ansible_parts.h"
#include "runtime/show/ansible_yaml.h"
#include "runtime/show/powershell_expressions.h"
#include "runtime/show/words.h"

namespace exm::show {
namespace {

using plan::Piece;

bool has(const plan::Text& text, Piece::Kind kind) {
  return std::any_of(text.begin(), text.end(), [&](const Piece& piece) { return piece.kind == kind; });
}

std::string trimmed(std::string text) {
  const auto end = text.find_last_not_of(" \t\r\n");
  text.erase(end == std::string::npos ? 0 : end + 1);
  const auto begin = text.find_first_not_of("\n");
  return begin == std::string::npos ? "" : text.substr(begin);
}

/// The finished text. A secret, and the time at which the run began, come in a variable of the command's own shell.
std::string command_text(const plan::Text& text, const std::string& language) {
  const bool powershell = language == "powershell";
  return trimmed(plan::render(text, language, [&](const Piece& piece) -> std::string {
    if (language == "person") return piece.kind == Piece::Kind::secret ? "<secret " + piece.text + ">" : "<begin of the run>";
    if (piece.kind == Piece::Kind::run) return powershell ? "([datetime]$env:exm_run_started)" : "\"${exm_run_started}\"";
    const std::string name = "exm_secret_" + ansible_name(piece.text);
    return powershell ? "$env:" + name : "\"${" + name + "}\"";
  }));
}

class Data {
 public:
  Data(const PlaybookBook& book, std::size_t indent) : book_(book), indent_(indent, ' ') {}

  void line(const std::string& text) { out += indent_ + text + "\n"; }

  /// Where it runs, what it is, and what is put in before it.
  void command(const plan::Text& text, const std::string& language, const std::string& at, const std::string& more) {
    line("at: " + name(at));
    if (const std::string kind = prelude(language, at); !kind.empty()) line("prelude: " + yaml_text(kind));
    if (has(text, Piece::Kind::secret)) line("secrets: [" + secrets(text) + "]");
    if (has(text, Piece::Kind::run)) line("started: true");
    out += more;
    line("run: " + yaml_block(command_text(text, language), indent_.size() + 2));
  }

  std::string name(const std::string& host) const {
    const auto found = book_.names.find(host);
    return found == book_.names.end() ? ansible_name(host) : found->second;
  }

  std::string out;

 private:
  /// The kind of the host that it runs on, where that has a prelude.
  std::string prelude(const std::string& language, const std::string& at) const {
    const auto object = book_.plan.objects.find(at);
    const std::string kind = object == book_.plan.objects.end() ? "controller" : object->second.kind;
    return prelude_text(book_.plan, language, kind).empty() ? "" : kind;
  }
  static std::string secrets(const plan::Text& text) {
    std::set<std::string> names;
    for (const Piece& piece : text)
      if (piece.kind == Piece::Kind::secret) names.insert(ansible_name(piece.text));
    std::string out;
    for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
    return out;
  }

  const PlaybookBook& book_;
  std::string indent_;
};

std::string look_data(const PlaybookBook& book, const PlaybookLook& look) {
  Data data(book, 12);
  std::string wanted;
  const std::string indent(12, ' ');
  if (look.expected) {
    // A value that no text is read as is never seen: `(?!)` matches nothing.
    wanted += indent + "before: " + yaml_unsafe(pattern(look, *look.expected).value_or("(?!)") + "\\Z") + "\n" + indent + "is: " +
              yaml_unsafe(value_words(*look.expected)) + "\n";
  }
  if (look.goal)
    wanted += indent + "after: " + yaml_unsafe(pattern(look, *look.goal).value_or("(?!)") + "\\Z") + "\n" + indent + "becomes: " +
              yaml_unsafe(value_words(*look.goal)) + "\n";
  data.command(look.probe.command.command, look.probe.language, look.at, wanted);
  return "          - state: " + yaml_unsafe(look.probe.variable) + "\n" + data.out;
}

std::string act_data(const PlaybookBook& book, const std::string& key, const PlaybookCommand& act) {
  Data data(book, 10);
  data.command(act.command, act.language, act.at, "          timeout: " + std::to_string(act.timeout) + "\n");
  return "        " + key + ":\n" + data.out;
}

std::string what_is_wanted(const PlaybookStep& step) {
  std::string out;
  for (const auto& requirement : step.wanted)
    out += (out.empty() ? "" : "; ") + (requirement.otherwise.empty() ? "wanted: " + plan::fill(words(requirement.formula), {}) : requirement.otherwise);
  return out;
}

plan::Seconds rounds(plan::Seconds time, plan::Seconds every) { return std::max<plan::Seconds>(1, (time + every - 1) / every); }

std::string one_step(const PlaybookBook& book, const PlaybookStep& step) {
  Data data(book, 8);
  data.line("id: " + yaml_unsafe(step.id));
  data.line("title: " + yaml_unsafe(step.title));
  if (!step.why.empty()) data.line("why: " + yaml_unsafe(step.why));
  if (!step.wanted.empty()) data.line("wants: " + yaml_unsafe(what_is_wanted(step)));
  data.line(std::string("skips: ") + (step.skips ? "true" : "false"));
  if (step.retry.times > 0) data.line("retry: " + std::to_string(step.retry.times) + "\n        retry_every: " + std::to_string(step.retry.every));
  if (step.goes_away) data.line("away: true");
  if (step.has_way_back) data.line("way_back: retreat_" + ansible_name(step.id));
  data.line("every: " + std::to_string(step.every));
  data.line("rounds: " + std::to_string(rounds(step.act.timeout, step.every)));
  if (step.looks.empty()) data.line("looks: []");
  else data.line("looks:");
  for (const auto& look : step.looks) data.out += look_data(book, look);
  if (!step.act.language.empty()) data.out += act_data(book, step.act.language == "person" ? "person" : "act", step.act);
  if (step.fallback) data.out += act_data(book, "fallback", *step.fallback);
  return data.out;
}

}  // namespace

std::string ansible_name(const std::string& text) {
  std::string out;
  for (const char c : text) {
    const bool word = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
    out += word ? c : '_';
  }
  return out.empty() ? "_" : out;
}

bool speaks(const plan::Plan& plan, const std::string& language) {
  return std::any_of(plan.templates.begin(), plan.templates.end(), [&](const auto& entry) {
    const auto& shape = entry.second;
    return shape.run.count(language) != 0 ||
           std::any_of(shape.probes.begin(), shape.probes.end(), [&](const auto& probe) { return probe.language == language; });
  });
}

std::map<std::string, std::string> inventory_names(const plan::Plan& plan) {
  std::set<std::string> taken{"localhost", "controller", "all", "ungrouped"};
  std::map<std::string, std::string> names{{"controller", speaks(plan, "powershell") ? "controller" : "localhost"}};
  for (const auto& [path, host] : plan.hosts) {
    std::string name;
    for (const char c : path)
      name += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' || (c == '-' && !name.empty()) ? c : '_';
    std::string fresh = name;
    for (int n = 2; !taken.insert(fresh).second; ++n) fresh = name + "_" + std::to_string(n);
    names.emplace(path, fresh);
  }
  return names;
}

std::string prelude_text(const plan::Plan& plan, const std::string& language, const std::string& kind) {
  const auto preludes = plan.preludes.find(language);
  if (preludes == plan.preludes.end()) return "";
  std::string out;
  for (const std::string& key : {std::string(), kind})
    if (const auto text = preludes->second.find(key); text != preludes->second.end()) out += command_text(text->second, language) + "\n";
  return out;
}

std::set<std::string> kinds_of_hosts(const plan::Plan& plan) {
  std::set<std::string> kinds{"controller"};
  for (const auto& [path, host] : plan.hosts)
    if (const auto object = plan.objects.find(path); object != plan.objects.end()) kinds.insert(object->second.kind);
  return kinds;
}

std::string step_data(const PlaybookBook& book, const PlaybookWave& wave) {
  std::string out = "    exm_steps:\n", conditions;
  for (const PlaybookStep& step : wave) {
    const auto found = book.names.find(step.host);
    const std::string host = found == book.names.end() ? ansible_name(step.host) : found->second;
    out += "      " + host + ":\n" + one_step(book, step);
    if (step.wanted.empty()) continue;
    conditions += "      " + host + ":\n";
    for (const auto& requirement : step.wanted) conditions += "        - " + yaml_text(condition(requirement.formula, step).value_or("false")) + "\n";
  }
  return out + (conditions.empty() ? "" : "    exm_conditions:\n" + conditions);
}

}  // namespace exm::show
