#include "compiler/lower/values.h"

namespace exm::lowering {

namespace {

plan::Value::Type tag_of(program::Value::Tag tag) {
  using Tag = program::Value::Tag;
  using Type = plan::Value::Type;
  switch (tag) {
    case Tag::unknown: return Type::unknown;
    case Tag::none: return Type::none;
    case Tag::boolean: return Type::boolean;
    case Tag::integer: return Type::integer;
    case Tag::text:
    case Tag::enumerator: return Type::text;
    case Tag::duration: return Type::duration;
    case Tag::version: return Type::version;
    case Tag::ip: return Type::ip;
    case Tag::cidr: return Type::cidr;
    case Tag::path: return Type::path;
    case Tag::object: return Type::reference;
    case Tag::set:
    case Tag::list: return Type::set;
  }
  return Type::unknown;
}

plan::Type::Kind kind_of(program::Type::Tag tag) {
  using Tag = program::Type::Tag;
  using Kind = plan::Type::Kind;
  switch (tag) {
    case Tag::integer: return Kind::integer;
    case Tag::text: return Kind::text;
    case Tag::duration: return Kind::duration;
    case Tag::version: return Kind::version;
    case Tag::ip: return Kind::ip;
    case Tag::cidr: return Kind::cidr;
    case Tag::path: return Kind::path;
    case Tag::enumeration: return Kind::enumeration;
    case Tag::object: return Kind::reference;
    case Tag::optional: return Kind::optional;
    case Tag::set: return Kind::set;
    case Tag::list: return Kind::list;
    default: return Kind::boolean;
  }
}

}  // namespace

plan::Value plan_value(const program::Program& program, const program::Value& value) {
  plan::Value result{tag_of(value.tag), value.number, value.text, {}};
  if (value.tag == program::Value::Tag::object) result.text = program.objects[value.object].path;
  for (const program::Value& element : value.elements) result.elements.push_back(plan_value(program, element));
  return result;
}

std::map<std::string, plan::Value> plan_words(const program::Program& program, const program::Probe& probe) {
  std::map<std::string, plan::Value> words;
  for (const auto& [text, value] : probe.as) words[text] = plan_value(program, value);
  const program::Type& type = program.fields[probe.state].type;
  const program::Type& found = type.tag == program::Type::Tag::optional ? type.element.front() : type;
  if (!words.empty() || found.tag != program::Type::Tag::object) return words;
  bool quoted = false;
  for (const program::Object& object : program.objects.items()) {
    if (object.kind != found.kind || object.owner) continue;
    words[object.name] = {plan::Value::Type::reference, 0, object.path, {}};
    quoted = quoted || object.name != object.path;
  }
  if (!quoted) return {};
  if (type.tag == program::Type::Tag::optional) words["none"] = plan::none();
  return words;
}

plan::Type plan_type(const program::Program& program, const program::Type& type) {
  plan::Type result;
  result.kind = kind_of(type.tag);
  if (type.enumeration) result.names = program.enums[type.enumeration].values;
  if (type.kind) result.object_kind = program.kinds[type.kind].name;
  for (const program::Type& element : type.element) result.element.push_back(plan_type(program, element));
  return result;
}

plan::Measure plan_measure(program::Measure measure) { return static_cast<plan::Measure>(measure); }

std::string escaped(std::string_view text) {
  std::string result;
  for (char c : text) result += c == '$' ? "$$" : std::string(1, c);
  return result;
}

bool goes_on(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

}  // namespace exm::lowering
