// The golden cases of parse.
#include "compiler/parse/ast_dump.h"
#include "compiler/parse/parse.h"
#include "tests/cases/case_runner.h"

using namespace exm;

TEST_CASE("parse: each case gives its tree, or its errors") {
  cases::run_cases(EXM_SOURCE_DIR "/tests/cases/parse", [](Sources& sources, Diagnostics& diagnostics) {
    return dump(parse(sources, 0, diagnostics));
  });
}
