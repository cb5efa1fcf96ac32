#include "compiler/driver/stages.h"

#include "compiler/check/program_dump.h"
#include "compiler/driver/conflict.h"
#include "compiler/ground/task_dump.h"
#include "compiler/parse/ast_dump.h"
#include "compiler/solve/solution_dump.h"
#include "compiler/solve/solve.h"

namespace exm {

StageDump dump_stage(const CompileRequest& request, const std::string& stage, const FileReader& read, Diagnostics& diagnostics) {
  StageDump out;
  Loaded loaded = load(request.files, read, diagnostics, request.modules);
  out.sources = loaded.sources;
  if (stage == "parse") {
    for (const auto& file : loaded.files) out.text += dump(file);
    return out;
  }
  const auto program = check(loaded.sources, loaded.files, request.settings, diagnostics);
  if (!diagnostics.ok()) return out;
  if (stage == "check") {
    out.text = dump(program);
    return out;
  }
  const auto maintenance = choose_maintenance(program, request.maintenance, diagnostics);
  if (!maintenance) return out;
  const auto task = ground(program, *maintenance, nullptr, request.limits, diagnostics);
  if (!task) return out;
  if (stage == "ground") {
    out.text = dump(program, *task);
    return out;
  }
  const Solution solution = solve(*task, request.limits);
  if (const auto* impossible = std::get_if<Impossible>(&solution)) report_conflict(program.maintenances[*maintenance], *task, *impossible, diagnostics);
  if (const auto* bound = std::get_if<GaveUp>(&solution)) report_bound(program.maintenances[*maintenance], *task, *bound, diagnostics);
  if (const auto* found = std::get_if<Found>(&solution)) out.text = dump(*task, *found);
  return out;
}

}  // namespace exm
