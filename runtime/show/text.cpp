#include "runtime/show/text.h"

#include <fmt/format.h>

#include "runtime/show/outline.h"
#include "runtime/show/page.h"
#include "runtime/show/words.h"

namespace exm {

using namespace show;

namespace {

constexpr std::size_t column = 26;  // where titles and whys begin

void put_step(Page& page, const OutlineStep& step, const TextOptions& options) {
  const std::string takes = step.takes == 0 ? "" : duration_words(step.takes);
  page.item(fmt::format("  {:<6}{:>7} {:>9} ", step.id, clock_words(step.start), takes), step.title, column);
  if (!options.whys) return;
  page.paragraph(step.why, column, Tone::dim);
  for (const auto& words : step.waits) page.paragraph(words, column, Tone::dim);
  if (!step.meanwhile.empty()) page.paragraph(fmt::format("Meanwhile: {}.", step.meanwhile), column, Tone::dim);
  for (const auto& mark : step.marks) page.paragraph("! " + mark, column, Tone::warning);
}

}  // namespace

std::string show_text(const plan::Plan& plan, const TextOptions& options) {
  const Outline o = outline(plan);
  Page page(options);
  page.heading(o.title);
  page.line();
  for (const auto& sentence : o.summary) page.paragraph(sentence, 2);
  page.list("Asked first", o.gates);
  for (const auto& lane : o.lanes) {
    page.line();
    page.heading(lane.name);
    for (const auto& step : lane.steps) put_step(page, step, options);
  }
  page.list("If a step fails (exm resume JOURNAL --retreat)", o.failures);
  page.list("What ends other than it was", o.ends);
  page.list("Worth knowing", o.notices);
  page.list("How near it comes", o.exposure);
  return page.take();
}

}  // namespace exm
