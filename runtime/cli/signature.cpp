#include "runtime/cli/signature.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <vector>

#include "runtime/adapter/capture.h"
#include "runtime/adapter/process.h"

namespace exm {
namespace {

constexpr const char* meant_for = "exm-plan";
constexpr Milliseconds patience = 30'000;
constexpr std::size_t longest = 64 * 1024;  // no signature is longer

/// A folder that only its owner looks into, for as long as it lives.
class PrivateFolder {
 public:
  PrivateFolder() {
    std::error_code none;
    std::string pattern = (std::filesystem::temp_directory_path(none) / "exm-signature-XXXXXX").string();
    if (mkdtemp(pattern.data()) != nullptr) path = pattern;
  }
  PrivateFolder(const PrivateFolder&) = delete;
  PrivateFolder& operator=(const PrivateFolder&) = delete;
  ~PrivateFolder() {
    std::error_code ignored;
    if (!path.empty()) std::filesystem::remove_all(path, ignored);
  }
  std::string path;  // empty: it could not be made
};

struct Said {
  bool well = false;
  std::string output, error;
};

Result<Said> ssh_keygen(std::vector<std::string> words, const std::string& input) {
  words.insert(words.begin(), {"ssh-keygen", "-Y"});
  Loop loop;
  Capture output, error;
  std::optional<ProcessEnd> end;
  auto process = Process::start(loop, words, true, {[&](std::string_view text) { output.add(text); }, [&](std::string_view text) { error.add(text); },
                                                    [&](const ProcessEnd& how) { end = how; }});
  if (!process)
    return Failure{Failure::Kind::environment, "ssh-keygen, which looks at signatures, can't be run: " + process.error().message + " (Debian: openssh-client). Nothing was run"};
  (*process)->write(input);
  (*process)->close_input();
  for (const Milliseconds last = loop.now() + patience; !end && loop.now() < last;) loop.turn(last);
  if (!end) {
    (*process)->signal_group(SIGKILL);
    return Failure{Failure::Kind::environment, "ssh-keygen did not answer within 30 s, and was ended. Nothing was run"};
  }
  return Said{end->code == 0 && end->signal == 0, output.text(), error.text()};
}

std::string on_one_line(const std::string& text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
  const auto end = out.find_last_not_of(' ');
  return end == std::string::npos ? "" : out.substr(0, end + 1);
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);)
    if (!line.empty()) lines.push_back(line);
  return lines;
}

/// "… signature with ED25519 key SHA256:…"
std::string key_in(const std::string& said) {
  const auto with = said.find(" with ");
  return with == std::string::npos ? "" : on_one_line(said.substr(with + 6));
}

Failure no_signature_of(const SignatureCheck& check, const std::string& said) {
  const auto refused = [&](const std::string& why) { return Failure{Failure::Kind::bad_input, check.name + ": " + why + ". Nothing was run"}; };
  if (said.find("namespace does not match") != std::string::npos)
    return refused("this is a signature for something else; sign the plan by `ssh-keygen -Y sign -n exm-plan -f KEY " + check.plan + "`");
  if (said.find("incorrect signature") != std::string::npos)
    return refused("this is not the signature of " + check.plan + ": the plan, or the signature, is another than was signed. Whoever has reviewed the plan signs it anew");
  return refused("this is no signature (ssh-keygen: " + on_one_line(said) + ")");
}

Failure may_not_sign(const SignatureCheck& check, const std::string& key, const std::string& said) {
  const bool expired = said.find("has expired") != std::string::npos || said.find("not yet valid") != std::string::npos;
  const std::string why = expired ? "that key was not valid today, by " + check.allowed + " (" + on_one_line(said) + ")" : "no signer in " + check.allowed + " has that key for plans";
  return {Failure::Kind::bad_input, check.plan + ": it is signed with the " + key + ", but " + why + ". Have it signed by somebody who may. Nothing was run"};
}

}  // namespace

Result<Signer> check_signature(const std::string& bytes, const SignatureCheck& check) {
  if (check.signature.size() > longest) return Failure{Failure::Kind::bad_input, check.name + ": this is no signature: it is too long. Nothing was run"};
  if (std::ifstream allowed(check.allowed); !allowed || allowed.peek() == std::ifstream::traits_type::eof())
    return Failure{Failure::Kind::environment, check.allowed + ": no allowed signers can be read from it; a line is `NAME namespaces=\"exm-plan\" KEY` (man ssh-keygen). Nothing was run"};
  const PrivateFolder folder;
  const std::string file = folder.path + "/signature";
  if (folder.path.empty() || !(std::ofstream(file, std::ios::binary) << check.signature).flush())
    return Failure{Failure::Kind::environment, "no temporary file can be written for ssh-keygen: " + std::string(std::strerror(errno)) + ". Nothing was run"};
  auto held = ssh_keygen({"check-novalidate", "-n", meant_for, "-s", file}, bytes);
  if (!held) return held.error();
  if (!held->well) return no_signature_of(check, held->error + held->output);
  const std::string key = key_in(held->output);
  auto names = ssh_keygen({"find-principals", "-s", file, "-f", check.allowed}, "");
  if (!names) return names.error();
  if (!names->well) return may_not_sign(check, key, names->error);
  std::string why;
  for (const std::string& name : lines_of(names->output)) {
    auto verified = ssh_keygen({"verify", "-n", meant_for, "-I", name, "-f", check.allowed, "-s", file}, bytes);
    if (!verified) return verified.error();
    if (verified->well) return Signer{on_one_line(name), key};
    why = verified->error;
  }
  return may_not_sign(check, key, why);
}

}  // namespace exm
