#include "runtime/plan/parse_json.h"

#include <fmt/format.h>

#include <utility>
#include <vector>

namespace exm::plan {
namespace {

constexpr std::size_t deepest = 200;

/// Puts the value together from the reader's events.
class Builder : public nlohmann::json_sax<Json> {
 public:
  explicit Builder(Reading& reading) : reading_(reading) {}

  Json take() { return std::move(root_); }

  bool null() override { return put(nullptr); }
  bool boolean(bool value) override { return put(value); }
  bool number_integer(number_integer_t value) override { return put(value); }
  bool number_unsigned(number_unsigned_t value) override { return put(value); }
  bool number_float(number_float_t value, const string_t&) override { return put(value); }
  bool string(string_t& value) override { return put(std::move(value)); }
  bool binary(binary_t& value) override { return put(std::move(value)); }
  bool start_object(std::size_t) override { return open(Json::object()); }
  bool start_array(std::size_t) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }

  bool key(string_t& name) override {
    const auto [at, fresh] = open_.back()->get_ref<Json::object_t&>().emplace(name, nullptr);
    if (!fresh) reading_.fail("", "the key `" + name + "` stands twice");
    member_ = &at->second;
    return fresh;
  }

  bool parse_error(std::size_t, const std::string&, const nlohmann::detail::exception&) override {
    reading_.fail("", "this is not JSON (or it is cut short)");
    return false;
  }

 private:
  /// Where the next value goes: the whole, the member that was named, or one element more. What it gives stays where it
  /// is for as long as the value is open, since only its last part grows.
  Json& place() {
    if (open_.empty()) return root_;
    if (open_.back()->is_object()) return *member_;
    return open_.back()->get_ref<Json::array_t&>().emplace_back();
  }

  template <class T>
  bool put(T&& value) {
    place() = std::forward<T>(value);
    return true;
  }

  bool open(Json value) {
    if (open_.size() >= deepest) {
      reading_.fail("", fmt::format("nested more than {} levels deep", deepest));
      return false;
    }
    Json& there = place();
    there = std::move(value);
    open_.push_back(&there);
    return true;
  }

  bool close() {
    open_.pop_back();
    return true;
  }

  Reading& reading_;
  Json root_;
  std::vector<Json*> open_;
  Json* member_ = nullptr;
};

}  // namespace

std::optional<Json> parse_json(std::string_view text, Reading& reading) {
  Builder builder(reading);
  if (!Json::sax_parse(text, &builder) || !reading.ok()) {
    reading.fail("", "this is not JSON (or it is cut short)");
    return std::nullopt;
  }
  return builder.take();
}

}  // namespace exm::plan
