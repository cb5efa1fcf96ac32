#include <algorithm>

#include "compiler/ground/grounding.h"

namespace exm::task {

namespace {

constexpr int deepest_intent = 100;

template <class T>
void say(std::vector<Said<T>>& all, const std::vector<T>& more, const std::vector<program::Value>& arguments, std::uint32_t locals) {
  for (const T& what : more) all.push_back({&what, arguments, locals});
}

template <class T>
void append(std::vector<T>& all, const std::vector<T>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

void take_least(std::optional<program::Limited<int>>& least, const std::optional<program::Limited<int>>& more) {
  if (more && (!least || more->what < least->what)) least = more;
}

void gather(const program::Program& program, const program::Wishes& wishes, const std::vector<program::Value>& arguments, Expander& x, int depth, Demands& into) {
  if (depth > deepest_intent) return;
  for (const program::Call<program::Intent>& call : wishes.do_) {
    Terms frame = x.frame(wishes.locals, arguments);
    std::vector<program::Value> inner;
    for (const program::Expr& argument : call.arguments) inner.push_back(x.constant(x.expand(argument, frame)).value_or(program::Value{}));
    gather(program, program.intents[call.callee].wishes, inner, x, depth + 1, into);
  }
  say(into.achieve, wishes.achieve, arguments, wishes.locals);
  say(into.keep, wishes.keep, arguments, wishes.locals);
  say(into.leave, wishes.leave, arguments, wishes.locals);
  say(into.confirms, wishes.confirms, arguments, wishes.locals);
  append(into.repair, wishes.repair);
  append(into.withstand, wishes.withstand);
  append(into.allow_no_retreat, wishes.allow_no_retreat);
  append(into.forbid, wishes.forbid);
  append(into.windows, wishes.windows);
  take_least(into.tolerate, wishes.tolerate);
  take_least(into.at_most, wishes.at_most);
  if (!wishes.minimize.empty()) into.minimize = wishes.minimize;
}

}  // namespace

Seconds length_of(const program::Window& window) {
  constexpr int week = 7 * 24 * 60;
  const int minutes = (window.to_minute - window.from_minute + week) % week;
  return Seconds{minutes == 0 ? week : minutes} * 60;
}

Demands demands_of(const program::Program& program, Id<program::Maintenance> maintenance, const program::Wishes* with, Expander& expander) {
  Demands demands;
  gather(program, program.maintenances[maintenance].wishes, {}, expander, 0, demands);
  if (with) gather(program, *with, {}, expander, 0, demands);
  using program::Measure;
  for (Measure measure : {Measure::disruption, Measure::duration, Measure::cost, Measure::away})
    if (std::find(demands.minimize.begin(), demands.minimize.end(), measure) == demands.minimize.end()) demands.minimize.push_back(measure);
  return demands;
}

}  // namespace exm::task
