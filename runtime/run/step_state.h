// The life of a step. Every change of state is in the journal, on the disk, before the act that it announces.
//
//   pending -> checking -> skipped
//                       -> running -> verifying -> done
//                                               -> failed | in_doubt
#pragma once

#include <optional>
#include <string_view>

namespace exm {

enum class StepState {
  /// Nothing has been done for it. A step that drifted, or that a person wants again, returns here.
  pending,
  /// All steps in `after` are done or skipped; its host, what it uses and its slots are free and now its own. Probes are asked.
  checking,
  /// The check saw its effects: nothing was run. An end.
  skipped,
  /// The check saw its requirements and the plan's prior values; gates are open, a window too; what is left of the plan
  /// is valid from what was observed. The command may have been given to the adapter from here on.
  running,
  /// The adapter said that the command has ended well. Probes are asked until they show the effects.
  verifying,
  /// Its effects were seen, as far as probes show them. An end.
  done,
  /// The command failed or its time ran out, and it is known to have ended. Retries and fallback are used up.
  failed,
  /// Nobody knows what became of its command, or it left the step half done and the controller was not there to see.
  /// A person decides.
  in_doubt,
};

std::string_view name_of(StepState state);
std::optional<StepState> step_state(std::string_view name);

/// Whether the steps after it may begin.
inline bool is_over(StepState state) { return state == StepState::skipped || state == StepState::done; }
/// Whether a command of it may be under way.
inline bool is_under_way(StepState state) { return state == StepState::running || state == StepState::verifying; }

}  // namespace exm
