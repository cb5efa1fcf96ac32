#include "runtime/plan/slots.h"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace exm::plan {

namespace {

bool digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }
bool word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Scan {
 public:
  SlotUse take() { return std::move(use_); }

  void look(std::string_view text) {
    for (std::size_t at = text.find('$'); at != std::string_view::npos; at = text.find('$', at)) {
      if (text.substr(at, 2) == "$$") {
        at += 2;
        continue;
      }
      const SlotMark mark = slot_mark(text, at);
      if (mark.number && mark.name.size() < 9)
        look_slot(static_cast<int>(std::stoul(mark.name)));
      else
        use_.args.insert(mark.name);
      at = mark.end;
    }
  }

  void look(const Value& value) {
    if (value.type == Value::Type::reference) look(value.text);
    for (const auto& element : value.elements) look(element);
  }

  void look(const Expression& e) {
    if (e.op == Operator::constant) look(e.value);
    if (e.op == Operator::variable) look(e.text);
    if (e.op == Operator::argument) use_.args.insert(e.text);
    if (e.op == Operator::object) look_slot(e.slot);
    for (const auto& operand : e.operands) look(operand);
  }

  void look(const Assignment& a) {
    look(a.variable);
    look(a.to);
    if (a.when) look(*a.when);
  }

  void look(const Effect& effect) {
    for (const auto& a : effect.assignments) look(a);
    for (const auto& part : effect.parts) look(part);
  }

  void look(const Command& command) {
    look(command.from);
    for (const auto& piece : command.command) {
      if (piece.kind == Piece::Kind::object) look_slot(piece.slot);
      if (piece.kind == Piece::Kind::argument) use_.args.insert(piece.text);
      if (piece.kind == Piece::Kind::value) look(piece.value);
    }
  }

  void look(const std::vector<std::string>& texts) {
    for (const auto& text : texts) look(text);
  }

 private:
  void look_slot(int slot) { use_.objects = std::max(use_.objects, static_cast<std::size_t>(slot) + 1); }

  SlotUse use_;
};

}  // namespace

SlotMark slot_mark(std::string_view text, std::size_t dollar) {
  std::size_t end = dollar + 1;
  const bool number = end < text.size() && digit(text[end]);
  while (end < text.size() && (number ? digit(text[end]) : word(text[end]))) ++end;
  return {std::string(text.substr(dollar + 1, end - dollar - 1)), number, end};
}

SlotUse slots_in(const Template& shape) {
  Scan scan;
  scan.look(shape.title);
  scan.look(shape.on);
  scan.look(shape.uses);
  for (const auto& r : shape.requires_) {
    scan.look(r.formula);
    scan.look(r.otherwise);
  }
  for (const auto& a : shape.during) scan.look(a);
  scan.look(shape.effects);
  for (const auto& [language, command] : shape.run) scan.look(command);
  for (const auto& probe : shape.probes) {
    scan.look(probe.variable);
    scan.look(probe.command);
    for (const auto& [text, value] : probe.as) scan.look(value);
  }
  if (shape.fallback) scan.look(shape.fallback->objects);
  for (const auto* texts : {&shape.confirm, &shape.notices, &shape.privileges}) scan.look(*texts);
  for (const auto& d : shape.disrupts) scan.look(d.whose);
  for (const auto& [variable, seconds] : shape.lease) scan.look(variable);
  return scan.take();
}

}  // namespace exm::plan
