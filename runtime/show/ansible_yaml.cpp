#include "runtime/show/ansible_yaml.h"

#include <cstdint>
#include <cstdio>
#include <vector>

#include "runtime/show/words.h"

namespace exm::show {
namespace {

/// The next character of UTF-8; a byte that begins none counts as U+FFFD.
std::uint32_t next(std::string_view text, std::size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 0;
  if (length == 0 || at + length > text.size()) {
    ++at;
    return 0xFFFD;
  }
  std::uint32_t code = length == 1 ? lead : lead & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code = (code << 6) | (static_cast<unsigned char>(text[at + i]) & 0x3Fu);
  at += length;
  return code;
}

/// What YAML takes for a line's end or refuses, and what a reader does not see.
bool is_hidden(std::uint32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0xA0) || (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202F) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFFF0 && c <= 0xFFFF && c != 0xFFFD) || (c >= 0xE000 && c < 0xF900) || c >= 0xE0000;
}

std::string escape(std::uint32_t code) {
  char text[16];
  std::snprintf(text, sizeof text, code > 0xFFFF ? "\\U%08x" : "\\u%04x", static_cast<unsigned>(code));
  return text;
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    const std::uint32_t code = next(text, at);
    if (code == '\n') out += "\\n";
    else if (code == '\t') out += "\\t";
    else if (code == '"' || code == '\\') out += std::string("\\") + static_cast<char>(code);
    else if (is_hidden(code)) out += escape(code);
    else if (code == 0xFFFD) out += "\xEF\xBF\xBD";
    else out += text.substr(from, at - from);
  }
  return out + "\"";
}

/// Whether the text can stand as lines: it has some, and nothing in it is hidden or changed by the indentation.
bool is_plain(std::string_view text) {
  if (text.empty() || text.find('\n') == std::string_view::npos) return false;
  if (text.front() == ' ' || text.front() == '\n' || text.find(" \n") != std::string_view::npos) return false;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t code = next(text, at);
    if (code != '\n' && (is_hidden(code) || code == 0xFFFD)) return false;
  }
  return true;
}

}  // namespace

std::string yaml_text(std::string_view text) { return quoted(text); }

std::string yaml_unsafe(std::string_view text) { return "!unsafe " + quoted(text); }

std::string yaml_block(std::string_view text, std::size_t indent) {
  if (!is_plain(text)) return yaml_unsafe(text);
  const bool ends = text.back() == '\n';
  if (ends && text.size() > 1 && text[text.size() - 2] == '\n') return yaml_unsafe(text);
  std::string out = ends ? "!unsafe |" : "!unsafe |-";
  if (ends) text.remove_suffix(1);
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    out += "\n" + (end == begin ? "" : std::string(indent, ' ') + std::string(text.substr(begin, end - begin)));
    begin = end + 1;
  }
  return out;
}

std::string yaml_comment(std::string_view text) { return clean(text); }

std::string jinja_text(std::string_view text) {
  std::string out = "'";
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t code = next(text, at);
    const bool plain = code >= 0x20 && code < 0x7F && std::string_view("'{}%#\"").find(static_cast<char>(code)) == std::string_view::npos;
    out += code == '\\' ? "\\\\" : plain ? std::string(1, static_cast<char>(code)) : escape(code);
  }
  return out + "'";
}

}  // namespace exm::show
