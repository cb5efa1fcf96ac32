#include "compiler/driver/coverage.h"

#include <algorithm>
#include <tuple>

namespace exm {

namespace {

constexpr std::size_t longest_text = 70;

/// The same rule may stand in a plan in several shapes: "enough", "enough_2".
void touch_rule(const std::string& id, std::set<std::string>& rules) {
  rules.insert(id);
  const auto at = id.find_last_not_of("0123456789");
  if (at != std::string::npos && at + 1 < id.size() && id[at] == '_') rules.insert(id.substr(0, at));
}

void touch_constraint(const task::Constraint& constraint, Touched& touched) {
  if (constraint.kind == task::Constraint::Kind::rule) touched.rules.insert(constraint.name);
  if (constraint.kind == task::Constraint::Kind::requirement) touched.requirements.emplace(constraint.span.source, constraint.span.begin);
}

/// The first line of what stands there.
std::string text_at(const Sources& sources, Span span) {
  const std::string_view text = sources.text(span);
  std::string line(text.substr(0, text.find('\n')));
  if (line.size() > longest_text) line = line.substr(0, longest_text) + "…";
  return line;
}

class Listing {
 public:
  Listing(const Sources& sources, const Touched& touched) : sources_(sources), touched_(touched) {}

  void add(const program::Program& program) {
    for (std::size_t i = 0; i < program.actions.size(); ++i) {
      const auto id = program.actions.id(i);
      const program::Action& action = program.actions[id];
      put(Covered::Kind::action, action.name, action.span, touched_.actions.count(id.index) > 0);
      for (const auto& part : action.parts)
        for (const auto& requirement : part.requires_)
          put(Covered::Kind::requirement, text_at(sources_, requirement.span) + " (of " + action.name + ")", requirement.span,
              touched_.requirements.count({requirement.span.source, requirement.span.begin}) > 0);
    }
    for (const program::Rule& rule : program.rules) {
      const bool constrains = std::any_of(rule.clauses.begin(), rule.clauses.end(), [](const auto& c) { return c.kind == program::RuleKind::always; });
      if (constrains && !rule.warning) put(Covered::Kind::rule, rule.name, rule.span, touched_.rules.count(rule.name) > 0);
    }
  }

  std::vector<Covered> take() {
    std::stable_sort(all_.begin(), all_.end(), [](const Covered& a, const Covered& b) {
      return std::tie(a.file, a.at.line, a.at.column) < std::tie(b.file, b.at.line, b.at.column);
    });
    return std::move(all_);
  }

 private:
  void put(Covered::Kind kind, std::string name, Span span, bool touched) {
    const Source& source = sources_[span.source];
    all_.push_back({kind, std::move(name), source.path, line_column(source.text, span.begin), touched});
  }

  const Sources& sources_;
  const Touched& touched_;
  std::vector<Covered> all_;
};

}  // namespace

void touch(const task::Task& task, const Solution& solution, const plan::Plan& plan, Touched& touched) {
  if (const auto* found = std::get_if<Found>(&solution)) {
    for (const auto& step : found->steps) {
      const task::Operator& op = task.operators[step.op];
      touched.actions.insert(op.action.index);
      for (const auto& requirement : op.requires_) touch_constraint(task.constraints[requirement.constraint], touched);
    }
    for (const plan::Rule& rule : plan.rules) touch_rule(rule.id, touched.rules);
  }
  if (const auto* impossible = std::get_if<Impossible>(&solution))
    for (const auto& conflict : impossible->conflicts)
      for (const auto constraint : conflict) touch_constraint(task.constraints[constraint], touched);
}

std::vector<Covered> coverage_of(const program::Program& program, const Sources& sources, const Touched& touched) {
  Listing listing(sources, touched);
  listing.add(program);
  return listing.take();
}

}  // namespace exm
