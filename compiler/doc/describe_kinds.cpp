// Kinds and what is in them, values, and how they are looked at.
#include "compiler/doc/describer.h"

namespace exm::doc {

void Describer::write_enum(const ast::Declaration& d) {
  const auto& e = std::get<ast::Enum>(d.what);
  heading(3, e.name.text);
  doc(d.doc);
  std::string values;
  for (const auto& v : e.values) values += (values.empty() ? "" : ", ") + v.text;
  paragraph({code(values)});
  remark(d.remark);
}

void Describer::write_kind(const ast::Declaration& d) {
  const auto& kind = std::get<ast::Kind>(d.what);
  heading(3, kind.name.text);
  doc(d.doc);
  if (kind.owner) {
    Words words{plain("In "), code(kind.owner->text)};
    for (auto& word : home(kind.owner->text)) words.push_back(std::move(word));
    if (kind.collection) {
      words.push_back(plain(kind.at_most_one ? ", at most one: " : ", many: "));
      words.push_back(code(kind.collection->text));
    }
    words.push_back(plain("."));
    paragraph(std::move(words));
  }
  write_members(kind.members);
  remark(d.remark);
}

void Describer::write_extended_kind(const ast::Declaration& d) {
  const auto& extension = std::get<ast::ExtendKind>(d.what);
  heading(3, extension.name.text);
  if (auto where = home(extension.name.text); !where.empty()) {
    where.insert(where.begin(), {plain("Adds to "), code(extension.name.text)});
    where.push_back(plain(":"));
    paragraph(std::move(where));
  }
  doc(d.doc);
  write_members(extension.members);
  remark(d.remark);
}

/// One table of what it has, then what follows from that.
void Describer::write_members(const std::vector<ast::Member>& members) {
  Table table{{"name", "is", "unless said", "means"}, {}};
  std::vector<Words> more;
  const auto when = [&](Words& words, const std::optional<ast::Expr>& condition) {
    if (!condition) return;
    words.push_back(plain(", when "));
    words.push_back(code(code_of(condition->span)));
  };
  for (const auto& member : members) {
    if (const auto* f = std::get_if<ast::Field>(&member)) {
      const char* what = f->lasting ? "lasting state " : f->is_state ? "state " : "";
      Words unless = f->initial ? value(*f->initial) : Words{};
      table.rows.push_back({{code(f->name.text)}, {plain(what), code(code_of(f->type.span))}, std::move(unless), {plain(f->doc)}});
    } else if (const auto* k = std::get_if<ast::Key>(&member)) {
      table.rows.push_back({{code(k->name.text)}, {plain("key "), code(code_of(k->type.span))}, {}, {plain("it is named by this")}});
    } else if (const auto* l = std::get_if<ast::Let>(&member)) {
      table.rows.push_back({{code(l->name.text)}, {plain("follows")}, value(l->value), {plain(l->doc)}});
    } else if (const auto* r = std::get_if<ast::ReachedBy>(&member)) {
      more.push_back({plain("Commands reach it by "), code(r->field.text), plain(".")});
    } else if (const auto* w = std::get_if<ast::DisruptsWhen>(&member)) {
      more.push_back({plain("Users feel it when "), code(code_of(w->condition.span)), plain(".")});
    } else if (const auto* h = std::get_if<ast::Has>(&member)) {
      Words words{plain("Has "), code(code_of(h->object.span))};
      when(words, h->when);
      words.push_back(plain("."));
      more.push_back(std::move(words));
    }
  }
  if (!table.rows.empty()) page_.blocks.push_back(std::move(table));
  list(std::move(more));
}

void Describer::write_let(const ast::Declaration& d) {
  const auto& let = std::get<ast::Let>(d.what);
  heading(3, let.name.text);
  doc(d.doc);
  paragraph({code(signature(let.name, let.parameters)), plain(" is "), code(code_of(let.value.span))});
  remark(d.remark);
}

void Describer::write_param(const ast::Declaration& d) {
  const auto& param = std::get<ast::Param>(d.what);
  heading(3, param.name.text);
  doc(d.doc);
  Words words{plain("To be given with "), code("--set " + param.name.text + "=…"), plain(": "), code(code_of(param.type.span))};
  if (param.initial) words.insert(words.end(), {plain(", unless said "), code(code_of(param.initial->span))});
  paragraph(std::move(words));
}

void Describer::write_probe(const ast::Declaration& d) {
  const auto& probe = std::get<ast::Probe>(d.what);
  heading(3, probe.kind.text + "." + probe.state.text);
  doc(d.doc);
  Words words{plain("Reads "), code(probe.kind.text + "." + probe.state.text)};
  words.push_back(plain(" by "));
  for (auto& word : run_words(probe.run)) words.push_back(std::move(word));
  if (probe.on) words.insert(words.end(), {plain(", on "), code(code_of(probe.on->span))});
  if (probe.every) words.insert(words.end(), {plain(", every "), code(code_of(probe.every->span))});
  words.push_back(plain("."));
  paragraph(std::move(words));
  page_.blocks.push_back(Command{probe.run.language.text, raw(probe.run.text)});
  if (!probe.as.empty()) {
    Table table{{"prints", "means"}, {}};
    for (const auto& entry : probe.as) table.rows.push_back({{code(raw(entry.text))}, value(entry.value)});
    page_.blocks.push_back(std::move(table));
  }
  remark(d.remark);
}

void Describer::write_prelude(const ast::Declaration& d) {
  const auto& prelude = std::get<ast::Prelude>(d.what);
  heading(3, prelude.language.text + (prelude.host_kind ? " on " + prelude.host_kind->text : ""));
  doc(d.doc);
  page_.blocks.push_back(Command{prelude.language.text, raw(prelude.text)});
  remark(d.remark);
}

}  // namespace exm::doc
