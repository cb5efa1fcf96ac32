#include "runtime/show/failures.h"

#include <fmt/format.h>

#include <map>

#include "runtime/plan/instantiate.h"
#include "runtime/show/words.h"

namespace exm::show {
namespace {

constexpr std::size_t most_lines = 20;
constexpr std::size_t most_open = 4;

struct Way {
  std::string does;
  std::vector<std::string> steps;     // that have just this
  std::vector<std::string> likewise;  // that have it with other names
};

std::string does_words(const plan::Plan& plan, const plan::Retreat& retreat, const plan::Step& step) {
  std::vector<std::string> titles;
  for (const auto& back : retreat.steps) titles.push_back(plan::instantiate(plan, back, step).title);
  const std::string does = titles.empty() ? "Nothing is done" : list_words(titles, titles.size());
  return clean(sentence(does) + " " + open_words(retreat, step, most_open));
}

/// The same for steps whose way back is the same, names included.
std::string filling(const plan::Retreat& retreat, const plan::Step& step) {
  std::string text = step.retreat;
  for (const auto& back : retreat.steps)
    for (const auto& object : back.objects) text += '\n' + plan::fill(object, step.objects);
  for (const auto& [variable, value] : retreat.open) text += '\n' + plan::fill(variable, step.objects);
  return text;
}

std::string line(const Way& way) {
  std::string ids = list_words(way.steps, 8);
  if (!way.likewise.empty()) ids += fmt::format(" (likewise {})", list_words(way.likewise, 4));
  return fmt::format("{}: {}", clean(ids), way.does);
}

}  // namespace

std::string open_words(const plan::Retreat& retreat, const plan::Step& step, std::size_t most) {
  std::vector<std::string> open;
  for (const auto& [variable, value] : retreat.open) open.push_back(fmt::format("{} is {}", plan::fill(variable, step.objects), value_words(value)));
  return open.empty() ? "Nothing stays open." : fmt::format("Stays open: {}.", list_words(open, most));
}

std::vector<std::string> failures(const plan::Plan& plan) {
  std::vector<Way> ways;
  std::map<std::string, std::size_t> by_retreat, by_filling, by_words;
  std::vector<std::string> none;
  for (const auto& step : plan.steps) {
    const auto retreat = plan.retreats.find(step.retreat);
    if (retreat == plan.retreats.end()) {
      none.push_back(step.id);
      continue;
    }
    const std::string filled = filling(retreat->second, step);
    if (const auto same = by_filling.find(filled); same != by_filling.end()) {
      ways[same->second].steps.push_back(step.id);
      continue;
    }
    if (const auto alike = by_retreat.find(step.retreat); alike != by_retreat.end()) {
      ways[alike->second].likewise.push_back(step.id);
      continue;
    }
    const std::string does = does_words(plan, retreat->second, step);
    const std::size_t way = by_words.emplace(does, ways.size()).first->second;
    if (way == ways.size()) ways.push_back({does, {}, {}});
    ways[way].steps.push_back(step.id);
    by_filling[filled] = by_retreat[step.retreat] = way;
  }
  std::vector<std::string> lines;
  if (ways.empty()) return lines;
  for (const auto& way : ways) lines.push_back(line(way));
  if (lines.size() > most_lines) {
    const auto more = count_words(static_cast<std::int64_t>(lines.size() - most_lines), "way");
    lines.resize(most_lines);
    lines.push_back(more + " back more: `--step ID` shows the one from a step.");
  }
  if (!none.empty()) lines.push_back(fmt::format("{}: there is no way back.", clean(list_words(none))));
  return lines;
}

}  // namespace exm::show
