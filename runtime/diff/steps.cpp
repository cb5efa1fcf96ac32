// Steps of two plans held against each other: by action, title and host; then by action and host; what is left came or went.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "runtime/diff/parts.h"
#include "runtime/plan/instantiate.h"
#include "runtime/plan/paths.h"

namespace exm::diff {

namespace {

/// A plan's steps by number, and who comes before whom.
class Side {
 public:
  explicit Side(const plan::Plan& plan) : plan_(plan) {
    std::map<std::string, std::size_t> numbers;
    for (std::size_t s = 0; s < plan.steps.size(); ++s) numbers[plan.steps[s].id] = s;
    for (const auto& step : plan.steps) {
      const auto& shape = plan.templates.at(step.step_template);
      titles.push_back(plan::fill_title(shape.title, step.objects, step.args));
      hosts.push_back(plan::fill(shape.on, step.objects, step.args));
      auto& before = after.emplace_back();
      for (const auto& id : step.after) before.push_back(numbers.at(id));
    }
  }

  const plan::Step& step(std::size_t s) const { return plan_.steps[s]; }
  const plan::Template& shape(std::size_t s) const { return plan_.templates.at(step(s).step_template); }
  const plan::Plan& plan() const { return plan_; }
  std::size_t size() const { return plan_.steps.size(); }
  std::string name(std::size_t s) const { return step(s).id + " (" + titles[s] + ")"; }

  bool comes_before(std::size_t a, std::size_t b) const {
    std::vector<std::size_t> look{b};
    std::set<std::size_t> seen;
    while (!look.empty()) {
      const std::size_t s = look.back();
      look.pop_back();
      for (const std::size_t p : after[s]) {
        if (p == a) return true;
        if (seen.insert(p).second) look.push_back(p);
      }
    }
    return false;
  }

  std::vector<std::string> titles, hosts;
  std::vector<std::vector<std::size_t>> after;

 private:
  const plan::Plan& plan_;
};

class Matching {
 public:
  Matching(const Side& before, const Side& now) : before_(before), now_(now), old_of(now.size()), new_of(before.size()) {
    match([](const Side& side, std::size_t s) { return side.shape(s).action + "\n" + side.titles[s] + "\n" + side.hosts[s]; });
    match([](const Side& side, std::size_t s) { return side.shape(s).action + "\n" + side.hosts[s]; });
  }

 private:
  template <class Key>
  void match(const Key& key) {
    std::map<std::string, std::vector<std::size_t>> open;
    for (std::size_t s = before_.size(); s-- > 0;)
      if (!new_of[s]) open[key(before_, s)].push_back(s);
    for (std::size_t s = 0; s < now_.size(); ++s) {
      if (old_of[s]) continue;
      const auto found = open.find(key(now_, s));
      if (found == open.end() || found->second.empty()) continue;
      old_of[s] = found->second.back();
      new_of[found->second.back()] = s;
      found->second.pop_back();
    }
  }

  const Side& before_;
  const Side& now_;

 public:
  std::vector<std::optional<std::size_t>> old_of, new_of;
};

/// What is the same but for the names of the objects is told once.
class Changed {
 public:
  void add(const Side& now, std::size_t s, Lines details) {
    std::string key;
    for (const auto& line : details) key += nameless(line, now.step(s)) + "\n";
    const auto [at, is_new] = groups_.try_emplace(key, changes_.size());
    if (is_new) changes_.push_back({DiffEntry::Kind::changed, now.name(s), std::move(details)});
    others_.resize(changes_.size());
    if (!is_new) others_[at->second].push_back(now.step(s).id);
  }

  std::vector<DiffEntry> take() {
    constexpr std::size_t most = 8;
    for (std::size_t c = 0; c < changes_.size(); ++c) {
      const auto& ids = others_[c];
      if (ids.empty()) continue;
      changes_[c].count += static_cast<int>(ids.size());
      std::string list;
      for (std::size_t i = 0; i < ids.size() && i < most; ++i) list += (i ? ", " : "") + ids[i];
      changes_[c].what += fmt::format("; likewise {}{}", list, ids.size() > most ? fmt::format(" and {} more", ids.size() - most) : "");
    }
    return std::move(changes_);
  }

 private:
  static std::string nameless(std::string line, const plan::Step& step) {
    for (std::size_t o = 0; o < step.objects.size(); ++o) {
      const std::string name = plan::object_name(step.objects[o]);
      const std::string slot = fmt::format("\x01{}\x01", o);
      for (std::size_t at = line.find(name); at != std::string::npos; at = line.find(name, at + slot.size())) line.replace(at, name.size(), slot);
    }
    return line;
  }

  std::map<std::string, std::size_t> groups_;
  std::vector<DiffEntry> changes_;
  std::vector<std::vector<std::string>> others_;
};

/// Equal by their templates, objects and arguments: nothing has to be written out.
class Alike {
 public:
  bool are(const Side& before, std::size_t o, const Side& now, std::size_t n) {
    const auto &a = before.step(o), &b = now.step(n);
    if (a.objects != b.objects || a.args != b.args) return false;
    const auto [at, is_new] = templates_.try_emplace({a.step_template, b.step_template}, false);
    if (is_new) at->second = lines_of(before.shape(o)) == lines_of(now.shape(n));
    return at->second;
  }

 private:
  std::map<std::pair<std::string, std::string>, bool> templates_;
};

Lines details_of(const Side& before, std::size_t o, const Side& now, std::size_t n, Alike& alike) {
  Lines out;
  if (!alike.are(before, o, now, n)) {
    const Lines old_lines = lines_of(plan::instantiate(before.plan(), before.step(o))), new_lines = lines_of(plan::instantiate(now.plan(), now.step(n)));
    out = changed_lines(old_lines, new_lines);
    if (out.empty() && old_lines != new_lines) out.push_back("what it does, or runs, is the same in another order");
  }
  const Lines back = changed_lines(way_back_lines(before.plan(), before.step(o)), way_back_lines(now.plan(), now.step(n)));
  out.insert(out.end(), back.begin(), back.end());
  return out;
}

/// Whom each step waits for: an edge that the other plan's order does not give as well.
std::vector<DiffEntry> order_changes(const Side& before, const Side& now, const Matching& m) {
  std::vector<DiffEntry> out;
  for (std::size_t n = 0; n < now.size(); ++n) {
    if (!m.old_of[n]) continue;
    Lines details;
    for (const std::size_t a : before.after[*m.old_of[n]])
      if (m.new_of[a] && !now.comes_before(*m.new_of[a], n)) details.push_back("- waits for " + now.name(*m.new_of[a]));
    for (const std::size_t a : now.after[n])
      if (m.old_of[a] && !before.comes_before(*m.old_of[a], *m.old_of[n])) details.push_back("+ waits for " + now.name(a));
    if (!details.empty()) out.push_back({DiffEntry::Kind::changed, now.name(n), std::move(details)});
  }
  return out;
}

}  // namespace

StepChanges step_changes(const plan::Plan& before_plan, const plan::Plan& now_plan) {
  const Side before(before_plan), now(now_plan);
  const Matching m(before, now);
  StepChanges out;
  for (std::size_t s = 0; s < before.size(); ++s)
    if (!m.new_of[s]) out.steps.push_back({DiffEntry::Kind::removed, before.name(s), {}});
  for (std::size_t s = 0; s < now.size(); ++s)
    if (!m.old_of[s]) out.steps.push_back({DiffEntry::Kind::added, now.name(s), now.step(s).why.empty() ? Lines{} : Lines{now.step(s).why}});
  Changed changed;
  Alike alike;
  for (std::size_t s = 0; s < now.size(); ++s) {
    if (!m.old_of[s]) continue;
    if (Lines details = details_of(before, *m.old_of[s], now, s, alike); !details.empty()) changed.add(now, s, std::move(details));
  }
  for (auto& change : changed.take()) out.steps.push_back(std::move(change));
  out.order = order_changes(before, now, m);
  return out;
}

}  // namespace exm::diff
