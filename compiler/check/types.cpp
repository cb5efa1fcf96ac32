// Types: as written, in words, which fits which, and values read from text by their type.
#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "compiler/check/checker.h"

namespace exm::checking {

Type simple(Type::Tag tag) {
  Type type;
  type.tag = tag;
  return type;
}

namespace {
Type with_element(Type::Tag tag, Type element) {
  Type type = simple(tag);
  type.element.push_back(std::move(element));
  return type;
}
}  // namespace

Type optional_of(Type element) { return with_element(Type::Tag::optional, std::move(element)); }
Type set_type(Type element) { return with_element(Type::Tag::set, std::move(element)); }
Type list_type(Type element) { return with_element(Type::Tag::list, std::move(element)); }

Type object_type(KindId kind) {
  Type type = simple(Type::Tag::object);
  type.kind = kind;
  return type;
}

const Type& element_of(const Type& type) {
  static const Type nothing;
  return type.element.empty() ? nothing : type.element[0];
}

const Type& needed(const Type& type) { return type.tag == Type::Tag::optional ? element_of(type) : type; }

Type Checker::type(const ast::TypeExpr& ast) {
  static const std::map<std::string, Type::Tag> words = {
      {"bool", Type::Tag::boolean},  {"int", Type::Tag::integer}, {"string", Type::Tag::text}, {"duration", Type::Tag::duration},
      {"version", Type::Tag::version}, {"ip", Type::Tag::ip},     {"cidr", Type::Tag::cidr},   {"path", Type::Tag::path}};
  switch (ast.kind) {
    case ast::TypeExpr::Kind::enumeration: {
      Type result = simple(Type::Tag::enumeration);
      result.enumeration = make_enum({"", ast.span}, ast.values);
      return result;
    }
    case ast::TypeExpr::Kind::optional: return optional_of(type(ast.element[0]));
    case ast::TypeExpr::Kind::set: return set_type(type(ast.element[0]));
    case ast::TypeExpr::Kind::list: return list_type(type(ast.element[0]));
    case ast::TypeExpr::Kind::named: break;
  }
  if (const auto word = words.find(ast.name.text); word != words.end()) return simple(word->second);
  if (const Symbol* symbol = values_.find(ast.name.text)) {
    if (symbol->sort == Symbol::Sort::kind) return object_type(KindId(symbol->index));
    if (symbol->sort == Symbol::Sort::enumeration) {
      Type result = simple(Type::Tag::enumeration);
      result.enumeration = Id<program::Enum>(symbol->index);
      return result;
    }
  }
  std::vector<std::string> known;
  for (const auto& [name, tag] : words) known.push_back(name);
  for (const auto& kind : program_.kinds) known.push_back(kind.name);
  for (const auto& e : program_.enums)
    if (!e.name.empty()) known.push_back(e.name);
  unknown(ast.name.span, "type", ast.name.text, known);
  return {};
}

Id<program::Enum> Checker::make_enum(const ast::Name& name, const std::vector<ast::Name>& values) {
  program::Enum made;
  made.name = name.text;
  made.span = name.span;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const auto twice = std::find_if(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(i), [&](const ast::Name& v) { return lower(v.text) == lower(values[i].text); });
    if (twice == values.begin() + static_cast<std::ptrdiff_t>(i)) {
      made.values.push_back(values[i].text);
    } else {
      diagnostics_.report(values[i].span, diag::declared_twice, "the value", values[i].text).label(twice->span, "the other one is here");
    }
  }
  return program_.enums.add(std::move(made));
}

std::string Checker::text(const Type& t) const {
  switch (t.tag) {
    case Type::Tag::poison: return "a value";
    case Type::Tag::boolean: return "`bool`";
    case Type::Tag::integer: return "`int`";
    case Type::Tag::text: return "`string`";
    case Type::Tag::duration: return "`duration`";
    case Type::Tag::version: return "`version`";
    case Type::Tag::ip: return "`ip`";
    case Type::Tag::cidr: return "`cidr`";
    case Type::Tag::path: return "`path`";
    case Type::Tag::none: return "`none`";
    case Type::Tag::object: return t.kind ? "`" + program_.kinds[t.kind].name + "`" : "an object";
    case Type::Tag::optional: return text(element_of(t)) + " or `none`";
    case Type::Tag::set: return "a set of " + text(element_of(t));
    case Type::Tag::list: return "a list of " + text(element_of(t));
    case Type::Tag::enumeration: {
      const program::Enum& e = program_.enums[t.enumeration];
      if (!e.name.empty()) return "`" + e.name + "`";
      return "`enum { " + fmt::format("{}", fmt::join(e.values, ", ")) + " }`";
    }
  }
  return "a value";
}

bool Checker::fits(const Type& from, const Type& to, Fit fit) const {
  using Tag = Type::Tag;
  if (from.tag == Tag::poison || to.tag == Tag::poison) return true;
  if (to.tag == Tag::optional) return from.tag == Tag::none || fits(needed(from), element_of(to), fit);
  if (from.tag == Tag::optional) return fit == Fit::or_none && fits(element_of(from), to, fit);
  if (to.tag == Tag::set && from.tag == Tag::list) return fits(element_of(from), element_of(to), fit);
  if (from.tag != to.tag) return false;
  switch (to.tag) {
    case Tag::enumeration: {
      const auto& all = program_.enums[to.enumeration].values;
      const auto& some = program_.enums[from.enumeration].values;
      return std::all_of(some.begin(), some.end(), [&](const std::string& v) { return std::find(all.begin(), all.end(), v) != all.end(); });
    }
    case Tag::object: return !to.kind || !from.kind || from.kind == to.kind;
    case Tag::set: case Tag::list: return fits(element_of(from), element_of(to), fit);
    default: return true;
  }
}

bool Checker::comparable(const Type& a, const Type& b) const {
  using Tag = Type::Tag;
  if (a.tag == Tag::poison || b.tag == Tag::poison) return true;
  if (a.tag == Tag::none || b.tag == Tag::none) return a.tag == Tag::optional || b.tag == Tag::optional || a.tag == b.tag;
  const Type& x = needed(a);
  const Type& y = needed(b);
  if (x.tag == Tag::enumeration && y.tag == Tag::enumeration) {
    const auto& ours = program_.enums[x.enumeration].values;
    const auto& theirs = program_.enums[y.enumeration].values;
    return std::any_of(ours.begin(), ours.end(), [&](const std::string& v) { return std::find(theirs.begin(), theirs.end(), v) != theirs.end(); });
  }
  const bool collections = (x.tag == Tag::set || x.tag == Tag::list) && (y.tag == Tag::set || y.tag == Tag::list);
  if (collections) return comparable(element_of(x), element_of(y));
  return fits(x, y) || fits(y, x);
}

namespace {
bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// Numbers between dots.
bool is_version(std::string_view text) {
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view number = text.substr(0, dot);
    if (!all_digits(number) || number.size() > 18) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

int ip_bits(const std::string& text) {
  unsigned char bytes[16];
  if (text.find('\0') != std::string::npos) return 0;
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 ? 32 : inet_pton(AF_INET6, text.c_str(), bytes) == 1 ? 128 : 0;
}

bool is_cidr(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return false;
  const std::string length = text.substr(slash + 1);
  return all_digits(length) && length.size() <= 3 && ip_bits(text.substr(0, slash)) != 0 && std::stoi(length) <= ip_bits(text.substr(0, slash));
}

std::optional<std::int64_t> read_int(std::string_view text) {
  std::int64_t n = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return n;
}

/// "1h30m", as in the files.
std::optional<std::int64_t> read_duration(std::string_view text) {
  std::int64_t total = 0;
  if (text.empty()) return std::nullopt;
  while (!text.empty()) {
    const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
    const auto n = read_int(text.substr(0, digits));
    if (!n || digits == text.size() || *n > 1'000'000'000) return std::nullopt;
    const std::size_t unit = std::string_view("smhd").find(text[digits]);
    if (unit == std::string_view::npos) return std::nullopt;
    constexpr std::int64_t lengths[] = {1, 60, 3600, 86400};
    total += *n * lengths[unit];
    text.remove_prefix(digits + 1);
  }
  return total;
}
}  // namespace

std::optional<Value> Checker::read_value(const Type& t, const std::string& text) {
  Value v;
  v.text = text;
  switch (t.tag) {
    case Type::Tag::optional:
      if (text == "none") return Value{Value::Tag::none, 0, {}, {}, {}};
      return read_value(element_of(t), text);
    case Type::Tag::boolean:
      if (text != "true" && text != "false") return std::nullopt;
      return program::boolean(text == "true");
    case Type::Tag::integer: {
      const auto n = read_int(text);
      return n ? std::optional(program::integer(*n)) : std::nullopt;
    }
    case Type::Tag::duration: {
      const auto n = read_duration(text);
      if (!n) return std::nullopt;
      v = program::integer(*n);
      v.tag = Value::Tag::duration;
      return v;
    }
    case Type::Tag::text: v.tag = Value::Tag::text; return v;
    case Type::Tag::version: v.tag = Value::Tag::version; return is_version(text) ? std::optional(v) : std::nullopt;
    case Type::Tag::ip: v.tag = Value::Tag::ip; return ip_bits(text) != 0 ? std::optional(v) : std::nullopt;
    case Type::Tag::cidr: v.tag = Value::Tag::cidr; return is_cidr(text) ? std::optional(v) : std::nullopt;
    case Type::Tag::path:
      v.tag = Value::Tag::path;
      return !text.empty() && text.find_first_of(std::string_view("\0\n\r", 3)) == std::string::npos ? std::optional(v) : std::nullopt;
    case Type::Tag::enumeration: {
      const auto& values = program_.enums[t.enumeration].values;
      v.tag = Value::Tag::enumerator;
      return std::find(values.begin(), values.end(), text) != values.end() ? std::optional(v) : std::nullopt;
    }
    case Type::Tag::object: {
      const auto object = find_object(text, t.kind);
      if (!object) return std::nullopt;
      v.text.clear();
      v.tag = Value::Tag::object;
      v.object = *object;
      return v;
    }
    case Type::Tag::set: case Type::Tag::list: {
      std::vector<Value> elements;
      for (std::size_t at = 0; at <= text.size() && !text.empty();) {
        const std::size_t comma = std::min(text.find(',', at), text.size());
        const std::size_t begin = std::min(text.find_first_not_of(' ', at), comma);
        const auto element = read_value(element_of(t), text.substr(begin, comma - begin));
        if (!element) return std::nullopt;
        elements.push_back(*element);
        at = comma + 1;
      }
      if (t.tag == Type::Tag::set) return program::set_of(std::move(elements));
      v = {};
      v.tag = Value::Tag::list;
      v.elements = std::move(elements);
      return v;
    }
    default: return std::nullopt;
  }
}

}  // namespace exm::checking
