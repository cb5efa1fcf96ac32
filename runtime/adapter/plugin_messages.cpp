#include "runtime/adapter/plugin_messages.h"

#include <nlohmann/json.hpp>
#include <set>

#include "runtime/plan/write_json.h"

namespace exm {
namespace {

using Json = nlohmann::json;

std::string request(std::int64_t id, const char* method, Json params) {
  const Json line{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", std::move(params)}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::set<std::string> languages_of(const plan::Plan& plan) {
  std::set<std::string> languages;
  for (const auto& [name, shape] : plan.templates) {
    for (const auto& [language, command] : shape.run)
      if (language != "person") languages.insert(language);
    for (const auto& probe : shape.probes) languages.insert(probe.language);
  }
  return languages;
}

std::optional<std::string> text_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

void read_result(const Json& result, Message& message) {
  message.status = text_at(result, "status");
  message.text = text_at(result, "text");
  message.output = text_at(result, "output");
  message.error = text_at(result, "error");
  message.name = text_at(result, "name");
  if (const auto code = result.find("code"); code != result.end() && code->is_number_integer()) message.code = code->get<std::int64_t>();
  if (const auto many = result.find("concurrency"); many != result.end() && many->is_number_integer()) message.concurrency = many->get<std::int64_t>();
  if (const auto all = result.find("languages"); all != result.end() && all->is_array())
    for (const auto& one : *all)
      if (one.is_string()) message.languages.push_back(one.get<std::string>());
}

}  // namespace

std::string initialize_line(std::int64_t id, const plan::Plan& plan, const std::map<std::string, std::string>& options) {
  return request(id, "initialize",
                 {{"protocol", "exm-adapter/1"},
                  {"plan", {{"maintenance", plan.maintenance}, {"digest", plan.digest}}},
                  {"languages", languages_of(plan)},
                  {"options", Json(options)}});
}

std::string observe_line(std::int64_t id, const Observe& asked) {
  return request(id, "observe",
                 {{"host", asked.host},
                  {"address", asked.address},
                  {"variable", asked.probe->variable},
                  {"language", asked.probe->language},
                  {"command", plan::write(asked.probe->command.command)}});
}

std::string execute_line(std::int64_t id, const Execute& given) {
  return request(id, "execute",
                 {{"key", given.key},
                  {"step", given.step},
                  {"action", given.shape ? given.shape->action : std::string()},
                  {"host", given.host},
                  {"address", given.address},
                  {"language", given.language},
                  {"command", plan::write(given.command)},
                  {"timeout_s", given.timeout}});
}

std::string cancel_line(std::int64_t id, const std::string& key) { return request(id, "cancel", {{"key", key}}); }
std::string shutdown_line(std::int64_t id) { return request(id, "shutdown", Json::object()); }

std::optional<Message> read_message(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || text_at(json, "jsonrpc") != "2.0") return std::nullopt;
  Message message;
  if (text_at(json, "method") == "progress") {
    const auto params = json.find("params");
    if (params == json.end() || !params->is_object()) return std::nullopt;
    message.kind = Message::Kind::progress;
    message.key = text_at(*params, "key").value_or("");
    message.text = text_at(*params, "text").value_or("");
    return message;
  }
  const auto id = json.find("id");
  if (id == json.end() || !id->is_number_integer()) return std::nullopt;
  message.id = id->get<std::int64_t>();
  auto error = json.find("error");
  const auto result = json.find("result");
  if (error != json.end() && error->is_null()) error = json.end();
  if (error != json.end() && error->is_object() && result == json.end()) {
    message.kind = Message::Kind::refusal;
    message.error = text_at(*error, "message").value_or("it says only that something is wrong");
    return message;
  }
  if (result == json.end() || error != json.end()) return std::nullopt;
  if (result->is_object()) read_result(*result, message);
  return message;
}

}  // namespace exm
