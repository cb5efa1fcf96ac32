// Headroom and exposure as a person reads them at night: few sentences, each with the steps between which it is so.
#include <map>
#include <tuple>

#include "runtime/verify/survey.h"

namespace exm {
namespace {

constexpr std::size_t most_sentences = 12;

std::string list(const std::vector<std::string>& items, std::size_t most = 6) {
  std::string text;
  for (std::size_t i = 0; i < items.size() && i < most; ++i) {
    const bool last = i + 1 == items.size();
    text += (i == 0 ? "" : last ? " and " : ", ") + items[i];
  }
  return items.size() > most ? text + " and " + std::to_string(items.size() - most) + " more" : text;
}

/// "from 1b to 1j and from 2b to 2j"
std::string when_words(const std::vector<Stretch>& when) {
  std::vector<std::string> stretches;
  for (const Stretch& s : when) {
    stretches.push_back(s.to.empty() ? "from " + s.from + " on" : s.from == s.to ? "in " + s.from : "from " + s.from + " to " + s.to);
  }
  return list(stretches, 4);
}

std::string headroom_words(const Headroom& h) {
  const std::string of = h.of.empty() ? "" : " of " + h.of;
  const std::string limit = std::to_string(h.limit) + (h.at_most ? " allowed" : " needed");
  return h.rule + of + " counts " + std::to_string(h.nearest) + (h.at_most ? "" : " of " + std::to_string(h.at_start)) +
         ", " + limit + (h.when.empty() ? "" : ", " + when_words(h.when));
}

std::string exposure_words(const Exposure& e) {
  std::string when = when_words(e.when);
  when[0] = static_cast<char>(when[0] - 'a' + 'A');
  const std::string fault = e.title.empty() ? e.fault + " happens" : e.title;
  return when + ": if " + fault + ", " + list(e.rules) + (e.rules.size() == 1 ? " breaks" : " break");
}

bool worth_telling(const Headroom& h) {
  return h.nearest != h.at_start;
}
bool worth_telling(const Exposure&) {
  return true;
}

/// The first of each group in its words, and how many are like it.
template <class Item, class Key, class Words>
void add(const std::vector<Item>& items, const Key& key, const Words& words_of, std::vector<std::string>& sentences) {
  using Group = decltype(key(items[0]));
  std::map<Group, std::size_t> groups;
  std::vector<std::pair<const Item*, std::size_t>> first;
  for (const Item& item : items) {
    if (!worth_telling(item)) continue;
    const auto [at, fresh] = groups.emplace(key(item), first.size());
    if (fresh)
      first.emplace_back(&item, 0);
    else
      ++first[at->second].second;
  }
  for (std::size_t i = 0; i < first.size() && i < most_sentences; ++i) {
    const std::size_t more = first[i].second;
    sentences.push_back(words_of(*first[i].first) + (more > 0 ? "; likewise for " + std::to_string(more) + " more" : ""));
  }
  if (first.size() > most_sentences) sentences.push_back("and so on, for " + std::to_string(first.size() - most_sentences) + " more");
}

}  // namespace

std::vector<std::string> survey_sentences(const Verdict& verdict) {
  std::vector<std::string> sentences;
  add(verdict.headroom, [](const Headroom& h) { return std::tuple(h.rule, h.at_most, h.limit, h.at_start, h.nearest); },
      headroom_words, sentences);
  add(verdict.exposure, [](const Exposure& e) { return std::tuple(e.shape); }, exposure_words, sentences);
  if (verdict.survey_ended) sentences.push_back("there may be more: looking at how near each rule comes to breaking ended at its bound");
  return sentences;
}

}  // namespace exm
