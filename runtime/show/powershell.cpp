#include "runtime/show/powershell.h"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/plan/paths.h"
#include "runtime/plan/quote.h"
#include "runtime/show/powershell_runtime.h"
#include "runtime/show/powershell_tables.h"
#include "runtime/show/powershell_ways_back.h"
#include "runtime/show/words.h"

namespace exm {
namespace {

using show::comment;
using show::filled;

bool uses_secrets(const plan::Text& text) {
  return std::any_of(text.begin(), text.end(), [](const auto& p) { return p.kind == plan::Piece::Kind::secret; });
}

bool uses_secrets(const plan::Plan& plan) {
  for (const auto& [id, shape] : plan.templates) {
    for (const auto& [language, command] : shape.run)
      if (uses_secrets(command.command)) return true;
    for (const plan::Probe& probe : shape.probes)
      if (uses_secrets(probe.command.command)) return true;
  }
  for (const auto& [language, preludes] : plan.preludes)
    for (const auto& [kind, text] : preludes)
      if (uses_secrets(text)) return true;
  return false;
}

std::string duration(plan::Seconds seconds) {
  return plan::quote("person", plan::Value{plan::Value::Type::duration, seconds, {}, {}});
}

/// Lines of the help, each indented; nothing in them can end the comment or begin a section of its own.
class Lines {
 public:
  void add(std::string_view line) { text_ += "    " + comment(line) + "\n"; }
  void add_all(std::string_view title, const std::vector<std::string>& lines) {
    if (lines.empty()) return;
    text_ += "\n";
    add(title);
    for (const std::string& line : lines) add("- " + line);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

std::string description(const plan::Plan& plan) {
  Lines lines;
  lines.add("This script carries out the plan of the maintenance '" + plan.maintenance + "', " +
            std::to_string(plan.steps.size()) + " steps, one after another.");
  lines.add("The plan is a graph and would allow some steps to overlap; this is one of its orders, and as valid as the others.");
  lines.add("Before each step it looks at what the step requires and at what it overwrites. A step whose effects hold is");
  lines.add("skipped; a world that is not as the plan says stops the run before anything is changed. After each step it looks");
  lines.add("until the effects are seen or the time is over. It stops at the first failure, says what differs from the start,");
  lines.add("and goes on from its journal when it is run again.");
  return lines.text();
}

std::vector<std::string> irreversible(const plan::Plan& plan) {
  std::vector<std::string> lines;
  for (const plan::Step* step : show::in_sequence(plan)) {
    const auto shape = plan.templates.find(step->step_template);
    if (shape != plan.templates.end() && shape->second.irreversible)
      lines.push_back(step->id + ": " + filled(shape->second.title, *step, show::Slot::name));
  }
  return lines;
}

std::vector<std::string> privileges(const plan::Plan& plan) {
  std::set<std::string> lines;
  for (const plan::Step& step : plan.steps) {
    const auto shape = plan.templates.find(step.step_template);
    if (shape == plan.templates.end()) continue;
    for (const std::string& privilege : shape->second.privileges) lines.insert(filled(privilege, step, show::Slot::name));
  }
  return {lines.begin(), lines.end()};
}

std::string joined(const std::set<std::string>& words) {
  std::string out;
  for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

/// What the steps change and the plan does not list as free: it is put back. An object a line; many of one owner, and alike,
/// share one.
std::vector<std::string> restored(const plan::Plan& plan, const std::vector<show::Action>& actions) {
  std::map<std::string, std::set<std::string>> states;  // by object
  for (const plan::Step& step : plan.steps) {
    const auto action = std::find_if(actions.begin(), actions.end(), [&](const auto& a) { return a.id == step.step_template; });
    if (action == actions.end()) continue;
    for (const plan::Assignment* a : show::assignments(action->shape->effects)) {
      const std::string variable = filled(a->variable, step, show::Slot::path);
      const auto [object, state] = plan::split_variable(variable);
      if (plan.free.count(variable) == 0) states[object].insert(state);
    }
  }
  std::map<std::string, std::vector<std::string>> alike;  // objects, by their owner and what of them is put back
  for (const auto& [object, changed] : states)
    alike[object.substr(0, object.size() - plan::quote_part(plan::object_name(object)).size()) + ": " + joined(changed)].push_back(object);
  std::vector<std::string> lines;
  for (const auto& [what, objects] : alike) {
    if (objects.size() < 4) {
      for (const auto& object : objects) lines.push_back(object + ": " + joined(states[object]));
      continue;
    }
    const auto colon = what.find(": ");
    lines.push_back(what.substr(0, colon == 0 ? 0 : colon - 1) + " (" + std::to_string(objects.size()) + " of them)" + what.substr(colon));
  }
  std::sort(lines.begin(), lines.end());
  return lines;
}

std::string because(plan::Free::Why why) {
  switch (why) {
    case plan::Free::Why::lasting: return "it lasts";
    case plan::Free::Why::left: return "the maintenance leaves it so";
    case plan::Free::Why::achieved: return "it is the wish";
    case plan::Free::Why::unknown: return "it was unknown";
    case plan::Free::Why::planned: return "it is new";
  }
  return {};
}

std::vector<std::string> different(const plan::Plan& plan) {
  std::vector<std::string> lines;
  for (const auto& [variable, free] : plan.free) {
    if (show::comes_along(plan, variable)) continue;
    const std::string fresh = show::what_is_new(plan, variable);
    lines.push_back(fresh.empty() ? variable + " ends as " + plan::quote("person", free.ends) + ": " + because(free.why) : fresh + " is new");
  }
  return lines;
}

std::vector<std::string> felt(const plan::Plan& plan) {
  std::vector<std::string> lines;
  for (const plan::Step* step : show::in_sequence(plan)) {
    const auto shape = plan.templates.find(step->step_template);
    if (shape == plan.templates.end()) continue;
    for (const plan::Disruption& blow : shape->second.disrupts)
      lines.push_back(step->id + ": " + filled(blow.whose, *step, show::Slot::path) + " for " + duration(blow.lasts));
  }
  if (plan.summary.disruption > 0) lines.push_back("in all " + duration(plan.summary.disruption));
  if (lines.empty()) lines.push_back("nothing, if the plan goes as it says");
  return lines;
}

std::vector<std::string> windows(const plan::Plan& plan) {
  static const char* const days[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  std::vector<std::string> lines;
  for (const plan::Window& window : plan.limits.windows) {
    const std::string minute = std::to_string(window.minute % 60);
    lines.push_back(std::string(days[static_cast<unsigned>(window.weekday) % 7]) + " " + std::to_string(window.minute / 60) +
                    (minute.size() < 2 ? ":0" : ":") + minute + ", for " + duration(window.length) +
                    (window.zone.empty() ? "" : " in " + window.zone));
  }
  return lines;
}

std::string notes(const plan::Plan& plan, const std::vector<show::Action>& actions) {
  Lines lines;
  lines.add("Plan: " + plan.digest);
  lines.add("It takes about " + duration(plan.summary.duration) + " if nothing has to wait.");
  lines.add("Failures stop the run, whatever the plan tolerates. Exit codes: 0 done, 2 wrong usage, 4 stopped or failed, 5 the");
  lines.add("world is not as the plan says, 7 the journal cannot be written.");
  lines.add("What runs on a host that reads from a third machine, a share for instance, needs -Authentication CredSSP there.");
  lines.add_all("Cannot be undone:", irreversible(plan));
  lines.add_all("Users feel:", felt(plan));
  lines.add_all("Changed, and put back as it was:", restored(plan, actions));
  lines.add_all("Ends different:", different(plan));
  lines.add_all("To be run in the window:", windows(plan));
  lines.add_all("Needs:", privileges(plan));
  lines.add_all("Worth knowing:", plan.notices);
  return lines.text();
}

std::string help(const plan::Plan& plan, const std::vector<show::Action>& actions, bool secrets) {
  const std::string script = ".\\" + show::file_name(plan.maintenance) + ".ps1";
  std::string out = "<#\n.SYNOPSIS\n    " + comment(plan.title.empty() ? plan.maintenance : plan.title) +
                    "\n\n.DESCRIPTION\n" + description(plan);
  out +=
      "\n.PARAMETER ResumeFrom\n    The step to go on from, by the word of a person: what is before it counts as done. The journal alone is\n"
      "    enough to go on after a failure; this is for when the journal is lost or a person has set things right by hand.\n"
      "\n.PARAMETER Retreat\n    Goes back from the step that was cut off, as the plan has it, instead of on: what users need works again, as much\n"
      "    as can be is put back, and what stays open is said. Run again it goes on with that.\n"
      "\n.PARAMETER Journal\n    The file that records what has been done. By default it is in the current folder and named after the plan.\n"
      "\n.PARAMETER Credential\n    The account for the remote sessions; your own unless said.\n"
      "\n.PARAMETER Authentication\n    How the remote sessions are authenticated, for instance Kerberos or CredSSP.\n";
  if (secrets)
    out += "\n.PARAMETER Secret\n    A hash table of secrets by name, as secure strings. What it lacks is asked for when it is needed.\n";
  out += "\n.EXAMPLE\n    " + script + " -WhatIf\n    Changes nothing: shows each step, and where the world differs from what the plan begins with.\n";
  out += "\n.EXAMPLE\n    " + script + "\n    Carries the plan out and asks before each step.\n";
  out += "\n.EXAMPLE\n    " + script + " -Confirm:$false\n    Carries the plan out without asking before each step. Run after a stop it goes on from the journal.\n";
  out += "\n.EXAMPLE\n    " + script + " -Retreat\n    After a stop: goes back from the step that was cut off.\n";
  return out + "\n.NOTES\n" + notes(plan, actions) + "#>\n";
}

std::string parameters(bool secrets) {
  return std::string("[CmdletBinding(SupportsShouldProcess = $true, ConfirmImpact = 'High')]\nparam(\n") +
         "    [string]$ResumeFrom = '',\n    [switch]$Retreat,\n    [string]$Journal = '',\n" +
         "    [System.Management.Automation.PSCredential]$Credential = $null,\n" +
         "    [System.Management.Automation.Runspaces.AuthenticationMechanism]$Authentication = 'Default'" +
         (secrets ? ",\n    [hashtable]$Secret = @{}\n)\n" : "\n)\n") +
         "\nSet-StrictMode -Version 2\n$ErrorActionPreference = 'Stop'\n";
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

}  // namespace

plan::Plan one_after_another(const plan::Plan& plan, ScriptOrder order) {
  plan::Plan ordered = plan;
  ordered.steps.clear();
  for (const plan::Step* step : show::in_sequence(plan, order)) {
    const bool first = ordered.steps.empty();
    const std::string before = first ? "" : ordered.steps.back().id;
    ordered.steps.push_back(*step);
    ordered.steps.back().after = first ? std::vector<std::string>{} : std::vector<std::string>{before};
  }
  return ordered;
}

std::string show_powershell(const plan::Plan& plan, const std::set<std::string>& ways_back) {
  const bool secrets = uses_secrets(plan);
  const std::vector<show::Action> actions = show::actions(plan);
  std::string out = "#requires -version 2.0\n" + help(plan, actions, secrets) + parameters(secrets);
  out += show::powershell_logic;
  out += show::powershell_journal;
  out += show::powershell_hosts;
  if (secrets) out += show::powershell_secrets;
  out += show::powershell_engine;
  out += show::powershell_retreat;
  out += "\n#region What this plan is about\n" + show::tables(plan, actions) + "#endregion\n\n";
  out += show::ways_back(plan, actions, ways_back);
  for (const show::Action& action : actions) out += show::action_functions(action);
  out += show::powershell_main.substr(1);
  return is_ascii(out) ? out : "\xEF\xBB\xBF" + out;
}

}  // namespace exm
