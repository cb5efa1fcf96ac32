#include "compiler/cli/commands.h"

#include <CLI/CLI.hpp>
#include <memory>

#include "compiler/cli/compare.h"
#include "compiler/cli/doc_command.h"
#include "compiler/cli/observe_command.h"
#include "compiler/cli/plan_command.h"
#include "compiler/cli/replan_command.h"
#include "compiler/cli/test_command.h"
#include "compiler/cli/tool_commands.h"
#include "runtime/cli/show_command.h"

namespace exm {

namespace {

void add_request(CLI::App& command, RequestArguments& request) {
  command.add_option("FILE", request.files, "`.exm` files, or - for standard input")->required();
  command.add_option("--set", request.set, "the value of a `param`")->type_name("NAME=VALUE");
  command.add_option("--state", request.state, "what was observed, in place of what the files say")->type_name("STATE.json");
  command.add_option("--modules", request.modules, "a folder of modules; they go before those that are built in")->type_name("DIR");
}

void add_search(CLI::App& command, RequestArguments& request) {
  command.add_option("--search-states", request.search_states, "how many states one search may look at before it gives up");
  command.add_option("--time-limit", request.time_limit, "seconds before the search gives up; what it has by then is not the same on every machine")
      ->check(CLI::PositiveNumber);
  command.add_flag("--prove", request.prove, "look longer for a better plan, or for the proof that there is none");
}

void add_output(CLI::App& command, PlanArguments& arguments) {
  command.add_option("--format", arguments.format, "the form; unless said, by the ending of OUT, text on a terminal, else json")
      ->check(CLI::IsMember(show_formats()));
  command.add_option("-o,--output", arguments.output, "write to this file")->type_name("FILE");
}

void add_check(CLI::App& app, int& exit_code) {
  struct Arguments {
    RequestArguments request;
    std::string format = "text";
  };
  auto a = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("check", "read files and say what is wrong with them");
  add_request(*command, a->request);
  command->add_option("--format", a->format, "the form of the diagnostics")->check(CLI::IsMember({"text", "json", "sarif", "github"}));
  command->callback([a, &exit_code] { exit_code = check_files(a->request, a->format); });
}

void add_plan(CLI::App& app, int& exit_code) {
  auto a = std::make_shared<PlanArguments>();
  auto* command = app.add_subcommand("plan", "find the steps of a maintenance, proven and with their reasons");
  add_request(*command, a->request);
  add_search(*command, a->request);
  command->add_option("--maintenance,-m", a->request.maintenance, "which, where there are several")->type_name("NAME");
  add_output(*command, *a);
  command->add_option("--stop-after", a->stop_after, "print what a stage made instead")->check(CLI::IsMember({"parse", "check", "ground", "solve"}));
  command->callback([a, &exit_code] { exit_code = plan_files(*a); });
}

void add_replan(CLI::App& app, int& exit_code) {
  auto a = std::make_shared<ReplanArguments>();
  auto* command = app.add_subcommand("replan", "after a stop or a crash: plan anew from where a run was left, on to the wish or back");
  command->add_option("JOURNAL", a->journal, "the run's file")->required();
  add_request(*command, a->plan.request);
  add_search(*command, a->plan.request);
  command->add_flag("--retreat", a->retreat, "a plan back: as much as can be is put back as it was, finished work stays");
  command->add_option("--adapter", a->adapter, "look at the world first, through this; unless said, what the run saw last is believed");
  command->add_option("--adapter-option", a->adapter_options, "an option of the adapter; unless said, as the run had it")->type_name("KEY=VALUE");
  add_output(*command, a->plan);
  command->callback([a, &exit_code] { exit_code = replan_run(*a); });
}

void add_observe(CLI::App& app, int& exit_code) {
  struct Arguments {
    RequestArguments request;
    ObserveArguments observe;
  };
  auto a = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("observe", "ask every probe of an environment, and write what it shows as a file for --state");
  command->add_option("FILE", a->request.files, "`.exm` files, or - for standard input")->required();
  command->add_option("--set", a->request.set, "the value of a `param`")->type_name("NAME=VALUE");
  command->add_option("--modules", a->request.modules, "a folder of modules; they go before those that are built in")->type_name("DIR");
  command->add_option("--adapter", a->observe.adapter, "what the probes are asked through; sim (a simulated world) unless said");
  command->add_option("--adapter-option", a->observe.adapter_options, "an option of the adapter")->type_name("KEY=VALUE");
  command->add_option("--journal", a->observe.journal, "for sim: look into the world of the run with this journal; else it is as the files say")->type_name("FILE");
  command->add_option("--inject", a->observe.inject, "for sim: a misfortune, drift:VAR=VALUE or lie:VAR=VALUE")->type_name("WHAT");
  command->add_option("-o,--output", a->observe.output, "write what was seen to this file")->type_name("STATE.json");
  command->add_flag("--diff", a->observe.diff, "say where the world differs from the files; exit code 5 where it does");
  command->add_option("--format", a->observe.format, "the form of the differences")->check(CLI::IsMember({"text", "json"}));
  command->callback([a, &exit_code] { exit_code = observe_files(a->request, a->observe); });
}

void add_test(CLI::App& app, int& exit_code) {
  struct Arguments {
    RequestArguments request;
    std::string format = "text";
    bool coverage = false;
  };
  auto a = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("test", "run the `test` declarations of files");
  add_request(*command, a->request);
  add_search(*command, a->request);
  command->add_option("--format", a->format, "the form of the results")->check(CLI::IsMember({"text", "json", "junit", "tap"}));
  command->add_flag("--coverage", a->coverage, "which actions, rules and requirements no test touches, and where they stand");
  command->callback([a, &exit_code] { exit_code = test_files(a->request, a->format, a->coverage); });
}

void add_fmt(CLI::App& app, int& exit_code) {
  struct Arguments {
    std::vector<std::string> files;
    bool only_check = false;
  };
  auto a = std::make_shared<Arguments>();
  auto* command = app.add_subcommand("fmt", "put files into the one style");
  command->add_option("FILE", a->files, "`.exm` files, or - for standard input")->required();
  command->add_flag("--check", a->only_check, "change nothing; say which files are not in the style");
  command->callback([a, &exit_code] { exit_code = format_files(a->files, a->only_check); });
}

void add_doc(CLI::App& app, int& exit_code) {
  auto a = std::make_shared<DocArguments>();
  auto* command = app.add_subcommand("doc", "a module as a page: its kinds, actions, rules, and what they rest on");
  command->add_option("MODULE", a->module, "a name such as nlb, or the path of an `.exm` file; without it, the page that leads to all");
  command->add_option("--modules", a->modules, "a folder of modules; they go before those that are built in")->type_name("DIR");
  command->add_option("--format", a->format, "the form")->check(CLI::IsMember({"markdown", "html"}));
  command->callback([a, &exit_code] { exit_code = doc_module(*a); });
}

void add_explain(CLI::App& app, int& exit_code) {
  auto code = std::make_shared<std::string>();
  auto* command = app.add_subcommand("explain", "tell more about a code such as EXM0201");
  command->add_option("CODE", *code, "the code")->required();
  command->callback([code, &exit_code] { exit_code = explain_code(*code); });
}

}  // namespace

void add_compiler_commands(CLI::App& app, int& exit_code) {
  add_check(app, exit_code);
  add_plan(app, exit_code);
  add_replan(app, exit_code);
  add_observe(app, exit_code);
  add_test(app, exit_code);
  add_fmt(app, exit_code);
  add_doc(app, exit_code);
  add_explain(app, exit_code);
}

RuntimeHooks compiler_hooks() { return {compare_with_files}; }

}  // namespace exm
