#include "runtime/verify/measure.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <set>

namespace exm::model {
namespace {

/// Sums and products of what a file says, which may be anything: past the greatest number they stay there.
std::int64_t plus(std::int64_t a, std::int64_t b) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

std::int64_t times(std::int64_t a, std::int64_t b) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(a, b, &product) ? INT64_MAX : product;
}

/// How many objects are disrupted, and how many are away, as the world changes a variable at a time.
class Watch {
 public:
  Watch(const plan::Plan& plan, const Model& model) : model_(model), world_(model.start), about_(model.names.size()) {
    for (std::size_t d = 0; d < model.disruptions.size(); ++d) {
      std::set<int> seen;
      each_variable(model.disruptions[d].formula, [&](int v) {
        if (v >= 0 && seen.insert(v).second) about_[v].push_back(static_cast<int>(d));
      });
      disrupts_.push_back(false);
      look(static_cast<int>(d));
    }
    for (std::size_t v = 0; v < model.names.size(); ++v) {
      watched_.push_back(!plan.free.count(model.names[v]) && !model.planned[v]);
      differs_.push_back(false);
      compare(static_cast<int>(v));
    }
  }

  void set(int variable, const plan::Value& value) {
    world_[variable] = value;
    compare(variable);
    for (const int d : about_[variable]) look(d);
  }

  std::int64_t disrupted() const { return static_cast<std::int64_t>(disrupted_.size()); }
  std::int64_t away() const { return static_cast<std::int64_t>(away_.size()); }

 private:
  static void count(std::map<int, int>& counts, int object, bool was, bool is) {
    if (was == is) return;
    int& n = counts[object];
    n += is ? 1 : -1;
    if (n == 0) counts.erase(object);
  }

  /// Unknown counts as disrupted.
  void look(int d) {
    const bool is = truth(model_.disruptions[d].formula, world_) != Truth::no;
    count(disrupted_, model_.disruptions[d].object, disrupts_[d], is);
    disrupts_[d] = is;
  }

  /// Unknown differs from what it was.
  void compare(int v) {
    if (!watched_[v]) return;
    const bool is =
        equal(world_[v], model_.restore[v]) != Truth::yes && model_.restore[v].type != plan::Value::Type::unknown;
    count(away_, model_.object[v], differs_[v], is);
    differs_[v] = is;
  }

  const Model& model_;
  Values world_;
  std::vector<std::vector<int>> about_;
  std::vector<bool> disrupts_, differs_, watched_;
  std::map<int, int> disrupted_, away_;  // by object: how many reasons
};

class Timeline {
 public:
  Timeline(const plan::Plan& plan, const Model& model, const Simulation& simulation)
      : model_(model),
        simulation_(simulation),
        watch_(plan, model),
        waits_(model.steps.size()),
        next_(model.steps.size()),
        free_(model.slots) {
    at_most_ = plan.limits.at_most.value_or(static_cast<int>(model.steps.size()));
    for (std::size_t s = 0; s < model.steps.size(); ++s) {
      const std::set<int> after(model.steps[s].after.begin(), model.steps[s].after.end());
      waits_[s] = static_cast<int>(after.size());
      for (const int p : after) next_[p].push_back(static_cast<int>(s));
      if (after.empty()) ready_.insert(static_cast<int>(s));
      measured_.cost = plus(measured_.cost, model.steps[s].cost);
      for (const plan::Seconds blow : model.steps[s].disrupts) measured_.disruption = plus(measured_.disruption, blow);
    }
    measured_.steps = static_cast<std::int64_t>(model.steps.size());
  }

  Measured run() {
    for (start_what_can(); !running_.empty(); start_what_can()) {
      const plan::Seconds then = running_.begin()->first;
      measured_.disruption = plus(measured_.disruption, times(then - now_, watch_.disrupted()));
      measured_.away = plus(measured_.away, times(then - now_, watch_.away()));
      now_ = then;
      while (!running_.empty() && running_.begin()->first == now_) end_first();
    }
    measured_.duration = now_;
    return measured_;
  }

 private:
  void start_what_can() {
    for (auto at = ready_.begin(); at != ready_.end();) {
      const int s = *at;
      if (!may_start(model_.steps[s])) {
        ++at;
        continue;
      }
      at = ready_.erase(at);
      for (const std::string& object : model_.steps[s].uses) used_.insert(object);
      for (const int slot : model_.steps[s].acquires) --free_[slot];
      for (const Either& either : simulation_.runs[s].begun) watch_.set(either.variable, either.during);
      running_.emplace(plus(now_, std::max<plan::Seconds>(0, model_.steps[s].takes)), s);
    }
  }

  bool may_start(const Step& step) const {
    const auto is_used = [&](const std::string& object) { return used_.count(object) > 0; };
    const auto is_taken = [&](int slot) {
      return free_[slot] < std::count(step.acquires.begin(), step.acquires.end(), slot);
    };
    return static_cast<int>(running_.size()) < at_most_ && std::none_of(step.uses.begin(), step.uses.end(), is_used) &&
           std::none_of(step.acquires.begin(), step.acquires.end(), is_taken);
  }

  void end_first() {
    const int s = running_.begin()->second;
    running_.erase(running_.begin());
    for (const std::string& object : model_.steps[s].uses) used_.erase(object);
    for (const int slot : model_.steps[s].releases) ++free_[slot];
    for (const Either& either : simulation_.runs[s].ended) watch_.set(either.variable, either.before);
    for (const int n : next_[s]) {
      if (--waits_[n] == 0) ready_.insert(n);
    }
  }

  const Model& model_;
  const Simulation& simulation_;
  Watch watch_;
  std::vector<int> waits_;
  std::vector<std::vector<int>> next_;
  std::vector<int> free_;
  std::set<std::string> used_;
  std::set<int> ready_;
  std::set<std::pair<plan::Seconds, int>> running_;  // by end, then by the order in `steps`
  plan::Seconds now_ = 0;
  int at_most_ = 0;
  Measured measured_;
};

}  // namespace

Measured measure(const plan::Plan& plan, const Model& model, const Simulation& simulation) {
  return Timeline(plan, model, simulation).run();
}

}  // namespace exm::model
