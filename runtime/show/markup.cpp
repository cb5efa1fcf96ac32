#include "runtime/show/markup.h"

#include <fmt/format.h>

#include "runtime/show/words.h"

namespace exm::show {

namespace {

constexpr std::string_view style = R"(
:root { color-scheme: light dark; --line: #8884; --bar: #3b78c3; --mark: #b35900; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .35rem .6rem; border-top: 1px solid var(--line); }
td.id, td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
.why { opacity: .75; font-size: .9em; } .mark { color: var(--mark); font-size: .9em; }
.track { position: relative; height: .5rem; min-width: 12rem; background: var(--line); border-radius: .25rem; margin-top: .5rem; }
.bar { position: absolute; top: 0; height: 100%; min-width: 2px; background: var(--bar); border-radius: .25rem; }
footer { margin-top: 3rem; opacity: .7; font-size: .85em; overflow-wrap: anywhere; }
)";

}  // namespace

std::string escape_markdown(std::string_view text) {
  std::string out;
  for (char c : clean(text)) {
    if (std::string_view("\\`*_{}[]<>#|!~&").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string escape_html(std::string_view text) {
  std::string out;
  for (char c : clean(text)) switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: out += c;
    }
  return out;
}

std::string html_head(std::string_view title) {
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n"
      "<title>{0}</title>\n<style>{1}</style>\n</head>\n<body>\n<h1>{0}</h1>\n", escape_html(title), style);
}

}  // namespace exm::show
