// A constant of a checked program, and the types of the language.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "compiler/base/ids.h"

namespace exm::program {

struct Enum;
struct Kind;
struct Object;

struct Type {
  enum class Tag { poison, boolean, integer, text, duration, version, ip, cidr, path, enumeration, object, optional, set, list, none };
  Tag tag = Tag::poison;  // poison: an error was reported already; it fits everything
  Id<Enum> enumeration;
  Id<Kind> kind;              // of object; nothing: of any kind
  std::vector<Type> element;  // one, of optional, set and list

  friend bool operator==(const Type& a, const Type& b) {
    return a.tag == b.tag && a.enumeration == b.enumeration && a.kind == b.kind && a.element == b.element;
  }
};

/// `number` holds a bool (0 or 1), an int, or a duration in seconds; `text` a string, an enum's name, a version, an ip,
/// a cidr, a path; `object` a reference; `elements` those of a set (sorted, each once) or a list.
struct Value {
  enum class Tag { unknown, none, boolean, integer, text, enumerator, duration, version, ip, cidr, path, object, set, list };
  Tag tag = Tag::unknown;
  std::int64_t number = 0;
  std::string text;
  Id<Object> object;
  std::vector<Value> elements;

  friend bool operator==(const Value& a, const Value& b) {
    return a.tag == b.tag && a.number == b.number && a.text == b.text && a.object == b.object && a.elements == b.elements;
  }
};

/// A total order, for tables and sets: by tag, then by content. Not the language's `<`.
bool before(const Value& a, const Value& b);

/// The language's order of two ints, durations or versions (number by number, missing ones are 0): negative, 0, positive.
int compare(const Value& a, const Value& b);

}  // namespace exm::program
