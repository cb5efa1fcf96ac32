// The plan file as JSON, and its constants and formulas with their slots filled. Entry points: parse, digest_of, read_formula.
// What is no plan is thrown as `Malformed` or as the JSON reader's own exception: of such a file nothing else can be said.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "runtime/plain/value.h"

namespace exm::plain {

using Json = nlohmann::json;

struct Malformed : std::runtime_error {
  using std::runtime_error::runtime_error;
};
inline void need(bool fine, const std::string& wrong) {
  if (!fine) throw Malformed(wrong);
}

/// A key that stands twice is refused: readers differ in which of the two they take.
Json parse(const std::string& text);

/// "sha256:" and the SHA-256 of the plan without its digest and without white space, the keys sorted by bytes.
std::string digest_of(Json plan);

/// The map, once it has all of these keys and no others; one with `?` may be left out.
const Json& with_keys(const Json& json, const std::string& keys);

/// The list or map under a key; an empty list where there is none.
const Json& under(const Json& json, const char* key);

/// What stands in `$0`, `$1`, … and in `$name`.
struct Slots {
  std::vector<std::string> objects;
  Json args = Json::object();
};

/// The text with its slots filled; `$$` is a dollar sign.
std::string fill(const std::string& text, const Slots& slots);

Value read_constant(const Json& json, const Slots& slots = {});

/// By its name, the number of a variable.
using Variables = std::map<std::string, int>;
int number_of(const Variables& variables, const std::string& name);
Formula read_formula(const Json& json, const Slots& slots, const Variables& variables);

}  // namespace exm::plain
