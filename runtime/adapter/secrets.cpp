#include "runtime/adapter/secrets.h"

#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace exm {
namespace {

Failure no_secret(const std::string& name, const std::string& why) {
  return {Failure::Kind::environment, "secret `" + name + "` can't be fetched: " + why};
}

}  // namespace

Secrets::Secrets(std::string folder) : folder_(std::move(folder)) {
  const char* const given = std::getenv("CREDENTIALS_DIRECTORY");
  if (folder_.empty() && given != nullptr) folder_ = given;
}

Result<std::string> Secrets::fetch(const std::string& name) {
  if (const auto known = fetched_.find(name); known != fetched_.end()) return known->second;
  if (folder_.empty())
    return no_secret(name, "say where its file is, with `--adapter-option secrets=FOLDER` or in $CREDENTIALS_DIRECTORY");
  if (name.empty() || name.front() == '.' || name.find('/') != std::string::npos) return no_secret(name, "this can't be the name of a file");
  const std::string path = folder_ + "/" + name;
  struct stat found {};
  if (::stat(path.c_str(), &found) != 0) return no_secret(name, "there is no file " + path);
  if ((found.st_mode & 077) != 0) return no_secret(name, path + " can be read by others than its owner; `chmod 600` it");
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return no_secret(name, path + " can't be read, or is empty");
  std::string secret = text.str();
  while (!secret.empty() && (secret.back() == '\n' || secret.back() == '\r')) secret.pop_back();
  return fetched_[name] = std::move(secret);
}

std::string Secrets::without(std::string text) const {
  for (const auto& [name, secret] : fetched_) {
    if (secret.empty()) continue;
    const std::string instead = "<secret " + name + ">";
    for (auto at = text.find(secret); at != std::string::npos; at = text.find(secret, at + instead.size()))
      text.replace(at, secret.size(), instead);
  }
  return text;
}

}  // namespace exm
