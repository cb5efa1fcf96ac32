// What the checker says of a plan: valid or not, why not (with the shortest way there), how each rule was proven, and
// the measures made anew. `verify.h` makes it; `verdict_text.h` and `verdict_json.h` show it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/plan/value.h"

namespace exm {

/// A stable code of the checker, with what it stands for.
struct VerdictCode {
  std::string_view id;
  std::string_view clause;  // "1" to "7" of "A plan", "digest", "plan", "sources" or "together"
  std::string_view title;
};

namespace code {
inline constexpr VerdictCode digest{"EXM0501", "digest", "the digest is not that of the plan"};
inline constexpr VerdictCode malformed{"EXM0502", "plan", "the plan names something that it does not have"};
inline constexpr VerdictCode cycle{"EXM0503", "plan", "the order of the steps is a circle"};
inline constexpr VerdictCode bound{"EXM0504", "plan", "a bound was reached before an answer"};
inline constexpr VerdictCode requirement{"EXM0510", "1", "a requirement is not known to hold when its step begins"};
inline constexpr VerdictCode conflict{"EXM0511", "1", "two effects of one step give one state different values"};
inline constexpr VerdictCode race{"EXM0520", "2", "two steps without an order touch the same state"};
inline constexpr VerdictCode same_host{"EXM0521", "2", "two steps on one host have no order"};
inline constexpr VerdictCode rule{"EXM0530", "3", "a rule is not known to hold in a state that the plan can reach"};
inline constexpr VerdictCode rule_at_start{"EXM0531", "3", "a rule is not known to hold before the first step"};
inline constexpr VerdictCode wish{"EXM0540", "4", "a wish is not known to hold at the end"};
inline constexpr VerdictCode repair{"EXM0541", "4", "a rule to be repaired is not known to hold at the end"};
inline constexpr VerdictCode restore{"EXM0550", "5", "a state does not end as it was"};
inline constexpr VerdictCode either_or{"EXM0551", "5", "two states can each be put back, but not both"};
inline constexpr VerdictCode free{"EXM0552", "5", "an exception from restoring is not what the plan says"};
inline constexpr VerdictCode forbidden{"EXM0560", "6", "a forbidden action is part of the plan"};
inline constexpr VerdictCode window{"EXM0561", "6", "the plan fits no window"};
inline constexpr VerdictCode confirm{"EXM0562", "6", "a gate stands before an action that the plan does not know"};
inline constexpr VerdictCode withstand{"EXM0563", "6", "a fault more would break a rule"};
inline constexpr VerdictCode deadlock{"EXM0564", "6", "steps can wait for slots for ever"};
inline constexpr VerdictCode slots{"EXM0565", "6", "a slot is taken or given back that is not there"};
inline constexpr VerdictCode at_most{"EXM0566", "6", "no step may run at all"};
inline constexpr VerdictCode retreat{"EXM0570", "7", "the retreat from a step is not valid"};
inline constexpr VerdictCode no_retreat{"EXM0571", "7", "a step has no retreat"};
inline constexpr VerdictCode retreat_open{"EXM0572", "7", "what a retreat leaves open is not what the plan says"};
inline constexpr VerdictCode fallback{"EXM0573", "7", "the fallback of a step is not valid"};
inline constexpr VerdictCode sources{"EXM0580", "sources", "the plan was not made from these files"};
inline constexpr VerdictCode other_world{"EXM0590", "together", "two plans do not begin in the same world"};
inline constexpr VerdictCode shared_use{"EXM0591", "together", "two plans use one object at once"};
}  // namespace code

/// All codes, in order.
std::span<const VerdictCode> verdict_codes();

/// Something that happens to one step, and the states that it changes.
struct Event {
  enum class What { begins, effect, ends, is_cut_off, fault };
  What what = What::begins;
  std::string step;  // its id; of a fault: the fault's id and objects
  std::vector<std::pair<std::string, plan::Value>> assignments;

  friend bool operator==(const Event& a, const Event& b) {
    return a.what == b.what && a.step == b.step && a.assignments == b.assignments;
  }
};

struct Finding {
  std::string code;
  std::string clause;        // that of its code
  std::string step;          // an id, or empty
  std::string rule;          // an id, or empty
  std::string message;       // a sentence for a person
  std::vector<Event> trace;  // what leads there, for requirements and rules
  bool shortest = true;      // no trace has fewer events; else a bound was reached while looking for one
};

/// How a rule was shown to hold.
struct Proof {
  std::string rule;
  std::string method;        // "phases enumerated", "least value by chains", "touched by no step"
  std::uint64_t states = 0;  // that were looked at
};

/// The measures of the plan, recomputed. Seconds, but for `steps` and `cost`.
struct Measured {
  std::int64_t steps = 0;
  std::int64_t disruption = 0;
  std::int64_t duration = 0;
  std::int64_t cost = 0;
  std::int64_t away = 0;
};

/// From the begin of one step to the end of another; `to` is empty where it lasts to the end of the plan and beyond.
struct Stretch {
  std::string from, to;

  friend bool operator==(const Stretch&, const Stretch&) = default;
};

/// How near one count, or sum, that a rule holds to a limit comes to that limit.
struct Headroom {
  std::string rule;           // an id
  std::string of;             // the objects of the instance
  bool at_most = false;       // the limit is the most that is allowed, else the least that is needed
  std::int64_t limit = 0;
  std::int64_t at_start = 0;  // the value before the first step
  std::int64_t nearest = 0;   // the value that comes nearest to the limit in any reachable state
  std::vector<Stretch> when;  // where it is nearest; none: from the start on, or there were too many states to look at
};

/// A fault that breaks rules where the plan has come to, and would not have broken them before the first step.
struct Exposure {
  std::string fault;               // its id and objects: "host_lost EX4"
  std::string title;               // in its author's words: "EX4 is lost"; may be empty
  std::string shape;               // equal for those that are equal but for names
  std::vector<std::string> rules;  // ids
  std::vector<Stretch> when;
};

struct Verdict {
  bool valid = false;
  bool bound_reached = false;  // some finding says "not known", and none may be more than that
  std::vector<Finding> findings;
  std::vector<Proof> proofs;
  std::vector<std::string> unjudged;  // clauses that could not be looked at, since findings of others are in the way
  std::int64_t retreats = 0;          // from how many steps the way back was checked
  bool compared = false;              // with the files that it must have been made from
  bool together = false;              // it is about several plans that are under way at once
  Measured measured;
  std::vector<Headroom> headroom;   // these three are `survey`'s
  std::vector<Exposure> exposure;
  bool survey_ended = false;        // at a bound: there may be more to tell
};

/// Counts that end a check before its time. A check that ends so is a finding, never "valid".
struct VerifyBounds {
  std::uint64_t states_per_rule = 2'000'000;
  std::uint64_t survey_states = 0;  // to look at for headroom and exposure; 0: they are not looked for
};

}  // namespace exm
