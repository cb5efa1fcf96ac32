// When two shapes are one, and how holes are filled.
#include "compiler/lower/shape.h"
#include "compiler/lower/values.h"

namespace exm::lowering {

namespace {

/// Lengths stand before texts, so that no text can look like another structure.
class Key {
 public:
  Key& text(const std::string& t) {
    key_ += std::to_string(t.size()) + ":" + t + ",";
    return *this;
  }
  Key& number(std::int64_t n) {
    key_ += std::to_string(n) + ",";
    return *this;
  }
  Key& value(const plan::Value& v) {
    number(static_cast<int>(v.type)).number(v.number).text(v.text).number(static_cast<std::int64_t>(v.elements.size()));
    for (const plan::Value& element : v.elements) value(element);
    return *this;
  }
  Key& expression(const plan::Expression& e) {
    number(static_cast<int>(e.op)).value(e.value).text(e.text).number(e.slot).number(static_cast<std::int64_t>(e.operands.size()));
    for (const plan::Expression& operand : e.operands) expression(operand);
    return *this;
  }
  Key& assignments(const std::vector<plan::Assignment>& all) {
    number(static_cast<std::int64_t>(all.size()));
    for (const plan::Assignment& a : all) {
      text(a.variable).expression(a.to).number(a.when.has_value());
      if (a.when) expression(*a.when);
    }
    return *this;
  }
  Key& effect(const plan::Effect& e) {
    number(static_cast<int>(e.kind)).assignments(e.assignments).number(static_cast<std::int64_t>(e.parts.size()));
    for (const plan::Effect& part : e.parts) effect(part);
    return *this;
  }
  Key& command(const plan::Command& c) {
    text(c.from).number(static_cast<std::int64_t>(c.command.size()));
    for (const plan::Piece& p : c.command) number(static_cast<int>(p.kind)).text(p.text).value(p.value).number(p.slot);
    return *this;
  }
  Key& texts(const std::vector<std::string>& all) {
    number(static_cast<std::int64_t>(all.size()));
    for (const std::string& t : all) text(t);
    return *this;
  }
  std::string take() { return std::move(key_); }

 private:
  std::string key_;
};

struct Filler {
  const Filling& filling;

  std::size_t number_at(const std::string& text, std::size_t begin, std::size_t& end) const {
    end = text.find(hole_end, begin);
    return std::stoul(text.substr(begin + 1, end - begin - 1));
  }

  void expression(plan::Expression& e) const {
    for (plan::Expression& operand : e.operands) expression(operand);
    if (e.op != plan::Operator::argument || e.text.empty() || e.text[0] != hole_begin) return;
    std::size_t end = 0;
    const std::size_t hole = number_at(e.text, 0, end);
    e.text = filling.arguments[hole];
    if (!e.text.empty()) return;
    e.op = plan::Operator::constant;
    e.value = filling.values[hole];
  }

  void assignments(std::vector<plan::Assignment>& all) const {
    for (plan::Assignment& a : all) {
      expression(a.to);
      if (a.when) expression(*a.when);
    }
  }

  void effect(plan::Effect& e) const {
    assignments(e.assignments);
    for (plan::Effect& part : e.parts) effect(part);
  }

  void command(plan::Command& c) const {
    for (plan::Piece& p : c.command) {
      if (p.kind != plan::Piece::Kind::argument || p.text.empty() || p.text[0] != hole_begin) continue;
      std::size_t end = 0;
      const std::size_t hole = number_at(p.text, 0, end);
      p.text = filling.arguments[hole];
      if (!p.text.empty()) continue;
      p.kind = plan::Piece::Kind::value;
      p.value = filling.values[hole];
    }
  }

  /// In texts a hole holds a text.
  void text(std::string& t) const {
    std::string result;
    for (std::size_t i = 0; i < t.size(); ++i) {
      if (t[i] != hole_begin) {
        result += t[i];
        continue;
      }
      const std::size_t hole = number_at(t, i, i);
      result += filling.arguments[hole].empty() ? escaped(filling.values[hole].text) : "$" + filling.arguments[hole];
    }
    t = std::move(result);
  }
};

}  // namespace

std::string key_of(const plan::Value& value) { return Key().value(value).take(); }
std::string key_of(const plan::Expression& expression) { return Key().expression(expression).take(); }
std::string key_of(const plan::Effect& effect) { return Key().effect(effect).take(); }

std::string key_of(const plan::Template& t) {
  Key key;
  key.text(t.action).text(t.title).text(t.on).texts(t.uses).number(static_cast<std::int64_t>(t.requires_.size()));
  for (const plan::Requirement& r : t.requires_) key.expression(r.formula).text(r.otherwise);
  key.assignments(t.during).effect(t.effects).number(static_cast<std::int64_t>(t.run.size()));
  for (const auto& [language, command] : t.run) key.text(language).command(command);
  key.number(static_cast<std::int64_t>(t.probes.size()));
  for (const plan::Probe& p : t.probes) {
    key.text(p.variable).text(p.language).command(p.command).number(p.every).number(static_cast<std::int64_t>(p.as.size()));
    for (const auto& [text, value] : p.as) key.text(text).value(value);
  }
  key.number(t.takes).number(t.timeout).number(t.retry ? t.retry->times : -1).number(t.retry ? t.retry->every : -1);
  key.number(t.fallback.has_value());
  if (t.fallback) key.text(t.fallback->step_template).texts(t.fallback->objects);
  key.texts(t.confirm).number(t.cost).number(static_cast<std::int64_t>(t.disrupts.size()));
  for (const plan::Disruption& d : t.disrupts) key.text(d.whose).number(d.lasts);
  key.number(t.irreversible).texts(t.privileges).texts(t.notices).number(static_cast<std::int64_t>(t.lease.size()));
  for (const auto& [variable, seconds] : t.lease) key.text(variable).number(seconds);
  return key.take();
}

void fill(plan::Template& t, const Filling& filling) {
  const Filler filler{filling};
  filler.text(t.title);
  for (plan::Requirement& r : t.requires_) {
    filler.expression(r.formula);
    filler.text(r.otherwise);
  }
  filler.assignments(t.during);
  filler.effect(t.effects);
  for (auto& [language, command] : t.run) filler.command(command);
  for (plan::Probe& p : t.probes) filler.command(p.command);
  for (auto* texts : {&t.confirm, &t.privileges, &t.notices})
    for (std::string& text : *texts) filler.text(text);
}

}  // namespace exm::lowering
