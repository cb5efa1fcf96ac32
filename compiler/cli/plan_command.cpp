#include "compiler/cli/plan_command.h"

#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "compiler/cli/deadline.h"
#include "compiler/driver/stages.h"
#include "compiler/driver/stdlib.h"
#include "runtime/cli/exit_codes.h"
#include "runtime/cli/show_command.h"
#include "runtime/cli/write_file.h"
#include "runtime/plan/plan_json.h"
#include "runtime/verify/verdict_text.h"

namespace exm {

namespace {

int write_file(const std::string& path, const std::string& text) {
  const auto written = write_whole(path, text);
  return written ? exit_done : exit_code_of(written.error(), "plan");
}

/// Not said: by the file's ending; text on a terminal; and the plan file where another program reads on.
std::string usual_format(const std::string& output) {
  if (output.empty()) return isatty(STDOUT_FILENO) != 0 ? "text" : "json";
  const std::pair<std::string_view, const char*> endings[] = {{".txt", "text"}, {".md", "markdown"}, {".html", "html"},
                                                              {".ps1", "powershell"}, {".dot", "dot"}, {".mmd", "mermaid"}};
  for (const auto& [ending, format] : endings)
    if (output.ends_with(ending)) return format;
  return "json";
}

int exit_code_of(Compilation::Answer answer) {
  switch (answer) {
    case Compilation::Answer::planned: return exit_done;
    case Compilation::Answer::errors: return exit_refuted;
    case Compilation::Answer::impossible: return exit_no_plan;
    case Compilation::Answer::gave_up: return exit_bound;
    case Compilation::Answer::our_mistake: return exit_environment;
  }
  return exit_environment;
}

}  // namespace

int check_files(const RequestArguments& arguments, const std::string& format) {
  auto request = make_request(arguments);
  if (!request) return exit_code_of(request.error(), "check");
  Diagnostics diagnostics;
  const Loaded loaded = load(request->files, read_file, diagnostics, request->modules);
  check(loaded.sources, loaded.files, request->settings, diagnostics);
  print_diagnostics(loaded.sources, diagnostics, format);
  if (diagnostics.ok() && format == "text") std::cerr << "no errors\n";
  return diagnostics.ok() ? exit_done : exit_refuted;
}

int plan_files(const PlanArguments& arguments) {
  auto request = make_request(arguments.request);
  if (!request) return exit_code_of(request.error(), "plan");
  Diagnostics diagnostics;
  if (!arguments.stop_after.empty()) {
    const auto stage = dump_stage(*request, arguments.stop_after, read_file, diagnostics);
    print_diagnostics(stage.sources, diagnostics, "text");
    std::cout << stage.text;
    return diagnostics.ok() ? exit_done : exit_refuted;
  }
  const Deadline deadline(arguments.request.time_limit);
  request->limits.stop = deadline.token();
  const Compilation made = compile(*request, read_file, diagnostics);
  return put_out(made, diagnostics, arguments, deadline.passed());
}

int put_out(const Compilation& made, Diagnostics& diagnostics, const PlanArguments& arguments, bool cut_short) {
  print_diagnostics(made.sources, diagnostics, "text");
  if (cut_short && made.answer == Compilation::Answer::planned)
    std::cerr << "exm plan: the search was cut short by --time-limit; another run may find another plan\n";
  if (made.answer == Compilation::Answer::our_mistake)
    std::cerr << "exm plan: this is a mistake in exm, not in your files: the plan that it found does not hold.\n" << verdict_text(made.verdict, made.plan, "the plan");
  if (made.answer != Compilation::Answer::planned) return exit_code_of(made.answer);
  const auto text = show_plan(made.plan, arguments.format.empty() ? usual_format(arguments.output) : arguments.format, arguments.output.empty());
  if (!text) {
    std::cerr << "exm plan: " << text.error().message << "\n";
    return exit_code_of(text.error());
  }
  if (!arguments.output.empty()) return write_file(arguments.output, *text);
  std::cout << *text;
  return exit_done;
}

}  // namespace exm
