// The tasks of a wave: the same for each, with what is particular to its steps in the variables of the play. They are written at their first
// use, and referred to from then on.
#include <algorithm>

#include "runtime/show/ansible_parts.h"
#include "runtime/show/ansible_yaml.h"

namespace exm::show {
namespace {

const char* const step = "exm_steps[inventory_hostname]";

/// Lines with spaces before them.
std::string indented(const std::string& text, std::size_t spaces) {
  std::string out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += std::string(end == begin ? 0 : spaces, ' ') + text.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return out;
}

/// A command whose data is `what`. It goes in through a pipe, so that neither it nor a secret stands in a list of processes.
std::string command(const PlaybookBook& book, const std::string& language, const std::string& what) {
  const std::string prelude = book.preludes ? "{{ exm_preludes[" + what + ".prelude | default('')] | default('') }}" : "";
  const std::string hidden = book.secrets ? "no_log: \"{{ 'secrets' in " + what + " }}\"\n" : "";
  if (language == "powershell") {
    std::string out = "ansible.windows.win_shell:\n  _raw_params: \"$ErrorActionPreference = 'Stop'\\n" + prelude + "{{ " + what + ".run }}\"\n";
    if (book.secrets || book.started) out += "environment: \"{{ exm_environment }}\"\n";
    return out + hidden;
  }
  std::string before = prelude;
  if (book.secrets)
    before += "{% for name in " + what + ".secrets | default([]) %}exm_secret_{{ name }}={{ lookup('ansible.builtin.vars', 'secret_' ~ name, "
              "default=lookup('ansible.builtin.env', 'SECRET_' ~ name)) | quote }}\\n{% endfor %}";
  if (book.started) before += "{% if " + what + ".started | default(false) %}exm_run_started={{ hostvars['localhost'].exm_started | quote }}\\n{% endif %}";
  return "ansible.builtin.shell:\n  cmd: 'exm=$(cat); exec </dev/null; (set -e; eval \"$exm\")'\n  stdin: \"" + before + "{{ " + what + ".run }}\"\n" + hidden;
}

std::string before(const PlaybookBook& book, const std::string& language) {
  const std::string s = step;
  return "- name: Look at the states that the step is about\n" + indented(command(book, language, "item"), 2) +
         "  loop: \"{{ " + s + ".looks }}\"\n"
         "  loop_control: {label: \"{{ item.state }}\"}\n"
         "  delegate_to: \"{{ item.at }}\"\n"
         "  register: exm_look\n"
         "  changed_when: false\n"
         "  failed_when: false\n"
         "  ignore_unreachable: true\n"
         "  check_mode: false\n"
         "  timeout: 60\n"
         "- name: See whether it is so already\n"
         "  ansible.builtin.set_fact:\n"
         "    exm_over: >-\n"
         "      {%- set seen = namespace(all=" + s + ".skips) -%}\n"
         "      {%- for look in exm_look.results if look.item.after is defined\n"
         "            and not (look.rc | default(1) == 0 and look.stdout | trim is match(look.item.after)) -%}\n"
         "      {%- set seen.all = false -%}\n"
         "      {%- endfor -%}\n"
         "      {{ seen.all }}\n"
         "- name: See that what the step asks for holds\n"
         "  ansible.builtin.assert:\n"
         "    that: \"{{ exm_conditions[inventory_hostname] }}\"\n"
         "    quiet: true\n"
         "    fail_msg: \"Before step {{ " + s + ".id }} ({{ " + s + ".title }}) the world is not as the plan says, and nothing of its wave was run: {{ " + s + ".wants }}\"\n"
         "  any_errors_fatal: true\n"
         "  when:\n"
         "    - not exm_over | bool\n"
         "    - exm_conditions is defined and inventory_hostname in exm_conditions\n"
         "    - not ansible_check_mode or exm_wave == 1\n"
         "- name: See that the world is as the plan says\n"
         "  ansible.builtin.fail:\n"
         "    msg: \"Before step {{ " + s + ".id }} ({{ " + s + ".title }}) the world is not as the plan says, and nothing of its wave was run:{{ exm_strays }}\"\n"
         "  vars:\n"
         "    exm_strays: >-\n"
         "      {%- for look in exm_look.results if look.item.before is defined\n"
         "            and not (look.rc | default(1) == 0 and look.stdout | trim is match(look.item.before)) -%}\n"
         "      {{ ' ' ~ look.item.state }} is {{ look.stdout | trim if look.rc | default(1) == 0 else 'unknown' }}, the plan has {{ look.item.is }};\n"
         "      {%- endfor -%}\n"
         "  any_errors_fatal: true\n"
         "  when:\n"
         "    - not exm_over | bool\n"
         "    - exm_strays | trim | length > 0\n"
         "    - not ansible_check_mode or exm_wave == 1\n";
}

std::string show_effects(const PlaybookBook& book, const std::string& language) {
  const std::string s = step;
  return "- name: Wait until a host that went away is there again\n"
         "  ansible.builtin.wait_for_connection: {timeout: \"{{ " + s + "[exm_command].timeout }}\", sleep: 2}\n"
         "  when: exm_act is succeeded and " + s + ".away | default(false) and not ansible_check_mode\n"
         "  ignore_errors: true\n"
         "  ignore_unreachable: true\n"
         "- name: Wait until its effects show\n" + indented(command(book, language, "item"), 2) +
         "  loop: \"{{ " + s + ".looks | selectattr('after', 'defined') }}\"\n"
         "  loop_control: {label: \"{{ item.state }}\"}\n"
         "  delegate_to: \"{{ item.at }}\"\n"
         "  register: exm_shown\n"
         "  until: exm_shown.rc | default(1) == 0 and exm_shown.stdout | trim is match(item.after)\n"
         "  retries: \"{{ " + s + ".rounds }}\"\n"
         "  delay: \"{{ " + s + ".every }}\"\n"
         "  changed_when: false\n"
         "  when: exm_act is succeeded and not ansible_check_mode\n"
         "  ignore_errors: true\n"
         "  ignore_unreachable: true\n";
}

/// One try: the act, then its effects. What goes wrong is kept until all steps of the wave are over.
std::string attempt(const PlaybookBook& book, const std::string& language) {
  const std::string s = step;
  return "- name: Act\n" + indented(command(book, language, s + "[exm_command]"), 2) +
         "  delegate_to: \"{{ " + s + "[exm_command].at }}\"\n"
         "  async: \"{{ " + s + "[exm_command].timeout }}\"\n"
         "  poll: 1\n"
         "  register: exm_act\n"
         "  when: exm_command in " + s + "\n"
         "  ignore_errors: true\n"
         "  ignore_unreachable: true\n";
}

const char* const seen = R"(- name: See whether it is done
  ansible.builtin.set_fact:
    exm_over: "{{ ansible_check_mode or (exm_act is succeeded and exm_act is not unreachable and exm_shown is succeeded and exm_shown is not unreachable) }}"
)";

std::string person() {
  const std::string s = step;
  return "- name: A person does it\n"
         "  ansible.builtin.pause:\n"
         "    prompt: \"Step {{ " + s + ".id }}: {{ " + s + ".person.run }} (yes when it is done)\"\n"
         "  register: exm_answer\n"
         "  when: not ansible_check_mode and not lookup('ansible.builtin.vars', " + s + ".said, default=false) | bool\n"
         "- name: See whether a person has done it\n"
         "  ansible.builtin.assert:\n"
         "    that: exm_answer is skipped or exm_answer.user_input | default('') | trim | lower == 'yes'\n"
         "    fail_msg: \"Step {{ " + s + ".id }} is for a person: {{ " + s + ".person.run }}. Where nobody can be asked, do it and run again with -e {{ " + s + ".said }}=yes\"\n"
         "  register: exm_act\n"
         "  ignore_errors: true\n";
}

std::string after() {
  const std::string s = step;
  return "- name: See that the step is done\n"
         "  ansible.builtin.fail:\n"
         "    msg: >-\n"
         "      Step {{ " + s + ".id }} ({{ " + s + ".title }}) failed:\n"
         "      {{ exm_why }}\n"
         "      Nothing more is begun.\n"
         "      {% if exm_wave > 0 %}To go on from here: -e exm_from={{ exm_wave }}{% if exm_others | length > 0 %} -e exm_done={{ exm_others }}{% endif %}.\n"
         "      {% if " + s + ".way_back is defined %}To go back instead: --tags {{ " + s + ".way_back }}.{% else %}The plan has no way back from it in this order.{% endif %}{% endif %}\n"
         "  vars:\n"
         "    exm_why: >-\n"
         "      {%- if exm_act is unreachable -%} its host was not to be reached, and nobody knows whether its command goes on.\n"
         "      {%- elif exm_act is failed -%} {{ exm_act.msg | default('its command failed', true) }}{{ (', exit code ' ~ exm_act.rc) if exm_act.rc is defined else '' }}: {{ (exm_act.stderr | default(exm_act.stdout | default(''), true))[-800:] }}.\n"
         "      {%- else -%} its command ended well, but its effects did not show in time:\n"
         "      {%- for look in exm_shown.results | default([]) if look is failed or look is unreachable %} {{ look.item.state }} is\n"
         "      {{ look.stdout | trim if look.rc | default(1) == 0 else 'unknown' }} and should be {{ look.item.becomes }};{% endfor -%}\n"
         "      {%- endif -%}\n"
         "    exm_others: >-\n"
         "      {%- for host in ansible_play_hosts_all if host != inventory_hostname and hostvars[host].exm_over | default(false) | bool -%}\n"
         "      {{ exm_steps[host].id }},\n"
         "      {%- endfor -%}\n"
         "  any_errors_fatal: true\n"
         "  when: not exm_over | bool\n";
}

/// A block that is written once.
class Blocks {
 public:
  Blocks(PlaybookBook& book, std::string language) : book_(book), language_(std::move(language)) {}

  void add(const std::string& anchor, const std::string& name, const std::string& more, const std::string& tasks) {
    const std::string full = anchor + "_" + language_;
    out += "    - name: " + name + "\n" + more;
    const bool fresh = book_.anchored.find("&" + full + "\n") == std::string::npos;
    if (fresh) book_.anchored += "&" + full + "\n";
    out += "      block: " + (fresh ? "&" + full + "\n" + indented(tasks, 8) : "*" + full + "\n");
  }

  std::string out;

 private:
  PlaybookBook& book_;
  std::string language_;
};

}  // namespace

std::string step_tasks(PlaybookBook& book, const PlaybookWave& wave) {
  const PlaybookStep& first = wave.front();
  const bool by_person = first.act.language == "person";
  std::string language = first.act.language;
  if (language.empty() || by_person) language = first.looks.empty() ? "shell" : first.looks.front().probe.language;
  int tries = 0;
  bool fallback = false, away = false;
  for (const auto& one : wave) {
    tries = std::max(tries, one.retry.times);
    fallback = fallback || one.fallback.has_value();
    away = away || one.goes_away;
  }
  // Plays that need the same tasks refer to those of the first.
  const std::string all = "step_" + language + (by_person ? "_person" : "") + (tries > 0 ? "_retry" + std::to_string(tries) : "") + (fallback ? "_fallback" : "") + (away ? "_away" : "");
  if (book.anchored.find("&" + all + "\n") != std::string::npos) return "  tasks: *" + all + "\n";
  book.anchored += "&" + all + "\n";
  Blocks blocks(book, language);
  blocks.out = "  tasks: &" + all + "\n    - name: See what was said to be over\n      ansible.builtin.set_fact:\n        exm_over: \"{{ 0 < exm_wave < exm_from | default(1) | int or " +
               std::string(step) + ".id in (exm_done | default('') | string).split(',') }}\"\n";
  blocks.add("before", "Before the step", "      when: not exm_over | bool\n", before(book, language));
  const auto take = [&](const std::string& name, const std::string& key, const std::string& when) {
    const std::string vars = "      vars: {exm_command: " + key + "}\n";
    if (by_person)
      blocks.add("person", name, vars + when, person());
    else
      blocks.add("attempt", name, vars + when, attempt(book, language));
    blocks.add("show", "See its effects", vars + when, show_effects(book, language));
    for (int again = 0; away && again < 2; ++again)
      blocks.add("show", "See its effects, once the host is there again", vars + when + "        - exm_shown is unreachable\n", {});
    blocks.add("seen", "See whether that was all", when, seen);
  };
  const std::string not_over = "      when:\n        - not exm_over | bool\n";
  take("Take the step", by_person ? "person" : "act", not_over);
  for (int again = 1; again <= tries; ++again) {
    const std::string when = not_over + "        - exm_act is not unreachable\n        - " + std::string(step) + ".retry | default(0) >= " + std::to_string(again) + "\n";
    blocks.out += "    - name: Wait before it is tried again\n      ansible.builtin.wait_for: {timeout: \"{{ " + std::string(step) +
                  ".retry_every }}\"}\n      delegate_to: localhost\n" + when;
    take("Try again", "act", when);
  }
  if (fallback) take("Do something else instead", "fallback", not_over + "        - exm_act is not unreachable\n        - \"'fallback' in " + std::string(step) + "\"\n");
  blocks.add("after", "After the step", "", after());
  return blocks.out;
}

}  // namespace exm::show
