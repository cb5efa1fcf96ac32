#include "runtime/plain/document.h"

#include <fmt/format.h>

#include <array>
#include <bit>
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

}  // namespace exm::plain
