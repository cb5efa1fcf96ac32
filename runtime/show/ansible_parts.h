// The parts that a playbook is written of. Entry points: step_data, step_tasks, ask_play, begin_play, way_back_plays.
#pragma once

#include <map>
#include <set>
#include <string>

#include "runtime/show/playbook.h"

namespace exm::show {

/// What is written once and needed everywhere.
struct PlaybookBook {
  const plan::Plan& plan;
  std::map<std::string, std::string> names;  // of hosts in the inventory, by path; "controller" is one
  bool secrets = false, started = false, preludes = false;  // some command has one
  std::string anchored;  // the blocks of tasks that were written already
};

/// A name that Ansible takes for a variable, a host or a tag.
std::string ansible_name(const std::string& text);

/// The names of all hosts of a plan in an inventory, by path. Commands of PowerShell have a controller that speaks it.
std::map<std::string, std::string> inventory_names(const plan::Plan& plan);

/// Whether any command or probe of the plan is in that language.
bool speaks(const plan::Plan& plan, const std::string& language);

/// What comes before each command on a host of that kind ("controller": on none); empty where nothing does.
std::string prelude_text(const plan::Plan& plan, const std::string& language, const std::string& kind);

/// The kinds of the objects that commands run on, and "controller".
std::set<std::string> kinds_of_hosts(const plan::Plan& plan);

/// A wave, as the variables of its play.
std::string step_data(const PlaybookBook& book, const PlaybookWave& wave);

/// The tasks of a wave. What was written once is referred to from then on.
std::string step_tasks(PlaybookBook& book, const PlaybookWave& wave);

}  // namespace exm::show
