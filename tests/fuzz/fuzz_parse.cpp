// Any bytes: parse gives a tree, and what it accepts reads the same after `exm fmt`.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "compiler/base/render.h"
#include "compiler/parse/ast_dump.h"
#include "compiler/parse/format.h"
#include "compiler/parse/parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace exm;
  Sources sources;
  sources.add({"fuzz.exm", std::string(reinterpret_cast<const char*>(data), size)});
  Diagnostics diagnostics;
  const ast::File file = parse(sources, 0, diagnostics);
  const std::string before = dump(file);
  for (const ast::Declaration& d : file.declarations)
    if (std::holds_alternative<ast::Broken>(d.what) && diagnostics.ok()) std::abort();
  if (!diagnostics.ok()) {
    diagnostics.sort();
    render_text(sources, diagnostics, Colour::on);
    return 0;
  }
  const std::string once = format(sources, file);
  sources.add({"fuzz.exm", once});
  const ast::File again = parse(sources, 1, diagnostics);
  if (!diagnostics.ok() || dump(again) != before) std::abort();
  if (format(sources, again) != once || again.comments.size() != file.comments.size()) std::abort();
  return 0;
}
