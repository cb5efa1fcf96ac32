#include "runtime/cli/commands.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "runtime/cli/ask_command.h"
#include "runtime/cli/diff_command.h"
#include "runtime/cli/run_command.h"
#include "runtime/cli/show_command.h"
#include "runtime/cli/status_command.h"
#include "runtime/cli/verify_command.h"

namespace exm {
namespace {

void add_run_options(CLI::App& command, RunArguments& arguments) {
  command.add_option("--parallel", arguments.parallel, "at most N steps at once; as many as the plan allows unless said")
      ->check(CLI::Range(1, 1'000'000));
  command.add_flag("--yes", arguments.yes, "a yes to every question of the plan");
  command.add_option("--approve", arguments.approve, "a yes to the question with this id")->type_name("ID");
  command.add_flag("--wait", arguments.wait, "outside the plan's windows, wait until one opens");
  command.add_option("--format", arguments.format, "text, or json for an event a line")->check(CLI::IsMember({"text", "json"}));
  command.add_option("--inject", arguments.inject, "a misfortune for the simulator: fail:STEP[@PHASE], hang:STEP, delay:STEP=30s, drift:VAR=VALUE[@STEP], lie:VAR=VALUE, …")
      ->type_name("WHAT");
  command.add_option("--locks", arguments.locks, "the folder of locks on hosts, for all who run plans from this machine; $EXM_LOCKS, or /var/lock/exm, unless said")
      ->type_name("DIR");
  command.add_option("--require-signed", arguments.require_signed, "refuse a plan that none of these has signed (ssh-keygen -Y sign -n exm-plan)")->type_name("ALLOWED_SIGNERS");
  command.add_option("--signature", arguments.signature, "the signature of the plan; PLAN.sig unless said, and of a run that goes on what its journal has")->type_name("FILE");
  command.add_option("--speed", arguments.speed, "simulated seconds in a real one; no waiting at all unless said")
      ->check(CLI::NonNegativeNumber);
  command.add_option("--crash-at", arguments.crash_at, "")->group("");
  command.add_flag("--no-sync", arguments.no_sync, "")->group("");
}

void add_run(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<RunArguments>();
  auto* command = app.add_subcommand("run", "run a plan, step by step, with a journal");
  command->add_option("PLAN", arguments->plan, "a plan file, or - for standard input")->required();
  command->add_option("--adapter", arguments->adapter, "what takes the steps: sim (a simulated world) unless said, local (this machine's shell), ssh (each host's), powershell, or plugin:COMMAND (a program of your own)");
  command->add_option("--adapter-option", arguments->adapter_options, "an option of the adapter; the journal keeps it for `resume`")
      ->type_name("KEY=VALUE");
  command->add_option("--journal", arguments->journal, "the run's file; NAME.exmrun unless said")->type_name("FILE");
  command->add_flag("--dry-run", arguments->dry_run, "say what would be run, and run nothing");
  add_run_options(*command, *arguments);
  command->callback([arguments, &exit_code] { exit_code = run_plan(*arguments); });
}

void add_resume(CLI::App& app, int& exit_code) {
  auto arguments = std::make_shared<RunArguments>();
  auto* command = app.add_subcommand("resume", "go on with a run that was stopped, failed or was killed");
  command->add_option("JOURNAL", arguments->journal, "the run's file")->required();
  command->add_flag("--retreat", arguments->retreat, "go back from the step that was cut off, as the plan says");
  command->add_option("--decide", arguments->decide, "what became of a step in doubt: STEP=done or STEP=again")->type_name("STEP=WORD");
  add_run_options(*command, *arguments);
  command->callback([arguments, &exit_code] { exit_code = resume_run(*arguments); });
}

void add_requests(CLI::App& app, int& exit_code) {
  struct Word {
    const char* name;
    const char* help;
    Request::Kind kind;
  };
  constexpr Word words[] = {{"pause", "have a run that is under way begin nothing new; what runs goes on", Request::Kind::pause},
                            {"unpause", "have a paused run go on", Request::Kind::go_on},
                            {"stop", "have a run that is under way end when what runs has ended; as Ctrl-C once", Request::Kind::stop}};
  struct Arguments {
    std::string journal, why;
  };
  for (const auto& word : words) {
    auto arguments = std::make_shared<Arguments>();
    auto* command = app.add_subcommand(word.name, word.help);
    command->add_option("JOURNAL", arguments->journal, "the run's file")->required();
    if (word.kind != Request::Kind::go_on) command->add_option("--why", arguments->why, "kept in the journal")->type_name("TEXT");
    command->callback([arguments, kind = word.kind, &exit_code] { exit_code = ask_command(arguments->journal, kind, arguments->why); });
  }
}

void add_status(CLI::App& app, int& exit_code) {
  struct Arguments {
    std::string journal, format = "text";
    bool steps = false, audit = false;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("status", "how a run stands; at any time");
  command->add_option("JOURNAL", arguments->journal, "the run's file")->required();
  command->add_option("--format", arguments->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->add_flag("--steps", arguments->steps, "every step, not only those that matter now");
  command->add_flag("--audit", arguments->audit, "hold the log against its chain of hashes and against the plan; exit code 1 where it is not what a run writes");
  command->callback([arguments, &exit_code] { exit_code = show_status(arguments->journal, arguments->format, arguments->steps, arguments->audit); });
}

void add_show(CLI::App& app, int& exit_code) {
  struct Arguments {
    std::string plan, format = "text", step;
  };
  auto arguments = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("show", "a plan file as text, script or document");
  command->add_option("PLAN", arguments->plan, "a plan file, or - for standard input")->required();
  command->add_option("--format", arguments->format, "the form")->check(CLI::IsMember(show_formats()));
  command->add_option("--step", arguments->step, "one step and its whys")->type_name("ID");
  command->callback([arguments, &exit_code] { exit_code = show_plan_file(arguments->plan, arguments->format, arguments->step); });
}

void add_diff(CLI::App& app, int& exit_code) {
  struct Arguments {
    std::string before, now, format = "text";
  };
  auto arguments = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("diff", "what changed from one plan file to another, for a reviewer");
  command->add_option("OLD", arguments->before, "the plan as it was")->required();
  command->add_option("NEW", arguments->now, "the plan as it is")->required();
  command->add_option("--format", arguments->format, "text or json")->check(CLI::IsMember({"text", "json"}));
  command->callback([arguments, &exit_code] { exit_code = diff_plans(arguments->before, arguments->now, arguments->format); });
}

void add_verify(CLI::App& app, int& exit_code, RuntimeHooks hooks) {
  auto arguments = std::make_shared<VerifyArguments>();
  auto* command = app.add_subcommand("verify", "check a plan file, independently of who made it");
  command->add_option("PLAN", arguments->plans, "plan files, or - for standard input")->required();
  if (hooks.against) {
    CompiledFrom& from = arguments->against;
    auto* against = command->add_option("--against", from.files, "the files that it must have been compiled from")->type_name("FILE");
    command->add_option("--modules", from.modules, "the folder of modules that those files were compiled with")->type_name("DIR");
    command->add_option("--set", from.set, "the value of a `param` that they were compiled with")->type_name("NAME=VALUE")->needs(against);
    command->add_option("--with-state", from.state, "the observed state that they were compiled with")->type_name("STATE.json")->needs(against);
  }
  command->add_flag("--together", arguments->together, "may all of these plans be under way at once?");
  command->add_option("--state", arguments->state, "begin from this observed state")->type_name("STATE.json");
  command->add_option("--done", arguments->done, "these steps have ended: check what is left of the plan")->type_name("ID,…")->delimiter(',');
  command->add_option("--journal", arguments->journal, "likewise, as the journal of a run tells")->type_name("FILE");
  command->add_option("--format", arguments->format, "the form of the answer")
      ->check(CLI::IsMember({"text", "json", "sarif", "github", "junit", "tap"}));
  command->callback([arguments, hooks = std::move(hooks), &exit_code] { exit_code = verify_plans(*arguments, hooks); });
}

}  // namespace

void add_runtime_commands(CLI::App& app, int& exit_code, RuntimeHooks hooks) {
  add_run(app, exit_code);
  add_resume(app, exit_code);
  add_requests(app, exit_code);
  add_status(app, exit_code);
  add_show(app, exit_code);
  add_diff(app, exit_code);
  add_verify(app, exit_code, std::move(hooks));
}

}  // namespace exm
