#include "runtime/adapter/script.h"

#include <charconv>
#include <random>

#include "runtime/plan/quote.h"

namespace exm {
namespace {

using plan::Piece;

void fetch_all(const plan::Text& text, Secrets& secrets, std::string& trouble) {
  for (const auto& piece : text) {
    if (piece.kind != Piece::Kind::secret) continue;
    if (auto secret = secrets.fetch(piece.text); !secret && trouble.empty()) trouble = secret.error().message;
  }
}

int number_at(std::string_view text) {
  int number = 0;
  (void)std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

}  // namespace

Result<std::string> Scripts::fetch_secrets() {
  std::string trouble;
  for (const auto& [name, shape] : plan_.templates) {
    if (const auto found = shape.run.find(language_); found != shape.run.end()) fetch_all(found->second.command, secrets_, trouble);
    for (const auto& probe : shape.probes)
      if (probe.language == language_) fetch_all(probe.command.command, secrets_, trouble);
  }
  if (const auto found = plan_.preludes.find(language_); found != plan_.preludes.end())
    for (const auto& [kind, text] : found->second) fetch_all(text, secrets_, trouble);
  if (!trouble.empty()) return Failure{Failure::Kind::environment, trouble};
  return trouble;
}

Result<std::string> Scripts::command(const plan::Text& text) {
  std::string trouble;
  std::string script = plan::render(text, language_, [&](const Piece& piece) -> std::string {
    if (piece.kind == Piece::Kind::run) {
      const std::string time = plan::quote(language_, plan::text(begun_));
      return language_ == "powershell" ? "([datetime]" + time + ")" : time;
    }
    if (piece.kind != Piece::Kind::secret) {
      trouble = "its command has a slot that nothing fills";
      return {};
    }
    auto secret = secrets_.fetch(piece.text);
    if (!secret) trouble = secret.error().message;
    return secret ? plan::quote(language_, plan::text(*secret)) : std::string();
  });
  if (!trouble.empty()) return Failure{Failure::Kind::environment, trouble};
  return script;
}

Result<std::string> Scripts::prelude(const std::string& host) {
  const auto preludes = plan_.preludes.find(language_);
  if (preludes == plan_.preludes.end()) return std::string();
  const auto object = plan_.objects.find(host);
  const std::string kind = object == plan_.objects.end() ? "controller" : object->second.kind;
  std::string all;
  for (const std::string& key : {std::string(), kind}) {
    const auto text = preludes->second.find(key);
    if (text == preludes->second.end()) continue;
    auto script = command(text->second);
    if (!script) return script;
    all += *script + "\n";
  }
  return all;
}

std::string script_line(std::string_view script) {
  std::string line = "'";
  for (const char c : script) {
    if (c == '\'')
      line += "'\\''";
    else if (c == '\n')
      line += "'\"$exm_n\"'";
    else
      line += c;
  }
  return line + "'\n";
}

std::string shell_line(std::string_view mark) {
  const std::string m(mark);
  return "printf \"%s\\n\" \"" + m + " begin $$\"; IFS= read -r exm_line || exit 1; exec </dev/null; "
         "exm_n=${IFS#??}; exm_n=${exm_n%\"${exm_n#?}\"}; eval \"exm_script=$exm_line\"; "
         "(set -e; eval \"$exm_script\"); printf \"\\n%s\\n\" \"" + m + " end $?\"";
}

std::string random_mark() {
  thread_local std::random_device random;  // to open one takes longer than all else here
  std::string mark = "exm-";
  for (int i = 0; i < 32; ++i) mark += "0123456789abcdef"[random() % 16];
  return mark;
}

Marked read_marks(std::string_view output, std::string_view mark) {
  Marked marked;
  const std::string begin = std::string(mark) + " begin ", end = "\n" + std::string(mark) + " end ";
  const auto first = output.find(begin);
  const auto line = first == std::string_view::npos ? first : output.find('\n', first);
  if (line == std::string_view::npos) return marked;
  marked.begun = true;
  marked.group = number_at(output.substr(first + begin.size()));
  output.remove_prefix(line + 1);
  const auto last = output.rfind(end);
  marked.ended = last != std::string_view::npos && output.find('\n', last + 1) != std::string_view::npos;
  if (marked.ended) marked.code = number_at(output.substr(last + end.size()));
  marked.said = output.substr(0, marked.ended ? last : output.size());
  return marked;
}

}  // namespace exm
