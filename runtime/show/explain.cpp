#include <fmt/format.h>

#include <algorithm>

#include "runtime/plan/instantiate.h"
#include "runtime/plan/quote.h"
#include "runtime/plan/timeline.h"
#include "runtime/show/expression_words.h"
#include "runtime/show/page.h"
#include "runtime/show/text.h"
#include "runtime/show/words.h"

namespace exm {

using namespace show;

namespace {

std::string assignment_words(const plan::Assignment& a) {
  std::string out = fmt::format("{} becomes {}", a.variable, expression_words(a.to));
  if (a.when) out += ", where " + expression_words(*a.when);
  return clean(out);
}

void put_effects(Page& page, const plan::Effect& effect) {
  for (const auto& a : effect.assignments) page.item("    -", assignment_words(a), 6);
  for (const auto& part : effect.parts) put_effects(page, part);
}

/// The text line by line; it is not wrapped, so that it can be copied.
void put_command(Page& page, std::string_view head, std::string_view language, const plan::Command& command) {
  page.line(fmt::format("  {} ({}{}):", head, clean(language), command.from.empty() ? "" : ", from " + clean(command.from)));
  const std::string text = plan::render(command.command, language, [](const plan::Piece& piece) {
    return piece.kind == plan::Piece::Kind::secret ? "<secret " + piece.text + ">" : std::string("<the time at which the run began>");
  });
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    page.line("    " + clean(text.substr(at, end - at)));
    at = end + 1;
  }
}

void put_conditions(Page& page, const plan::Template& t) {
  if (!t.requires_.empty()) page.line("  Requires:");
  for (const auto& r : t.requires_) page.item("    -", clean(expression_words(r.formula) + (r.otherwise.empty() ? "" : " (" + r.otherwise + ")")), 6);
  if (!t.during.empty()) page.line("  While it runs:");
  for (const auto& a : t.during) page.item("    -", assignment_words(a), 6);
  page.line("  Afterwards:");
  put_effects(page, t.effects);
}

void put_rescue(Page& page, const plan::Plan& plan, const plan::Step& step, const plan::Template& t) {
  if (t.retry) page.paragraph(fmt::format("Where it fails it is tried again, {} more, every {}.", count_words(t.retry->times, "time"), duration_words(t.retry->every)), 2);
  if (t.fallback) page.paragraph(fmt::format("Where it still fails: {}.", clean(plan::instantiate(plan, *t.fallback, step.args).title)), 2);
  for (const auto& line : lease_lines(t)) page.paragraph(sentence(line), 2);
  if (t.irreversible) page.paragraph("It cannot be undone.", 2, Tone::warning);
  const auto retreat = plan.retreats.find(step.retreat);
  if (retreat == plan.retreats.end()) return;
  page.line("  If it fails, the way back (exm resume JOURNAL --retreat):");
  if (retreat->second.steps.empty()) page.item("    -", "nothing is to be done", 6);
  for (const auto& back : retreat->second.steps) page.item("    -", clean(plan::instantiate(plan, back, step).title), 6);
  std::vector<std::string> open;
  for (const auto& [variable, value] : retreat->second.open)
    open.push_back(fmt::format("{} is {}", plan::fill(variable, step.objects), value_words(value)));
  page.line(open.empty() ? "  Nothing stays open then." : "  Then stays open:");
  for (const auto& one : open) page.item("    -", clean(one), 6);
}

}  // namespace

std::optional<std::string> explain_step(const plan::Plan& plan, const std::string& id, const TextOptions& options) {
  const auto it = std::find_if(plan.steps.begin(), plan.steps.end(), [&](const plan::Step& s) { return s.id == id; });
  if (it == plan.steps.end()) return std::nullopt;
  const plan::Template t = plan::instantiate(plan, *it);
  const auto span = plan::timeline(plan)[static_cast<std::size_t>(it - plan.steps.begin())];
  Page page(options);
  page.heading(clean(fmt::format("{}  {}", it->id, t.title)));
  page.paragraph(sentence(clean(it->why)), 2);
  page.paragraph(clean(fmt::format("Action {}{}, at {}, takes {}.", t.action, t.on.empty() ? "" : " on " + t.on, clock_words(span.start), duration_words(t.takes))), 2);
  if (!it->after.empty()) page.paragraph(clean(fmt::format("After {}.", list_words(it->after))), 2);
  for (const auto& words : slot_lines(plan, *it)) page.paragraph(words, 2);
  if (!t.uses.empty()) page.paragraph(clean(fmt::format("Nothing else uses {} at the time.", list_words(t.uses))), 2);
  for (const auto& question : t.confirm) page.paragraph("Asks first: " + clean(question), 2);
  put_conditions(page, t);
  if (t.run.empty()) page.line("  Runs nothing: it waits until its effects are seen.");
  for (const auto& [language, command] : t.run) put_command(page, "Runs", language, command);
  for (const auto& probe : t.probes) put_command(page, "Reads " + clean(probe.variable), probe.language, probe.command);
  put_rescue(page, plan, *it, t);
  for (const auto& notice : t.notices) page.paragraph("Note: " + sentence(clean(notice)), 2);
  return page.take();
}

}  // namespace exm
