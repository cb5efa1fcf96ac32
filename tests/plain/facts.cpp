#include "tests/plain/facts.h"

#include <algorithm>
#include <map>
#include <set>

namespace exm::facts {

namespace {

using Names = std::vector<std::string>;
using Pointer = Json::json_pointer;

/// Of templates, steps and the rest: what is told to people or done on hosts, and decides nothing.
const std::set<std::string> told{"title",      "run",     "timeout", "retry", "confirm",  "cost",    "disrupts", "irreversible",
                                 "privileges", "notices", "lease",   "else",  "language", "command", "from",     "every",
                                 "as",         "source",  "question", "type", "zone",     "weekday", "minute"};
const std::set<std::string> judged{"achieve", "disrupts_when", "faults", "free",  "kinds",    "limits",
                                   "objects", "retreats",      "rules",  "steps", "templates"};
const std::map<std::string, Names> other_operators{{"and", {"or"}},      {"or", {"and"}},     {"==", {"!="}},      {"!=", {"=="}},
                                                   {"<", {"<=", ">"}},   {"<=", {"<", ">="}}, {">", {">=", "<"}}, {">=", {">", "<="}},
                                                   {"+", {"-"}},         {"-", {"+"}}};
const std::set<std::string> any_number{"and", "or", "count", "sum", "set", "+"};
const std::set<std::string> of_one_key{"var", "version", "ref", "duration", "arg", "object", "ip", "cidr", "path"};  // constants and the like
const std::set<std::string> needed{"id", "template", "kind", "effects", "formula", "set", "to", "action", "states", "seq", "all"};

Names keys(const Json& map) {
  Names found;
  for (const auto& [key, value] : map.items()) found.push_back(key);
  return found;
}

/// The one before and the one after it.
Names neighbours(const Names& all, const std::string& name) {
  Names found;
  const auto at = std::find(all.begin(), all.end(), name);
  if (at == all.end() || all.size() < 2) return all.empty() || at != all.end() ? Names{} : Names{all.front()};
  found.push_back(at + 1 == all.end() ? all.front() : *(at + 1));
  if (all.size() > 2) found.push_back(at == all.begin() ? all.back() : *(at - 1));
  return found;
}

class Lister {
 public:
  explicit Lister(const Json& plan) : plan_(plan) {
    for (const Json& step : list("steps")) steps_.push_back(step["id"]);
    templates_ = keys(list("templates"));
    retreats_ = keys(list("retreats"));
    for (const auto& [name, shape] : list("templates").items())
      if (std::find(actions_.begin(), actions_.end(), shape["action"]) == actions_.end()) actions_.push_back(shape["action"]);
    for (const auto& [path, object] : list("objects").items()) of_kind_[object["kind"]].push_back(path);
    for (const auto& [name, kind] : list("kinds").items())
      for (const auto& [state, about] : kind["states"].items()) {
        const Json& type = about["type"].is_object() && about["type"].contains("optional") ? about["type"]["optional"] : about["type"];
        if (!type.is_object() || !type.contains("enum")) continue;
        for (const auto& one : type["enum"]) enums_[one].insert(type["enum"].begin(), type["enum"].end());
      }
  }

  std::vector<Change> all() {
    for (const auto& [key, value] : plan_.items())
      if (judged.contains(key)) walk(value, Pointer() / key, key);
    for (const auto& [path, object] : list("objects").items()) add_values(path, object);
    return std::move(found_);
  }

 private:
  const Json& list(const char* key) const {
    static const Json nothing = Json::object();
    return plan_.contains(key) ? plan_[key] : nothing;
  }

  void put(const Pointer& at, std::optional<Json> to) { found_.push_back({at.to_string(), std::move(to)}); }

  /// `key`: the last name on the way, which says what a text stands for.
  void walk(const Json& json, const Pointer& at, const std::string& key) {
    if (json.is_object()) {
      walk_map(json, at, key);
    } else if (json.is_array()) {
      walk_list(json, at, key);
    } else if (json.is_boolean()) {
      put(at, !json.get<bool>());
    } else if (json.is_number_integer()) {
      put(at, json.get<std::int64_t>() + 1);
      if (json > 0) put(at, json.get<std::int64_t>() - 1);
    } else if (json.is_string()) {
      for (const Json& other : others(json, key)) put(at, other);
    }
  }

  void walk_map(const Json& json, const Pointer& at, const std::string& key) {
    const bool constant = json.size() == 1 && of_one_key.contains(json.begin().key());
    if (json.contains("var") && json.size() == 1) note_variable(json["var"]);
    for (const auto& [name, value] : json.items()) {
      if (told.contains(name) && key != "start" && key != "restore" && key != "states" && key != "args") continue;
      if (name == "why" && json.contains("template")) continue;
      if (!constant && !needed.contains(name)) put(at / name, std::nullopt);
      walk(value, at / name, name);
    }
    if (json.contains("seq") && json["seq"].size() > 1) put(at, Json{{"all", json["seq"]}});
    if (json.contains("all") && json["all"].size() > 1) put(at, Json{{"seq", json["all"]}});
  }

  void walk_list(const Json& json, const Pointer& at, const std::string& key) {
    static const std::set<std::string> others_of_them{"not", "in", "if", "known", "none", "unknown"};
    const std::string first_word = !json.empty() && json[0].is_string() && !is_names(key) ? json[0].get<std::string>() : "";
    const bool expression = any_number.contains(first_word) || other_operators.contains(first_word) || others_of_them.contains(first_word);
    const std::size_t first = expression ? 1 : 0;
    if (expression) {
      const auto opposite = other_operators.find(json[0]);
      if (opposite != other_operators.end())
        for (const std::string& other : opposite->second) put(at / 0, other);
      if (json[0] == "not") put(at, json[1]);
      if (json[0] == "known") put(at, Json{"not", json});
      if (json[0] == "unknown") put(at, true);
    }
    for (std::size_t i = first; i < json.size(); ++i) {
      if (!expression || any_number.contains(json[0])) put(at / i, std::nullopt);
      walk(json[i], at / i, key);
      const bool in_turn = key == "seq" || (key == "steps" && json[i].is_object() && !json[i].contains("id"));
      if (!in_turn || i == 0) continue;
      Json swapped = json;
      std::swap(swapped[i - 1], swapped[i]);
      put(at, swapped);
    }
  }

  static bool is_names(const std::string& key) {
    static const std::set<std::string> all{"after", "objects", "acquires", "releases", "instances", "forbid", "allow", "uses"};
    return all.contains(key);
  }

  void note_variable(const std::string& name) {
    if (std::find(variables_.begin(), variables_.end(), name) == variables_.end()) variables_.push_back(name);
  }

  std::vector<Json> others(const std::string& text, const std::string& key) const {
    Names names;
    if (key == "after") names = neighbours(steps_, text);
    else if (key == "template") names = neighbours(templates_, text);
    else if (key == "retreat") names = neighbours(retreats_, text);
    else if (key == "action" || key == "forbid" || key == "allow" || key == "before") names = neighbours(actions_, text);
    else if (key == "objects" || key == "instances" || key == "ref") names = same_kind(text);
    else if (key == "on" || key == "uses") names = text == "$0" ? Names{"$1"} : Names{"$0"};
    else if (key == "why") names = neighbours({"lasting", "left", "achieved", "unknown", "planned"}, text);
    else if (text == "always" || text == "keep") names = {text == "keep" ? "always" : "keep"};
    else if (key == "kind") names = neighbours(keys(list("kinds")), text);
    else if (key == "var" || key == "set") names = near(text);
    else if (key == "version") names = {"0.1", "99.9"};
    else if (key != "id" && key != "fault" && key != "arg" && enums_.contains(text)) {
      for (const std::string& one : enums_.at(text))
        if (one != text) names.push_back(one);
    }
    return {names.begin(), names.end()};
  }

  Names same_kind(const std::string& path) const {
    if (path == "$0" || path == "$1" || path == "$2") return {path == "$0" ? "$1" : "$0"};
    const auto& objects = list("objects");
    return objects.contains(path) ? neighbours(of_kind_.at(objects[path]["kind"]), path) : Names{};
  }

  /// Variables that have been read of before: of the same state elsewhere, and of another.
  Names near(const std::string& name) const {
    const auto state = [](const std::string& path) { return path.substr(path.rfind('.') + 1); };
    Names found;
    for (auto v = variables_.rbegin(); v != variables_.rend() && found.size() < 2; ++v)
      if (*v != name && (state(*v) == state(name)) == found.empty()) found.push_back(*v);
    return found;
  }

  /// Each state of each object starts with another value, or is to be restored to one.
  void add_values(const std::string& path, const Json& object) {
    for (const auto& [state, about] : list("kinds")[object["kind"].get<std::string>()]["states"].items()) {
      const bool given = object.contains("start") && object["start"].contains(state);
      if (!given && !about.contains("default")) continue;
      const Json& now = given ? object["start"][state] : about["default"];
      std::vector<Json> other;
      if (now.is_boolean()) other = {!now.get<bool>()};
      if (now.is_string()) other = others(now, state);
      if (now.is_object() && now.contains("version")) other = {Json{{"version", "0.1"}}};
      if (other.empty()) continue;
      for (const char* which : {"start", "restore"}) {
        Json with = object;
        with[which][state] = other[0];
        put(Pointer() / "objects" / path, with);
      }
    }
  }

  const Json& plan_;
  std::vector<Change> found_;
  Names steps_, templates_, retreats_, actions_, variables_;
  std::map<std::string, Names> of_kind_;
  std::map<std::string, std::set<std::string>> enums_;
};

}  // namespace

std::vector<Change> changes(const Json& plan) { return Lister(plan).all(); }

void changed(Json& plan, const Change& change, const std::function<void(const Json&)>& look) {
  const Pointer at(change.at);
  Json& parent = plan[at.parent_pointer()];
  const Json before = parent;
  if (change.to)
    plan[at] = *change.to;
  else if (parent.is_array())
    parent.erase(static_cast<std::size_t>(std::stoul(at.back())));
  else
    parent.erase(at.back());
  look(plan);
  plan[at.parent_pointer()] = before;
}

std::string words(const Change& change) { return change.at + (change.to ? " made " + change.to->dump().substr(0, 200) : " taken out"); }

}  // namespace exm::facts
