#include "runtime/show/powershell_actions.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "runtime/plan/quote.h"
#include "runtime/show/powershell_commands.h"
#include "runtime/show/powershell_ways_back.h"

namespace exm::show {
namespace {

using plan::Piece;
using plan::Template;

std::string camel(std::string_view text) {
  std::string out;
  bool upper = true;
  for (const char c : text) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (letter) out += upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    upper = !letter;
  }
  return out.empty() ? "Action" : out;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

/// A name that is not taken yet, whatever its case; it is taken then.
std::string fresh(const std::string& wish, std::set<std::string>& taken) {
  std::string name = wish;
  for (int n = 2; !taken.insert(lower(name)).second; ++n) name = wish + std::to_string(n);
  return name;
}

/// Names that PowerShell or the script's own functions use.
std::set<std::string> reserved() {
  return {"args",   "input",   "host",    "error", "home",  "pid",  "profile", "event",  "sender", "this",   "true",
          "false",  "null",    "matches", "foreach", "switch", "pwd", "ofs",    "shellid", "_",     "psitem", "state",
          "step",   "steps",   "actions", "names", "hosts", "start", "restore", "journal", "credential", "secret"};
}

std::string kind_of(const plan::Plan& plan, const std::string& object) {
  const auto at = plan.objects.find(object);
  return at == plan.objects.end() ? "object" : at->second.kind;
}

/// By template: a step that takes it, with the objects and arguments that all have who take it. A step may have more, for its way back.
std::map<std::string, plan::Step> what_all_have(const std::vector<plan::Step>& steps) {
  std::map<std::string, plan::Step> samples;
  for (const plan::Step& step : steps) {
    const auto [at, first] = samples.emplace(step.step_template, step);
    if (first) continue;
    plan::Step& sample = at->second;
    if (step.objects.size() < sample.objects.size()) sample.objects.resize(step.objects.size());
    std::erase_if(sample.args, [&](const auto& argument) { return !step.args.contains(argument.first); });
  }
  return samples;
}

void name_variables(Action& action, const plan::Step* step) {
  std::set<std::string> taken = reserved();
  for (const std::string& object : action.sample) {
    std::string wish = camel(kind_of(*action.plan, object));
    wish[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(wish[0])));
    if (taken.count(lower(wish)) != 0 && reserved().count(lower(wish)) != 0) wish = "the" + camel(wish);
    action.slots.push_back(fresh(wish, taken));
  }
  if (step == nullptr) return;
  for (const auto& [name, value] : step->args) action.arguments[name] = fresh("arg" + camel(name), taken);
}

std::string parameters(const Action& action) {
  std::string out;
  for (const std::string& slot : action.slots) out += (out.empty() ? "$" : ", $") + slot;
  for (const auto& [name, variable] : action.arguments) out += (out.empty() ? "$" : ", $") + variable;
  return "    param(" + out + ")\n";
}

std::string function(const std::string& name, const Action& action, const std::string& body) {
  return "function " + name + " {\n" + parameters(action) + body + "}\n";
}

std::string effects(const Action& action) {
  std::string out;
  for (const plan::Assignment* a : assignments(action.shape->effects)) {
    out += "    New-Effect " + slotted(a->variable, action, Slot::path) + " " + script_expression(a->to, action);
    if (a->when) out += " " + script_expression(*a->when, action);
    out += "\n";
  }
  return out;
}

std::string during(const Action& action) {
  std::string out;
  for (const plan::Assignment& a : action.shape->during)
    out += "    " + slotted(a.variable, action, Slot::path) + "\n";
  return out;
}

std::string requirements(const Action& action) {
  std::string out;
  for (const plan::Requirement& requirement : action.shape->requires_) {
    const std::string text = "wanted: " + words(requirement.formula);
    out += "    New-Requirement " + slotted(text, action, Slot::path) + " " +
           script_expression(requirement.formula, action) + "\n";
    if (!requirement.otherwise.empty()) {
      out.pop_back();
      out += "  # " + comment(requirement.otherwise) + "\n";
    }
  }
  return out;
}

std::string type_word(const plan::Type& type) {
  using Kind = plan::Type::Kind;
  switch (type.kind) {
    case Kind::boolean: return "bool";
    case Kind::integer: return "int";
    case Kind::duration: return "duration";
    case Kind::version: return "version";
    case Kind::text: return "string";
    case Kind::optional: return "optional " + (type.element.empty() ? "text" : type_word(type.element[0]));
    case Kind::set:
    case Kind::list: return "set " + (type.element.empty() ? "text" : type_word(type.element[0]));
    case Kind::enumeration: {
      std::string out = "enum";
      for (const std::string& name : type.names) out += " " + name;
      return out;
    }
    default: return "text";
  }
}

std::string readings(const plan::Probe& probe, const Action& action) {
  std::string out;
  for (const auto& [text, value] : probe.as) {
    const bool object = value.type == plan::Value::Type::reference;
    out += (out.empty() ? "" : ", ") + plan::quote("powershell", plan::text(text)) + ", " +
           (object ? slotted(value.text, action, Slot::path) : script_value(value));
  }
  return "@(" + out + ")";
}

std::string probes(const Action& action) {
  std::string out;
  for (const plan::Probe& probe : action.shape->probes) {
    if (probe.language != "powershell") continue;
    const Block block = command_block(probe.command.command, action);
    out += "    New-Probe -Variable " + slotted(probe.variable, action, Slot::path) + " -Type " +
           plan::quote("powershell", plan::text(type_word(variable_type(probe.variable, action)))) + " -From " +
           place(probe.command, action) + " -Every " + std::to_string(probe.every) + " `\n        -As " + readings(probe, action) +
           " `\n        -Arguments " + block.arguments + " -Block {\n" + indented(block.head, 12) + "            & {\n" +
           indented(block.body, 16) + "            } | ForEach-Object { \"$_\" }\n        }\n";
  }
  return out;
}

std::string act(const Action& action) {
  const auto command = action.shape->run.find("powershell");
  if (command != action.shape->run.end()) {
    const Block block = command_block(command->second.command, action);
    return "    Invoke-OnHost " + place(command->second, action) + " " + block.arguments + " {\n" + indented(block.head, 8) +
           indented(block.body, 8) + "    }\n";
  }
  return "    Request-Person " + person_text(action) + "\n";
}

/// Whether the host itself is away while the step runs: a state of its own changes and goes back without an effect that
/// says so, and the command comes from elsewhere. Such a step has ended when the session from before has broken.
bool goes_away(const Template& shape) {
  const auto command = shape.run.find("powershell");
  if (command == shape.run.end() || command->second.from.empty() || command->second.from == shape.on) return false;
  const std::vector<const plan::Assignment*> found = assignments(shape.effects);
  for (const plan::Assignment& a : shape.during) {
    const bool own = a.variable.substr(0, a.variable.rfind('.')) == shape.on;
    const bool set = std::any_of(found.begin(), found.end(), [&](const auto* e) { return e->variable == a.variable; });
    if (own && !set) return true;
  }
  return false;
}

plan::Seconds time_limit(const Template& shape) {
  return shape.timeout > 0 ? shape.timeout : std::max<plan::Seconds>(60, 4 * shape.takes);
}

const char* truth(bool value) { return value ? "$true" : "$false"; }

}  // namespace

std::vector<const plan::Assignment*> assignments(const plan::Effect& effect) {
  std::vector<const plan::Assignment*> found;
  for (const plan::Assignment& assignment : effect.assignments) found.push_back(&assignment);
  for (const plan::Effect& part : effect.parts) {
    const std::vector<const plan::Assignment*> inner = assignments(part);
    found.insert(found.end(), inner.begin(), inner.end());
  }
  return found;
}

std::string prelude_block(const plan::Text& text) {
  const Block block = command_block(text, Action{});
  return "@{\n        Arguments = { " + block.arguments + " }\n        Block = {\n" + indented(block.head, 12) +
         indented(block.body, 12) + "        }\n    }";
}

bool has_command(const Template& shape) { return !shape.run.empty(); }

std::string comment(std::string_view text) {
  std::string out = plan::quote("person", plan::text(text));
  if (!out.empty() && out[0] == '.') out.insert(0, "- ");
  for (std::size_t at = out.find("#>"); at != std::string::npos; at = out.find("#>", at)) out.insert(at + 1, " ");
  return out;
}

std::vector<Action> actions(const plan::Plan& plan) {
  std::vector<Action> found;
  std::set<std::string> seen;
  std::set<std::string> taken;
  const auto add = [&](const std::string& id, const std::vector<std::string>& objects, const plan::Step* step) {
    const auto at = plan.templates.find(id);
    if (at == plan.templates.end() || !seen.insert(id).second) return;
    Action action{id, fresh(camel(id), taken), &plan, &at->second, {}, {}, objects};
    name_variables(action, step);
    found.push_back(std::move(action));
  };
  const std::vector<plan::Step> all = all_steps(plan);
  const std::map<std::string, plan::Step> samples = what_all_have(all);
  for (const plan::Step& step : all) add(step.step_template, samples.at(step.step_template).objects, &samples.at(step.step_template));
  for (const plan::Step& step : all) {
    const auto at = plan.templates.find(step.step_template);
    if (at == plan.templates.end() || !at->second.fallback) continue;
    add(at->second.fallback->step_template, fallback_objects(*at->second.fallback, step), nullptr);
  }
  return found;
}

std::string action_functions(const Action& action) {
  const std::string about = action.shape->action + " (" + action.id + "): " + action.shape->title;
  std::string out = "#region " + comment(about) + "\n";
  if (action.shape->irreversible) out += "# This cannot be undone.\n";
  if (!action.shape->lease.empty()) out += "# A run of exm leaves a timer on the host for this; this script leaves none.\n";
  for (const std::string& privilege : action.shape->privileges) out += "# Needs: " + comment(privilege) + "\n";
  out += "# what must hold before\n" + function("Get-" + action.name + "Requirement", action, requirements(action));
  out += "# what it gives\n" + function("Get-" + action.name + "Effect", action, effects(action));
  out += "# what is not to be relied on while it runs\n" + function("Get-" + action.name + "During", action, during(action));
  out += "# how it is seen, before and after\n" + function("Get-" + action.name + "Probe", action, probes(action));
  if (has_command(*action.shape)) out += "# the act\n" + function("Invoke-" + action.name, action, act(action));
  return out + "#endregion\n\n";
}

std::string action_entry(const Action& action) {
  const plan::Retry retry = action.shape->retry.value_or(plan::Retry{});
  return "    " + plan::quote("powershell", plan::text(action.name)) + " = @{ Name = " +
         plan::quote("powershell", plan::text(action.name)) + "; Timeout = " + std::to_string(time_limit(*action.shape)) +
         "; Retry = " + std::to_string(retry.times) + "; RetryEvery = " + std::to_string(retry.every) +
         "; HasCommand = " + truth(has_command(*action.shape)) + "; GoesAway = " + truth(goes_away(*action.shape)) + " }\n";
}

}  // namespace exm::show
