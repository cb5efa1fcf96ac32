#include "runtime/run/lease.h"

#include <algorithm>
#include <optional>

#include "runtime/adapter/value_text.h"
#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"
#include "runtime/plan/sha256.h"
#include "runtime/run/judge.h"
#include "runtime/run/lease_script.h"
#include "runtime/verify/evaluate.h"

namespace exm {
namespace {

plan::Value value_in(const plan::Expression& expression, const World& world) { return evaluate(expression, world); }

/// A step's way back first, then what the plan does later.
std::vector<plan::Template> ways_back(const plan::Plan& plan, std::size_t number) {
  const auto& step = plan.steps[number];
  std::vector<plan::Template> shapes;
  if (const auto retreat = plan.retreats.find(step.retreat); retreat != plan.retreats.end())
    for (const auto& back : retreat->second.steps) shapes.push_back(plan::instantiate(plan, back, step));
  for (std::size_t later = number + 1; later < plan.steps.size(); ++later) shapes.push_back(plan::instantiate(plan, plan.steps[later]));
  return shapes;
}

bool puts_back(const plan::Template& shape, const World& world, const std::string& variable, const plan::Value& prior) {
  for (const auto& group : resolve(shape.effects, world, value_in))
    for (const auto& change : group)
      if (change.variable == variable && !change.doubtful && same(change.value, prior)) return true;
  return false;
}

const plan::Command* command_of(const plan::Template& shape, std::string& language) {
  for (const auto& [name, command] : shape.run) {
    if (!leases_in(name)) continue;
    language = name;
    return &command;
  }
  return nullptr;
}

bool holds_secret(const plan::Text& text) {
  return std::any_of(text.begin(), text.end(), [](const plan::Piece& piece) { return piece.kind == plan::Piece::Kind::secret; });
}

/// The command, with what a session loads before it.
plan::Text with_preludes(const plan::Plan& plan, const std::string& language, const std::string& host, const plan::Text& command) {
  plan::Text all;
  const auto object = plan.objects.find(host);
  if (const auto found = plan.preludes.find(language); found != plan.preludes.end())
    for (const auto& kind : {std::string(), object == plan.objects.end() ? std::string("controller") : object->second.kind}) {
      const auto text = found->second.find(kind);
      if (text == found->second.end()) continue;
      all.insert(all.end(), text->second.begin(), text->second.end());
      all.push_back({plan::Piece::Kind::text, "\n", {}, 0});
    }
  all.insert(all.end(), command.begin(), command.end());
  return all;
}

Failure no_timer(const plan::Step& step, const std::string& variable, const std::string& why) {
  return {Failure::Kind::usage, "step " + step.id + " is to leave a timer that puts " + variable + " back, and " + why};
}

/// Nothing where it can be done.
std::optional<Failure> describe(Lease& lease, const plan::Plan& plan, const plan::Step& step, const std::string& variable) {
  const auto* command = command_of(*lease.back, lease.language);
  if (command == nullptr) return no_timer(step, variable, "what puts it back (" + lease.back->title + ") is no command for a shell or PowerShell");
  lease.host = command->from.empty() ? lease.back->on : command->from;
  lease.undo = with_preludes(plan, lease.language, lease.host, command->command);
  if (holds_secret(lease.undo)) return no_timer(step, variable, "its command needs a secret, which is never left on a host");
  return std::nullopt;
}

/// Holds afterwards, or has nothing to do with what is changed.
bool still_holds(const plan::Expression& formula, const std::vector<std::string>& changed, const World& after) {
  std::vector<std::string> variables;
  reads(formula, variables);
  const bool touched = std::any_of(variables.begin(), variables.end(), [&](const auto& variable) {
    return std::find(changed.begin(), changed.end(), variable) != changed.end();
  });
  return !touched || truth(formula, after) == Truth::yes;
}

}  // namespace

Result<std::vector<Lease>> leases_of(const plan::Plan& plan, std::size_t number, const World& world, const std::string& run) {
  const auto& step = plan.steps[number];
  std::vector<Lease> leases;
  if (plan.templates.at(step.step_template).lease.empty()) return leases;
  const auto shape = plan::instantiate(plan, step);
  World changed = world;
  take_effect(resolve(shape.effects, world, value_in), changed);
  const World restored = plan::restore_world(plan);
  const auto back = ways_back(plan, number);
  for (const auto& [variable, lasts] : shape.lease) {
    const auto& prior = value_of(world, variable);
    const bool free = plan.free.count(variable) != 0;
    const bool puts_back_itself = same(value_of(restored, variable), value_of(changed, variable));
    if (free || puts_back_itself || prior.type == plan::Value::Type::unknown || same(prior, value_of(changed, variable))) continue;
    const auto found = std::find_if(back.begin(), back.end(), [&](const auto& one) { return puts_back(one, changed, variable, prior); });
    if (found == back.end()) return no_timer(step, variable, "no single step of the plan or of its ways back does that");
    const auto same_back = std::find_if(leases.begin(), leases.end(), [&](const Lease& lease) { return lease.back->title == found->title && lease.back->on == found->on; });
    if (same_back != leases.end()) {
      same_back->prior[variable] = prior;
      continue;
    }
    Lease lease{{}, step.id, {{variable, prior}}, lasts, std::make_shared<const plan::Template>(*found), {}, {}, {}};
    if (auto failure = describe(lease, plan, step, variable)) return *failure;
    lease.name = "exm-lease-" + sha256_hex(run + "\n" + step.id + "\n" + lease.host + "\n" + lease.back->title).substr(0, 16);
    leases.push_back(std::move(lease));
  }
  return leases;
}

bool harmless(const plan::Plan& plan, const Lease& lease, const World& world, const std::vector<std::shared_ptr<const plan::Template>>& under_way) {
  World before = world;
  for (const auto& shape : under_way) cut_off(*shape, before);
  World after = before;
  take_effect(resolve(lease.back->effects, before, value_in), after);
  for (const auto& [variable, value] : lease.prior) {
    before[variable] = plan::unknown();  // it may be as it was, or changed
    after[variable] = value;
  }
  for (const auto& requirement : lease.back->requires_)
    if (truth(requirement.formula, before) == Truth::no) return false;
  const auto changed = written(*lease.back);
  for (const auto& shape : under_way)
    for (const auto& requirement : shape->requires_)
      if (shape->action != lease.back->action && !still_holds(requirement.formula, changed, after)) return false;
  for (const auto& rule : plan.rules)
    for (const auto& formula : plan::instances(rule.formula))
      if (!still_holds(formula, changed, after)) return false;
  return true;
}

std::string lease_words(const Lease& lease) {
  std::string what;
  for (const auto& [variable, value] : lease.prior) what += (what.empty() ? "" : ", ") + variable + " back to " + value_text(value);
  const auto minutes = lease.lasts % 60 == 0;
  return what + " on " + (lease.host.empty() ? "the controller" : lease.host) + " after " +
         (minutes ? std::to_string(lease.lasts / 60) + " min" : std::to_string(lease.lasts) + " s");
}

}  // namespace exm
