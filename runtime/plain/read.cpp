#include "runtime/plain/read.h"

#include <fmt/format.h>

#include <array>
#include <bit>
#include <cctype>
#include <set>
#include <sstream>

namespace exm::plain {

namespace {

constexpr int deepest = 200;

std::string sha256(std::string text) {
  // The first 32 bits of the fractional parts of the square and cube roots of the first primes (FIPS 180-4).
  static constexpr std::array<std::uint32_t, 64> k = {
      0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be,
      0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa,
      0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85,
      0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
      0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f,
      0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};
  std::array<std::uint32_t, 8> h = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  const std::uint64_t bits = text.size() * 8;
  text += static_cast<char>(0x80);
  while (text.size() % 64 != 56) text += '\0';
  for (int shift = 56; shift >= 0; shift -= 8) text += static_cast<char>(bits >> shift);
  for (std::size_t at = 0; at < text.size(); at += 64) {
    std::array<std::uint32_t, 64> w{};
    for (std::size_t i = 0; i < 64; ++i) w[i / 4] = w[i / 4] << 8 | static_cast<unsigned char>(text[at + i]);
    for (std::size_t i = 16; i < 64; ++i)
      w[i] = w[i - 16] + (std::rotr(w[i - 15], 7) ^ std::rotr(w[i - 15], 18) ^ w[i - 15] >> 3) + w[i - 7] +
             (std::rotr(w[i - 2], 17) ^ std::rotr(w[i - 2], 19) ^ w[i - 2] >> 10);
    auto v = h;
    for (std::size_t i = 0; i < 64; ++i) {
      const std::uint32_t e = v[4], a = v[0];
      const std::uint32_t one = v[7] + (std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25)) + ((e & v[5]) ^ (~e & v[6])) + k[i] + w[i];
      const std::uint32_t two = (std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22)) + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]));
      v = {one + two, v[0], v[1], v[2], v[3] + one, v[4], v[5], v[6]};
    }
    for (std::size_t i = 0; i < 8; ++i) h[i] += v[i];
  }
  std::string hex;
  for (const std::uint32_t word : h) hex += fmt::format("{:08x}", word);
  return hex;
}

struct Operator {
  Op op;
  std::size_t least, most;            // operands
  bool swapped = false, negated = false;  // a > b is b < a, a >= b is not a < b
};

const std::map<std::string, Operator>& operators() {
  constexpr std::size_t any = 1'000'000;
  static const std::map<std::string, Operator> all = {
      {"and", {Op::all, 0, any}}, {"or", {Op::any, 0, any}}, {"not", {Op::negation, 1, 1}}, {"known", {Op::known, 1, 1}},
      {"==", {Op::equal, 2, 2}}, {"!=", {Op::equal, 2, 2, false, true}}, {"<", {Op::less, 2, 2}}, {"<=", {Op::less, 2, 2, true, true}},
      {">", {Op::less, 2, 2, true}}, {">=", {Op::less, 2, 2, false, true}}, {"in", {Op::in, 2, 2}}, {"set", {Op::set, 0, any}},
      {"count", {Op::sum, 0, any}}, {"sum", {Op::sum, 0, any}}, {"+", {Op::plus, 0, any}}, {"-", {Op::minus, 2, 2}},
      {"*", {Op::times, 2, 2}}, {"/", {Op::over, 2, 2}}, {"if", {Op::choice, 3, 3}}};
  return all;
}

}  // namespace

Json parse(const std::string& text) {
  std::vector<std::set<std::string>> open;  // of each map that is being read, its keys
  const auto look = [&](int depth, Json::parse_event_t event, Json& json) {
    if (depth > deepest) throw Malformed(fmt::format("nested more than {} levels deep", deepest));
    if (event == Json::parse_event_t::object_start) open.emplace_back();
    if (event == Json::parse_event_t::object_end) open.pop_back();
    if (event == Json::parse_event_t::key && !open.back().insert(json.get<std::string>()).second)
      throw Malformed("the key `" + json.get<std::string>() + "` stands twice");
    return true;
  };
  return Json::parse(text, look);
}

std::string digest_of(Json plan) {
  plan.erase("digest");
  return "sha256:" + sha256(plan.dump(-1, ' ', false));
}

const Json& with_keys(const Json& json, const std::string& keys) {
  std::set<std::string> known;
  std::istringstream all(keys);
  for (std::string key; all >> key;) {
    const bool optional = key[0] == '?';
    known.insert(key.substr(optional ? 1 : 0));
    if (!optional) json.at(key);
  }
  for (const auto& [key, value] : json.items())
    if (!known.contains(key)) throw Malformed("unknown key `" + key + "` beside " + keys);
  return json;
}

const Json& under(const Json& json, const char* key) {
  static const Json nothing = Json::array();
  if (!json.contains(key)) return nothing;
  if (!json[key].is_structured()) throw Malformed(std::string("expected a list or a map under `") + key + "`");
  return json[key];
}

std::string fill(const std::string& text, const Slots& slots) {
  const auto letter = [&](std::size_t i) { return i < text.size() && (std::isalnum(static_cast<unsigned char>(text[i])) != 0 || text[i] == '_'); };
  const auto digit = [&](std::size_t i) { return i < text.size() && std::isdigit(static_cast<unsigned char>(text[i])) != 0; };
  std::string out;
  for (std::size_t i = 0, end = 0; i < text.size(); i = end) {
    end = i + 1;
    if (text[i] != '$') {
      out += text[i];
      continue;
    }
    const bool slot = digit(end);
    while (slot ? digit(end) : letter(end)) ++end;
    const std::string name = text.substr(i + 1, end - i - 1);
    if (name.empty() && text.substr(i, 2) == "$$") {
      out += '$';
      ++end;
    } else if (slot && name.size() < 9 && std::stoul(name) < slots.objects.size()) {
      out += slots.objects[std::stoul(name)];
    } else if (!slot && slots.args.contains(name)) {
      const Value arg = read_constant(slots.args[name]);
      out += arg->type == Type::number ? words(arg) : arg->text;
    } else {
      out += text.substr(i, end - i);
    }
  }
  return out;
}

Value read_constant(const Json& json, const Slots& slots) {
  if (json.is_boolean()) return boolean(json.get<bool>());
  if (json.is_string()) return constant(Type::text, 0, json.get<std::string>());
  if (json.is_number_integer()) {
    need(json > -(std::int64_t{1} << 53) && json < std::int64_t{1} << 53, "a number is too large: " + json.dump());
    return constant(Type::number, json.get<std::int64_t>());
  }
  if (json == Json::array({"none"})) return constant(Type::none);
  if (json == Json::array({"unknown"})) return unknown();
  if (json.is_array() && !json.empty() && json[0] == "set") {
    std::vector<Value> elements;
    for (std::size_t i = 1; i < json.size(); ++i) elements.push_back(read_constant(json[i], slots));
    return constant(Type::set, 0, "", elements);
  }
  static const std::map<std::string, Type> types = {{"version", Type::version}, {"ip", Type::ip}, {"cidr", Type::cidr}, {"path", Type::path},
                                                    {"ref", Type::object}};
  need(json.is_object() && json.size() == 1, "expected a constant, found " + json.dump());
  const std::string type = json.begin().key();
  if (type == "duration") return constant(Type::duration, json.front().get<std::int64_t>());
  need(types.contains(type), "expected a constant, found " + json.dump());
  const auto text = json.front().get<std::string>();
  return constant(types.at(type), 0, type == "ref" ? fill(text, slots) : text);
}

int number_of(const Variables& variables, const std::string& name) {
  need(variables.contains(name), "there is no variable `" + name + "`");
  return variables.at(name);
}

Formula read_formula(const Json& json, const Slots& slots, const Variables& variables) {
  const auto a_constant = [](Value value) { return Formula{Op::constant, value, -1, {}}; };
  const std::string key = json.is_object() && json.size() == 1 ? json.begin().key() : "";
  if (key == "var") return {Op::variable, nullptr, number_of(variables, fill(json["var"], slots)), {}};
  if (key == "arg") return a_constant(read_constant(slots.args.at(json["arg"])));
  if (key == "object") return a_constant(constant(Type::object, 0, slots.objects.at(json["object"])));
  const bool none = json == Json::array({"none"}) || json == Json::array({"unknown"});
  if (!json.is_array() || json.empty() || none) return a_constant(read_constant(json, slots));
  const std::string name = json[0];
  const Operator& taken = operators().at(name);
  need(json.size() - 1 >= taken.least && json.size() - 1 <= taken.most, "a wrong number of operands: " + json.dump());
  Formula out{taken.op, nullptr, -1, {}};
  for (std::size_t i = 1; i < json.size(); ++i) {
    Formula part = read_formula(json[i], slots, variables);
    if (name == "count") part = {Op::choice, nullptr, -1, {part, a_constant(constant(Type::number, 1)), a_constant(constant(Type::number, 0))}};
    out.parts.push_back(std::move(part));
  }
  if (name == "in" && out.parts[1].op == Op::set) {  // some may be unknown: it is one of them, or another
    std::vector<Formula> each;
    for (const Formula& element : out.parts[1].parts) each.push_back({Op::equal, nullptr, -1, {out.parts[0], element}});
    return {Op::any, nullptr, -1, each};
  }
  if (taken.swapped) std::swap(out.parts[0], out.parts[1]);
  return taken.negated ? Formula{Op::negation, nullptr, -1, {out}} : out;
}

}  // namespace exm::plain
