#include "runtime/show/ansible.h"

#include <algorithm>
#include <set>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/quote.h"
#include "runtime/show/ansible_parts.h"
#include "runtime/show/ansible_yaml.h"
#include "runtime/show/words.h"

namespace exm {
namespace {

using show::yaml_text;
using show::yaml_unsafe;

template <class Use>
void each_text(const plan::Plan& plan, const Use& use) {
  for (const auto& [id, shape] : plan.templates) {
    for (const auto& [language, command] : shape.run) use(command.command);
    for (const auto& probe : shape.probes) use(probe.command.command);
  }
  for (const auto& [language, kinds] : plan.preludes)
    for (const auto& [kind, text] : kinds) use(text);
}

std::set<std::string> secrets_of(const plan::Plan& plan) {
  std::set<std::string> names;
  each_text(plan, [&](const plan::Text& text) {
    for (const auto& piece : text)
      if (piece.kind == plan::Piece::Kind::secret) names.insert(show::ansible_name(piece.text));
  });
  return names;
}

bool asks_for_the_begin(const plan::Plan& plan) {
  bool found = false;
  each_text(plan, [&](const plan::Text& text) {
    for (const auto& piece : text) found = found || piece.kind == plan::Piece::Kind::run;
  });
  return found;
}

std::string comments(const std::string& title, const std::vector<std::string>& lines) {
  if (lines.empty()) return "";
  std::string out = "#\n# " + title + "\n";
  for (const auto& line : lines) out += "#   " + show::yaml_comment(line) + "\n";
  return out;
}

std::string head(const plan::Plan& plan, const show::Playbook& playbook, const std::set<std::string>& secrets) {
  std::vector<std::string> needs, asked, people, last;
  std::set<std::string> privileges;
  std::size_t steps = 0;
  for (const auto& wave : playbook.waves) {
    steps += wave.size();
    for (const auto& step : wave) {
      for (const auto& [id, question] : step.gates) asked.push_back("approve_" + show::ansible_name(id) + "=yes: " + question);
      if (step.act.language == "person") people.push_back("did_" + show::ansible_name(step.id) + "=yes: " + step.title);
    }
  }
  for (const auto& step : plan.steps)
    if (const auto shape = plan.templates.find(step.step_template); shape != plan.templates.end())
      for (const auto& privilege : shape->second.privileges) privileges.insert(plan::fill_title(privilege, step.objects, step.args));
  if (show::speaks(plan, "powershell"))
    needs.push_back("the collection ansible.windows, and a host named controller for what is not done on a host of the plan");
  for (const auto& name : secrets) needs.push_back("the secret secret_" + name + " (a variable, from a vault for instance), or SECRET_" + name + " in the environment");
  for (const auto& privilege : privileges) needs.push_back(privilege);
  std::string out = "# " + show::yaml_comment(plan.title.empty() ? plan.maintenance : plan.title) + "\n#\n# Plan: " + plan.digest + "\n# " +
                    show::count_words(static_cast<std::int64_t>(steps), "step") + " in " + show::count_words(static_cast<std::int64_t>(playbook.waves.size()), "wave") +
                    ". The steps of a wave may overlap, waves don't; the checker has found the plan valid in this order.\n"
                    "# Each step is looked at before and after, skipped where it is so already, and the first that fails stops everything.\n#\n"
                    "#   exm show PLAN.json --format ansible-inventory > inventory.yml\n"
                    "#   ansible-playbook -i inventory.yml plan.yml\n"
                    "#   ansible-playbook -i inventory.yml plan.yml --check              asks what is so, and changes nothing\n"
                    "#   ansible-playbook -i inventory.yml plan.yml -e exm_from=3        goes on with the third wave: what is before it counts as done\n"
                    "#   ansible-playbook -i inventory.yml plan.yml --tags retreat_ID    goes back from a step that was cut off\n";
  out += comments("Needs:", needs);
  out += comments("Asks a person, unless -e says:", asked);
  out += comments("Is done by a person, unless -e says that it is done:", people);
  std::vector<std::string> worth = plan.notices;
  const bool leases = std::any_of(plan.templates.begin(), plan.templates.end(), [](const auto& entry) { return !entry.second.lease.empty(); });
  if (leases) worth.push_back("a run of exm leaves timers on hosts, which put back what it changed should it be lost; a playbook leaves none");
  return out + comments("Worth knowing:", worth);
}

/// What has to be there before anything is begun.
std::string first_play(const plan::Plan& plan, const std::set<std::string>& secrets, bool started) {
  std::string tasks;
  if (started)
    tasks += "    - name: Keep the time at which the run began\n      ansible.builtin.set_fact:\n        exm_started: \"{{ exm_started | default(now(utc=true, fmt='%Y-%m-%dT%H:%M:%S.000Z')) }}\"\n";
  for (const auto& name : secrets)
    tasks += "    - name: " + yaml_text("See that the secret " + name + " is there") + "\n      ansible.builtin.assert:\n        that: lookup('ansible.builtin.vars', 'secret_" + name +
             "', default=lookup('ansible.builtin.env', 'SECRET_" + name + "')) | length > 0\n        quiet: true\n        fail_msg: " +
             yaml_text("No secret " + name + ": give the variable secret_" + name + " (from a vault), or SECRET_" + name + " in the environment. Nothing was run.") +
             "\n      no_log: false\n";
  std::vector<std::string> lines;
  for (const auto& step : plan.steps)
    if (const auto shape = plan.templates.find(step.step_template); shape != plan.templates.end() && shape->second.irreversible)
      lines.push_back("Step " + step.id + " cannot be undone.");
  if (!lines.empty()) {
    tasks += "    - name: Say what is worth knowing\n      ansible.builtin.debug:\n        msg:\n";
    for (const auto& line : lines) tasks += "          - " + yaml_unsafe(line) + "\n";
  }
  if (tasks.empty()) return "";
  return "- name: Before anything is begun\n  hosts: localhost\n  gather_facts: false\n  tags: [always]\n  tasks:\n" + tasks + "\n";
}

/// Minutes from the begin of the week's window, and what the wave takes.
std::string window_task(const plan::Plan& plan, const show::PlaybookWave& wave) {
  plan::Seconds takes = 0;
  for (const auto& step : wave)
    for (const auto& own : plan.steps)
      if (own.id == step.id) takes = std::max(takes, plan.templates.at(own.step_template).takes);
  std::string any, clocks;
  for (std::size_t i = 0; i < plan.limits.windows.size(); ++i) {
    const auto& window = plan.limits.windows[i];
    const std::string clock = "exm_clock_" + std::to_string(i);
    const std::string zone = window.zone.empty() ? "" : "TZ=" + plan::quote("shell", plan::text(window.zone)) + " ";
    clocks += "        " + clock + ": \"{{ lookup('ansible.builtin.pipe', " + show::jinja_text(zone + "date +%u:%H:%M") + ").split(':') | map('int') | list }}\"\n";
    any += (any.empty() ? "" : " or ") + ("(((" + clock + "[0] - 1) * 24 + " + clock + "[1]) * 60 + " + clock + "[2] - ") +
           std::to_string(window.weekday * 1440 + window.minute) + ") % 10080 + " + std::to_string((takes + 59) / 60) + " <= " + std::to_string(window.length / 60);
  }
  return "    - name: See that the window is open for long enough\n      ansible.builtin.assert:\n        that: " + any +
         "\n        quiet: true\n        fail_msg: The window is closed, or closes before this wave could end. Go on in the next one, with -e exm_from={{ exm_wave }}\n      vars:\n" + clocks +
         "      when: not ansible_check_mode\n";
}

std::string gate_tasks(const show::PlaybookWave& wave) {
  std::string tasks;
  for (const auto& step : wave)
    for (const auto& [id, question] : step.gates) {
      const std::string variable = "approve_" + show::ansible_name(id);
      tasks += "    - name: Ask a person\n      ansible.builtin.pause:\n        prompt: " + yaml_unsafe("Before step " + step.id + ": " + question + " (yes or no)") +
               "\n      register: exm_answer\n      when: not " + variable + " | default(false) | bool and not ansible_check_mode\n" +
               "    - name: See that a person said yes\n      ansible.builtin.assert:\n        that: exm_answer is skipped or exm_answer.user_input | default('') | trim | lower == 'yes'\n" +
               "        quiet: true\n        fail_msg: " + yaml_unsafe("Step " + step.id + " waits for a person's yes, and nothing of its wave was run: " + question + " (where nobody can be asked: -e " + variable + "=yes)") + "\n";
    }
  return tasks;
}

std::string before_wave(const plan::Plan& plan, const show::PlaybookWave& wave, std::size_t number) {
  const std::string tasks = (plan.limits.windows.empty() ? "" : window_task(plan, wave)) + gate_tasks(wave);
  if (tasks.empty()) return "";
  std::string guarded;
  return "- name: " + yaml_text("Before wave " + std::to_string(number)) + "\n  hosts: localhost\n  gather_facts: false\n  vars:\n    exm_wave: " + std::to_string(number) +
         "\n  tasks:\n    - name: Leave out what is over\n      ansible.builtin.meta: end_play\n      when: exm_wave < exm_from | default(1) | int\n" + tasks + "\n";
}

std::string wave_name(const show::PlaybookWave& wave) {
  constexpr std::size_t most = 8;
  std::vector<std::string> ids, titles;
  for (const auto& step : wave) {
    ids.push_back(step.id);
    titles.push_back(step.title);
  }
  return show::list_words(ids, most) + ": " + show::list_words(titles, 2);
}

std::string wave_play(show::PlaybookBook& book, const show::PlaybookWave& wave, std::size_t number, const std::string& tags, const std::string& preludes) {
  std::string hosts;
  for (const auto& step : wave) hosts += (hosts.empty() ? "" : ", ") + book.names.at(step.host);
  return "- name: " + yaml_unsafe((number > 0 ? "Wave " + std::to_string(number) + ": " : "Back: ") + wave_name(wave)) + "\n  hosts: [" + hosts +
         "]\n  gather_facts: false\n" + tags + "  vars:\n    exm_wave: " + std::to_string(number) + "\n" + preludes + show::step_data(book, wave) +
         show::step_tasks(book, wave) + "\n";
}

/// What comes before each command, by the kind of its host: written once.
class Preludes {
 public:
  explicit Preludes(const plan::Plan& plan) : plan_(plan) {}
  std::string text() {
    if (plan_.preludes.empty()) return "";
    if (written_) return "    exm_preludes: *preludes\n";
    written_ = true;
    std::string out;
    for (const std::string& kind : show::kinds_of_hosts(plan_))
      for (const char* const language : {"shell", "powershell"})
        if (const std::string text = show::prelude_text(plan_, language, kind); !text.empty())
          out += "      " + yaml_text(kind) + ": " + show::yaml_block(text, 8) + "\n";
    return out.empty() ? "    exm_preludes: &preludes {}\n" : "    exm_preludes: &preludes\n" + out;
  }

 private:
  const plan::Plan& plan_;
  bool written_ = false;
};

std::string environment(const std::set<std::string>& secrets, bool started) {
  std::string out = "    exm_environment:\n";
  for (const auto& name : secrets)
    out += "      exm_secret_" + name + ": \"{{ lookup('ansible.builtin.vars', 'secret_" + name + "', default=lookup('ansible.builtin.env', 'SECRET_" + name + "')) }}\"\n";
  if (started) out += "      exm_run_started: \"{{ hostvars['localhost'].exm_started }}\"\n";
  return out;
}

/// Ways back that are equal are written once, with the tags of all steps that they are for.
std::vector<show::PlaybookWayBack> shared(const std::vector<show::PlaybookWayBack>& ways, const show::PlaybookBook& book) {
  std::vector<show::PlaybookWayBack> all;
  std::map<std::string, std::size_t> known;
  for (const auto& way : ways) {
    std::string body;
    for (const auto& step : way.steps) body += step.host + "\n" + show::step_data(book, {step});
    for (const auto& line : way.open) body += line + "\n";
    const auto [at, fresh] = known.emplace(body, all.size());
    if (fresh)
      all.push_back(way);
    else
      all[at->second].from.push_back(way.from.front());
  }
  return all;
}

std::string open_play(const show::PlaybookWayBack& way, const std::string& tags) {
  std::string out = "- name: Gone back\n  hosts: localhost\n  gather_facts: false\n" + tags + "  tasks:\n    - name: Say what stays open\n      ansible.builtin.debug:\n        msg:\n";
  if (way.open.empty()) return out + "          - Nothing stays open.\n\n";
  for (const auto& line : way.open) out += "          - " + yaml_unsafe("Stays open: " + line) + "\n";
  return out + "\n";
}

/// An inventory goes into databases that know no marks: there an address is marked only where something in it would be taken for a template.
std::string plain(const std::string& address) { return address.find('{') == std::string::npos ? yaml_text(address) : yaml_unsafe(address); }

}  // namespace

std::string show_ansible(const plan::Plan& plan, const show::Playbook& playbook) {
  const std::set<std::string> secrets = secrets_of(plan);
  show::PlaybookBook book{plan, show::inventory_names(plan), !secrets.empty(), asks_for_the_begin(plan), !plan.preludes.empty(), {}};
  Preludes preludes(plan);
  const bool by_environment = show::speaks(plan, "powershell") && (book.secrets || book.started);
  const auto common = [&] { return preludes.text() + (by_environment ? environment(secrets, book.started) : ""); };
  std::string out = head(plan, playbook, secrets) + "---\n" + first_play(plan, secrets, book.started);
  for (std::size_t i = 0; i < playbook.waves.size(); ++i)
    out += before_wave(plan, playbook.waves[i], i + 1) + wave_play(book, playbook.waves[i], i + 1, {}, common());
  for (const auto& way : shared(playbook.ways_back, book)) {
    std::string tags = "  tags: [never";
    for (const auto& id : way.from) tags += ", retreat_" + show::ansible_name(id);
    tags += "]\n";
    for (const auto& step : way.steps) out += wave_play(book, {step}, 0, tags, common());
    out += open_play(way, tags);
  }
  out.pop_back();
  return out;
}

std::string show_ansible_inventory(const plan::Plan& plan) {
  const auto names = show::inventory_names(plan);
  const bool powershell = show::speaks(plan, "powershell");
  std::string out = "# The hosts of the plan " + show::yaml_comment(plan.maintenance) + ", by kind. How they are reached, as whom, and with which rights is yours to say:\n"
                    "# here, in group_vars, or in an inventory of your own that has the same names.\n---\nall:\n  hosts:\n    localhost:\n      ansible_connection: local\n"
                    "      ansible_python_interpreter: \"{{ ansible_playbook_python }}\"\n";
  std::map<std::string, std::string> kinds;
  for (const auto& [path, host] : plan.hosts) {
    const auto object = plan.objects.find(path);
    const auto at = host.address.rfind('@');
    std::string& group = kinds[object == plan.objects.end() ? "host" : object->second.kind];
    group += "        " + names.at(path) + ":\n          ansible_host: " + plain(at == std::string::npos ? host.address : host.address.substr(at + 1)) + "\n";
    if (at != std::string::npos) group += "          ansible_user: " + plain(host.address.substr(0, at)) + "\n";
  }
  if (!kinds.empty()) out += "  children:\n";
  std::string groups;
  for (const auto& [kind, hosts] : kinds) {
    bool taken = false;
    for (const auto& [path, name] : names) taken = taken || name == kind;
    const std::string group = show::ansible_name(kind) + (taken ? "_hosts" : "");
    out += "    " + group + ":\n      hosts:\n" + hosts;
    groups += "        " + group + ":\n";
  }
  if (powershell)
    out += "    # a host named controller: Windows, with the tools to manage the others\n    powershell:\n      hosts:\n        controller:\n      children:\n" + groups +
           "      vars:\n        ansible_connection: winrm\n        ansible_port: 5986\n        ansible_winrm_transport: kerberos\n";
  return out;
}

}  // namespace exm
