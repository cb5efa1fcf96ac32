#include "compiler/doc/describe.h"

#include <algorithm>
#include <cctype>

#include "compiler/doc/describer.h"

namespace exm::doc {

namespace {

/// As GitHub makes them of headings.
std::string anchor_of(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-') out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (c == ' ') out += '-';
  }
  return out;
}

std::string capital(std::string text) {
  if (!text.empty()) text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  return text;
}

std::string joined(const std::string& lines) {
  std::string out = lines;
  std::replace(out.begin(), out.end(), '\n', ' ');
  return out;
}

std::string name_of(const ast::Declaration& d) {
  if (const auto* a = std::get_if<ast::Action>(&d.what)) return a->name.text;
  if (const auto* k = std::get_if<ast::Kind>(&d.what)) return k->name.text;
  return "";
}

}  // namespace

Word plain(std::string text) { return {Word::Look::plain, std::move(text), ""}; }
Word code(std::string text) { return {Word::Look::code, std::move(text), ""}; }

std::vector<std::string> header_of(std::string_view text) {
  std::vector<std::string> paragraphs(1);
  while (text.starts_with("#")) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(1, end - 1));
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with(" ")) line.erase(0, 1);
    if (line.empty()) paragraphs.emplace_back();
    else paragraphs.back() += (paragraphs.back().empty() ? "" : " ") + line;
  }
  std::string& first = paragraphs.front();
  if (const std::size_t colon = first.find(": "); colon < first.find(' ')) first = capital(first.substr(colon + 2));
  for (std::string& p : paragraphs)
    if (p.starts_with("Knows: ")) p = p.find(". ") == std::string::npos ? "" : p.substr(p.find(". ") + 2);
  std::erase(paragraphs, "");
  return paragraphs;
}

Describer::Describer(const Sources& sources, std::span<const Module> all, const Module& which) : sources_(sources), module_(which) {
  for (const Module& module : all)
    for (const auto& d : module.file->declarations)
      if (const std::string name = name_of(d); !name.empty()) homes_.emplace(name, module.name);
}

template <class What>
Describer::Entries Describer::all_of() const {
  Entries out;
  for (const auto& d : module_.file->declarations)
    if (std::holds_alternative<What>(d.what)) out.push_back(&d);
  return out;
}

void Describer::section(const std::string& title, const Entries& entries, void (Describer::*write)(const ast::Declaration&)) {
  if (entries.empty()) return;
  heading(2, title);
  for (const auto* d : entries) (this->*write)(*d);
}

void Describer::heading(int level, const std::string& text) {
  std::string anchor = anchor_of(text);
  if (const int n = anchors_[anchor]++; n > 0) anchor += "-" + std::to_string(n);
  page_.blocks.push_back(Heading{level, level == 3, text, anchor});
  if (level == 2) page_.index.push_back({plain(text + ": ")});
  if (level != 3 || page_.index.empty()) return;
  if (page_.index.back().size() > 1) page_.index.back().push_back(plain(", "));
  page_.index.back().push_back({Word::Look::link, text, anchor});
}

void Describer::paragraph(Words words) {
  if (!words.empty()) page_.blocks.push_back(Paragraph{std::move(words)});
}

void Describer::doc(const std::string& text) {
  if (!text.empty()) paragraph({plain(joined(text))});
}

void Describer::remark(const std::string& text) {
  if (!text.empty()) paragraph({plain("Rests on: " + joined(text))});
}

void Describer::list(std::vector<Words> items) {
  if (!items.empty()) page_.blocks.push_back(List{std::move(items)});
}

/// What was written there, each gap one blank, without comments.
std::string Describer::code_of(Span span) const {
  const std::string_view text = sources_[span.source].text;
  std::string out;
  auto comment = module_.file->comments.begin();
  for (std::uint32_t at = span.begin; at < span.end; ++at) {
    while (comment != module_.file->comments.end() && comment->span.end <= at) ++comment;
    if (comment != module_.file->comments.end() && comment->span.begin == at) at = comment->span.end;
    if (at >= span.end) break;
    const bool gap = std::isspace(static_cast<unsigned char>(text[at])) != 0;
    if (!gap) out += text[at];
    else if (!out.empty() && out.back() != ' ') out += ' ';
  }
  while (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::string Describer::signature(const ast::Name& name, const std::vector<ast::Parameter>& parameters) const {
  std::string out;
  for (const auto& p : parameters) out += (out.empty() ? "" : ", ") + p.name.text + ": " + code_of(p.type.span);
  return name.text + (parameters.empty() ? "" : "(" + out + ")");
}

Words Describer::words_of(const ast::Expr& text) const {
  Words out;
  for (const auto& part : text.parts) {
    if (part.value.empty()) out.push_back(plain(joined(part.literal)));
    else out.push_back({Word::Look::value, code_of(part.value[0].span), ""});
  }
  return out;
}

std::string Describer::raw(const ast::Expr& text) const {
  std::string out;
  for (const auto& part : text.parts) {
    if (part.value.empty()) out += part.literal;
    else out += "${" + code_of(part.value[0].span) + (part.format.empty() ? "" : ":" + part.format) + "}";
  }
  return out;
}

Words Describer::value(const ast::Expr& value) const { return {code(code_of(value.span))}; }

/// " of the module nlb" where it is declared in another one.
Words Describer::home(const std::string& name) const {
  const auto found = homes_.find(name);
  if (found == homes_.end() || found->second == module_.name) return {};
  return {plain(" of "), {Word::Look::module, found->second, ""}};
}

Page Describer::take() {
  page_.title = module_.name;
  anchors_[anchor_of(module_.name)] = 1;
  for (const auto& p : header_of(sources_[module_.file->source].text)) page_.intro.push_back({plain(p)});
  Words uses;
  for (const auto* d : all_of<ast::Use>()) {
    const auto& use = std::get<ast::Use>(d->what);
    uses.push_back(plain(uses.empty() ? "Uses " : ", "));
    uses.push_back(use.is_file ? code(use.path) : Word{Word::Look::module, use.path, ""});
  }
  if (!uses.empty()) uses.push_back(plain("."));
  if (!uses.empty()) page_.intro.push_back(std::move(uses));

  section("Enums", all_of<ast::Enum>(), &Describer::write_enum);
  section("Kinds", all_of<ast::Kind>(), &Describer::write_kind);
  section("What it adds to other kinds", all_of<ast::ExtendKind>(), &Describer::write_extended_kind);
  section("Actions", all_of<ast::Action>(), &Describer::write_action);
  section("What it adds to other actions", all_of<ast::ExtendAction>(), &Describer::write_extended_action);
  section("Rules", all_of<ast::Rule>(), &Describer::write_rule);
  section("Intents", all_of<ast::Intent>(), &Describer::write_intent);
  section("Maintenances", all_of<ast::Maintenance>(), &Describer::write_maintenance);
  section("Faults", all_of<ast::Fault>(), &Describer::write_fault);
  section("Names for values", all_of<ast::Let>(), &Describer::write_let);
  section("Parameters", all_of<ast::Param>(), &Describer::write_param);
  section("Probes", all_of<ast::Probe>(), &Describer::write_probe);
  section("Before each command", all_of<ast::Prelude>(), &Describer::write_prelude);

  return std::move(page_);
}

Page describe(const Sources& sources, std::span<const Module> all, const Module& which) { return Describer(sources, all, which).take(); }

Page describe_all(const Sources& sources, std::span<const Module> all) {
  Page page{"Modules", {{plain("What each module says, as "), code("exm doc MODULE"), plain(" shows it.")}}, {}, {}};
  Table table{{"module", "is about", "uses"}, {}};
  for (const Module& module : all) {
    Words uses;
    for (const auto& d : module.file->declarations) {
      const auto* use = std::get_if<ast::Use>(&d.what);
      if (use == nullptr) continue;
      if (!uses.empty()) uses.push_back(plain(", "));
      uses.push_back(use->is_file ? code(use->path) : Word{Word::Look::module, use->path, ""});
    }
    const auto header = header_of(sources[module.file->source].text);
    table.rows.push_back({{{Word::Look::module, module.name, ""}}, {plain(header.empty() ? "" : header.front())}, std::move(uses)});
  }
  page.blocks.push_back(std::move(table));
  return page;
}

}  // namespace exm::doc
