// Clauses 1 and 2: what each step needs when it begins, and which steps must not go side by side.
#include <algorithm>
#include <map>
#include <set>

#include "runtime/plan/instantiate.h"
#include "runtime/verify/clauses.h"
#include "runtime/verify/words.h"

namespace exm::model {
namespace {

/// The requirement as the plan says it, with the author's own words for its failure.
std::string requirement_words(const plan::Plan& plan, const Step& step, int number) {
  const plan::Requirement requirement = plan::instantiate(plan, *step.source).requires_[number];
  const std::string otherwise = requirement.otherwise.empty() ? "" : " (" + requirement.otherwise + ")";
  return "`" + words(requirement.formula) + "`" + otherwise;
}

struct Users {
  std::vector<int> writers, readers;
};

/// By variable, the steps that write it and those that only read it, each in the order's sequence.
std::map<int, Users> users_of(const Model& model, const Order& order) {
  std::map<int, Users> users;
  for (const int s : order.sequence()) {
    const Step& step = model.steps[s];
    for (const int v : step.writes) users[v].writers.push_back(s);
    for (const int v : step.reads) {
      if (!std::binary_search(step.writes.begin(), step.writes.end(), v)) users[v].readers.push_back(s);
    }
  }
  return users;
}

class Races {
 public:
  Races(const Model& model, const Order& order, std::vector<Finding>& findings)
      : model_(model), order_(order), findings_(findings) {}

  /// Writers that are ordered each with the next are all ordered; then a reader needs only its two neighbours.
  void check(int variable, const Users& users) {
    bool chain = true;
    for (std::size_t i = 1; i < users.writers.size(); ++i) {
      if (order_.before(users.writers[i - 1], users.writers[i])) continue;
      report(users.writers[i - 1], users.writers[i], variable, "both write");
      chain = false;
    }
    for (const int reader : users.readers) {
      if (chain)
        neighbours(reader, variable, users.writers);
      else
        each_writer(reader, variable, users.writers);
    }
  }

 private:
  void neighbours(int reader, int variable, const std::vector<int>& writers) {
    const auto next =
        std::find_if(writers.begin(), writers.end(), [&](int w) { return order_.place(w) > order_.place(reader); });
    if (next != writers.begin() && !order_.before(*(next - 1), reader)) pair(*(next - 1), reader, variable);
    if (next != writers.end() && !order_.before(reader, *next)) pair(*next, reader, variable);
  }

  void each_writer(int reader, int variable, const std::vector<int>& writers) {
    for (const int writer : writers) {
      if (!order_.ordered(writer, reader)) pair(writer, reader, variable);
    }
  }

  void pair(int writer, int reader, int variable) { report(writer, reader, variable, "writes what the other reads:"); }

  void report(int a, int b, int variable, const std::string& how) {
    const Step &one = model_.steps[a], &other = model_.steps[b];
    findings_.push_back(finding(code::race, one.id, "",
                                named(one) + " and " + named(other) + " have no order, and " +
                                    (how == "both write" ? how : "the first " + how) + " `" + model_.names[variable] +
                                    "`"));
  }

  const Model& model_;
  const Order& order_;
  std::vector<Finding>& findings_;
};

}  // namespace

void check_requirements(const plan::Plan& plan, const Scene& scene, std::vector<Finding>& findings) {
  constexpr int most_traces = 20;  // of a plan that is wrong throughout, a few ways tell enough
  int told = 0;
  for (const Obstacle& obstacle : scene.simulation.obstacles) {
    const Step& step = scene.model.steps[obstacle.step];
    if (obstacle.requirement < 0) {
      findings.push_back(
          finding(code::conflict, step.id, "",
                  named(step) + " gives `" + scene.model.names[obstacle.variable] + "` two different values"));
    } else {
      std::string message = named(step) + " may begin where what it requires, " +
                            requirement_words(plan, step, obstacle.requirement) + ", is not known to hold";
      if (!obstacle.seen.empty()) message += ": " + words(named(scene.model, obstacle.seen));
      findings.push_back(finding(code::requirement, step.id, "", message));
    }
    if (++told > most_traces) continue;
    findings.back().trace = before_step(scene, obstacle.step);
    findings.back().trace.push_back({Event::What::begins, step.id, {}});
  }
}

void check_races(const Model& model, const Order& order, std::vector<Finding>& findings) {
  Races races(model, order, findings);
  for (const auto& [variable, users] : users_of(model, order)) races.check(variable, users);
  std::map<std::string, int> last;
  for (const int s : order.sequence()) {
    const std::string& on = model.steps[s].on;
    if (on.empty() || on == "controller") continue;
    const auto [at, fresh] = last.emplace(on, s);
    if (!fresh && !order.before(at->second, s)) {
      findings.push_back(finding(code::same_host, model.steps[at->second].id, "",
                                 named(model.steps[at->second]) + " and " + named(model.steps[s]) + " are both on `" +
                                     on + "` and have no order"));
    }
    at->second = s;
  }
}

std::string named(const Step& step) {
  return "step " + step.id + (step.title.empty() ? "" : " (" + step.title + ")");
}

std::vector<std::pair<std::string, plan::Value>> named(const Model& model,
                                                       const std::vector<std::pair<int, plan::Value>>& values) {
  std::vector<std::pair<std::string, plan::Value>> named_values;
  for (const auto& [variable, value] : values) {
    named_values.emplace_back(variable < 0 ? "?" : model.names[variable], value);
  }
  return named_values;
}

std::string seen_words(const Model& model, const Compiled& formula, const Values& values) {
  std::set<int> seen;
  std::vector<std::pair<int, plan::Value>> shown;
  each_variable(formula, [&](int v) {
    if (v >= 0 && seen.insert(v).second) shown.emplace_back(v, values[v]);
  });
  return words(named(model, shown));
}

Finding finding(const VerdictCode& code, std::string step, std::string rule, std::string message) {
  return {std::string(code.id), std::string(code.clause), std::move(step), std::move(rule), std::move(message), {}};
}

}  // namespace exm::model
