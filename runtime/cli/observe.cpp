#include "runtime/cli/observe.h"

#include <chrono>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "runtime/adapter/value_text.h"
#include "runtime/cli/choose_adapter.h"
#include "runtime/cli/exit_codes.h"
#include "runtime/cli/interrupt.h"
#include "runtime/cli/write_file.h"
#include "runtime/plan/paths.h"
#include "runtime/plan/plan_json.h"
#include "runtime/run/journal.h"
#include "runtime/run/look.h"

namespace exm {
namespace {

using Json = nlohmann::json;
using plan::Observable;
using plan::Observation;

/// What the adapter is given. The simulator's world is that of the run whose journal is named, else what the files say.
Result<AdapterSetup> setup_for(const Observation& observation, const ObserveArguments& arguments) {
  AdapterSetup out;
  out.start = plan::start_world(observation.plan);
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  out.sim.path = ":memory:";
  out.sim.start = std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
  out.begun = utc_text(out.sim.start);
  out.log = [](const std::string& line) { std::cerr << line << "\n"; };
  auto misfortunes = injections_of(arguments.inject);
  if (!misfortunes) return misfortunes.error();
  out.sim.injections = std::move(*misfortunes);
  if (arguments.journal.empty()) return out;
  auto content = read_journal(arguments.journal);
  if (!content) return content.error();
  auto plan = plan_from_json(content->head.plan_json);
  if (!plan) return Failure{Failure::Kind::environment, arguments.journal + ": the plan in it can't be read: " + plan.error().message};
  for (const auto& [variable, value] : plan::start_world(*plan)) out.start[variable] = value;
  std::error_code ignored;
  if (!std::filesystem::exists(arguments.journal + ".sim", ignored)) return out;
  out.sim.path = arguments.journal + ".sim";
  out.sim.open = SimStore::Open::existing;
  out.sim.start = 0;
  return out;
}

std::string expected(const plan::Probe& probe, const plan::Type& type) {
  std::string words;
  for (const auto& [text, value] : probe.as) words += (words.empty() ? "" : ", ") + text;
  if (!probe.as.empty()) return words;
  for (const auto& name : type.names) words += (words.empty() ? "" : ", ") + name;
  return words;
}

/// What a system said, so that it can be told: a line, not too long, nothing that a terminal would obey.
std::string shown(const std::string& text) {
  constexpr std::size_t longest = 120;
  std::string out;
  for (const char c : text.substr(0, longest)) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c;
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return text.size() > longest ? out + "…" : out;
}

class Observer {
 public:
  Observer(const Observation& observation, Adapter& adapter, const std::stop_token& stop)
      : observation_(observation), adapter_(adapter), stop_(stop) {}

  /// First what is there, then what of the planned is there after all.
  Result<Observed> run() {
    std::vector<const Observable*> first, later;
    for (const auto& one : observation_.observables) (is_planned(one) ? later : first).push_back(&one);
    if (auto done = ask(first); !done) return done.error();
    std::erase_if(later, [&](const Observable* one) { return !is_there(one->variable); });
    if (auto done = ask(later); !done) return done.error();
    out_.time = utc_text(adapter_.now());
    return std::move(out_);
  }

 private:
  bool is_planned(const Observable& one) const {
    const auto [path, state] = plan::split_variable(one.variable);
    const auto object = observation_.plan.objects.find(path);
    return state != "exists" && object != observation_.plan.objects.end() && object->second.planned;
  }

  /// It, or what it belongs to, was seen to exist.
  bool is_there(const std::string& variable) const {
    const std::string object = plan::split_variable(variable).object;
    for (const auto& [seen, value] : out_.values) {
      const auto [path, state] = plan::split_variable(seen);
      if (state == "exists" && value == plan::boolean(true) && (object == path || object.rfind(path + ".", 0) == 0)) return true;
    }
    return false;
  }

  Result<Done> ask(const std::vector<const Observable*>& all) {
    std::vector<Question> questions;
    std::vector<const Observable*> asked;
    for (const Observable* one : all) {
      const bool spoken = adapter_.speaks(one->probe.language);
      if (!spoken || !one->obstacle.empty()) {
        miss(*one, "was not asked for: " + (spoken ? one->obstacle : "adapter `" + adapter_.name() + "` does not run " + one->probe.language));
        continue;
      }
      const auto host = observation_.plan.hosts.find(one->host);
      questions.push_back({std::make_shared<const plan::Probe>(one->probe), one->host, host == observation_.plan.hosts.end() ? one->host : host->second.address});
      asked.push_back(one);
    }
    auto answers = look(adapter_, questions, {}, stop_);
    if (!answers) return answers.error();
    for (std::size_t q = 0; q < asked.size(); ++q) take(*asked[q], (*answers)[q]);
    return Done{};
  }

  void take(const Observable& one, const Answer& answer) {
    const std::string on = one.host.empty() ? "" : " on " + one.host;
    if (answer.kind == Answer::Kind::silent) return miss(one, "gave no answer" + on);
    if (answer.kind == Answer::Kind::failed) return miss(one, "could not be seen" + on + ": " + (answer.text.empty() ? "the probe failed" : shown(answer.text)));
    const auto type = type_of(observation_.plan, one.variable).value_or(plan::Type{});
    plan::Value value = read_probe(one.probe, answer.text, type);
    if (value.type == plan::Value::Type::unknown) {
      const std::string values = expected(one.probe, type);
      return miss(one, "could not be seen" + on + ": `" + shown(answer.text) + "` is none of its values" + (values.empty() ? "" : " (" + values + ")"));
    }
    out_.values[one.variable] = std::move(value);
  }

  void miss(const Observable& one, const std::string& why) {
    out_.values[one.variable] = plan::unknown();
    out_.unseen.push_back(one.variable + " " + why);
  }

  const Observation& observation_;
  Adapter& adapter_;
  std::stop_token stop_;
  Observed out_;
};

struct Difference {
  std::string object, state;
  plan::Said said;
  plan::Value seen;
};

/// Where both are known and not equal.
std::vector<Difference> differences(const Observation& observation, const Observed& observed) {
  std::vector<Difference> out;
  for (const auto& [variable, said] : observation.said) {
    const auto seen = observed.values.find(variable);
    if (seen == observed.values.end() || equal(said.value, seen->second) != Truth::no) continue;
    const auto [object, state] = plan::split_variable(variable);
    out.push_back({object, state, said, seen->second});
  }
  return out;
}

std::string sentence(const Difference& d) {
  const std::string place = d.said.file + ":" + std::to_string(d.said.line) + ":" + std::to_string(d.said.column) + ": ";
  if (d.state == "exists")
    return place + d.object + (d.seen == plan::boolean(true) ? " exists, and the file says that it is planned" : " does not exist, and the file says that it does");
  return place + d.state + " of " + d.object + " is " + value_text(d.seen) + ", and the file says " + value_text(d.said.value);
}

std::string json_of(const std::vector<Difference>& all, const Observed& observed) {
  Json json{{"format", "exm-drift/1"}, {"observed", observed.time}, {"differences", Json::array()}, {"unseen", observed.unseen}};
  for (const auto& d : all)
    json["differences"].push_back({{"object", d.object},
                                   {"state", d.state},
                                   {"said", Json::parse(value_to_json(d.said.value))},
                                   {"seen", Json::parse(value_to_json(d.seen))},
                                   {"place", {{"file", d.said.file}, {"line", d.said.line}, {"column", d.said.column}}}});
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

int show_differences(const Observation& observation, const Observed& observed, const std::string& format) {
  const auto all = differences(observation, observed);
  if (format == "json") {
    std::cout << json_of(all, observed);
  } else {
    for (const auto& d : all) std::cout << sentence(d) << "\n";
    const auto seen = observed.values.size() - observed.unseen.size();
    std::cout << all.size() << " of " << seen << (seen == 1 ? " state that was seen differs" : " states that were seen differ") << " from the files\n";
  }
  return all.empty() ? exit_done : exit_drift;
}

int refuse(const Failure& failure) {
  std::cerr << "exm observe: " << failure.message << "\n";
  return exit_code_of(failure);
}

}  // namespace

Result<Observed> observe_world(const plan::Observation& observation, const ObserveArguments& arguments) {
  auto choice = adapter_choice(arguments.adapter, arguments.adapter_options, arguments.inject);
  if (!choice) return choice.error();
  auto setup = setup_for(observation, arguments);
  if (!setup) return setup.error();
  auto adapter = make_adapter(*choice, observation.plan, std::move(*setup));
  if (!adapter) return adapter.error();
  if (auto started = (*adapter)->start(); !started) return started.error();
  Interrupt interrupt;
  auto observed = Observer(observation, **adapter, interrupt.once()).run();
  if (observed && interrupt.once().stop_requested()) return Failure{Failure::Kind::environment, "interrupted before all was seen"};
  return observed;
}

std::string state_text(const Observed& observed) {
  const auto quoted = [](const std::string& text) { return Json(text).dump(-1, ' ', false, Json::error_handler_t::replace); };
  std::string text = "{\n  \"format\": \"exm-state/1\",\n  \"observed\": " + quoted(observed.time) + ",\n  \"values\": {";
  const char* before = "\n";
  for (const auto& [variable, value] : observed.values) {
    text += before + ("    " + quoted(variable)) + ": " + value_to_json(value);
    before = ",\n";
  }
  return text + (observed.values.empty() ? "}\n}\n" : "\n  }\n}\n");
}

int observe_environment(const plan::Observation& observation, const ObserveArguments& arguments) {
  if (observation.observables.empty()) std::cerr << "exm observe: no state of these objects has a probe; `probe KIND.STATE …` in a module says how one is seen\n";
  auto observed = observe_world(observation, arguments);
  if (!observed) return refuse(observed.error());
  for (const auto& line : observed->unseen) std::cerr << "exm observe: " << line << "\n";
  if (!arguments.output.empty())
    if (auto written = write_whole(arguments.output, state_text(*observed)); !written) return refuse(written.error());
  if (arguments.diff) return show_differences(observation, *observed, arguments.format);
  if (arguments.output.empty()) std::cout << state_text(*observed);
  return exit_done;
}

}  // namespace exm
