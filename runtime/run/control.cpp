#include "runtime/run/control.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "runtime/run/lock.h"

namespace exm {
namespace {

using Json = nlohmann::ordered_json;

std::string file_of(const std::string& journal) { return journal + ".asked"; }

Result<Done> whole(const std::string& path, const std::string& text) {
  const std::string half = path + ".new";
  std::ofstream file(half, std::ios::trunc);
  file << text;
  file.close();
  std::error_code error;
  if (!file.fail()) std::filesystem::rename(half, path, error);
  if (file.fail() || error) return Failure{Failure::Kind::environment, path + ": can't be written: " + (error ? error.message() : std::strerror(errno))};
  return Done{};
}

}  // namespace

Result<Done> ask_of_run(const std::string& journal, const Request& request) {
  std::error_code ignored;
  if (!std::filesystem::exists(journal, ignored)) return Failure{Failure::Kind::environment, journal + ": there is no such file"};
  if (Lock::take(journal, Lock::File::existing, "this journal"))
    return Failure{Failure::Kind::usage, journal + ": no program runs it; `exm status " + journal + "` says how it stands"};
  if (request.kind == Request::Kind::go_on) {
    forget_request(journal);
    return Done{};
  }
  const Json json{{"request", request.kind == Request::Kind::stop ? "stop" : "pause"}, {"by", request.by}, {"why", request.why}};
  return whole(file_of(journal), json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n");
}

Request asked_of_run(const std::string& journal) {
  std::error_code ignored;
  if (!std::filesystem::exists(file_of(journal), ignored)) return {};
  std::ifstream file(file_of(journal));
  const Json json = Json::parse(std::string(std::istreambuf_iterator<char>(file), {}), nullptr, false);
  const auto text = [&](const char* key) { return json.is_object() && json.contains(key) && json[key].is_string() ? json[key].get<std::string>() : std::string(); };
  return {text("request") == "stop" ? Request::Kind::stop : Request::Kind::pause, text("by"), text("why")};
}

void forget_request(const std::string& journal) {
  std::error_code ignored;
  std::filesystem::remove(file_of(journal), ignored);
}

}  // namespace exm
