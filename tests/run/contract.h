// What every adapter must do, whatever it reaches: the cases are in contract_test.cpp, and each Ground is an adapter on which
// they are played. Entry points: grounds, Talk.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "runtime/adapter/adapter.h"
#include "tests/unit/run/sim_run.h"

namespace exm::test {

/// What a command is to do. Each ground has its own way to say it.
enum class Deed {
  well,   // ends well
  badly,  // says "no such thing" and ends with code 3
  slow,   // goes on for ten minutes, with a child that does too and ignores SIGTERM, unless it is ended
  flood,  // says twenty megabytes, then ends well
  beat,   // takes a tenth of a second
};

struct Ground {
  std::string name;
  bool real = true;          // it runs commands; else it only pretends to
  int many = 300;            // commands at once, of a tenth of a second each
  double many_within = 20;   // seconds: far less than one after another
  Milliseconds soon = 20'000;  // what is to happen at once has happened by then
  std::function<std::unique_ptr<Adapter>()> make;  // started
  std::string language = "shell";
  std::string host = "h1";
  std::string address = "127.0.0.1";
};

/// A conversation with an adapter, and what it has answered.
class Talk {
 public:
  explicit Talk(const Ground& ground) : ground_(ground), adapter_(ground.make()) {}

  void give(const std::string& key, Deed deed);
  void give(const std::string& key, const std::string& script);
  /// Has a probe run a command of text and values.
  void ask(std::uint64_t ticket, const plan::Text& command);
  /// What has been answered to a key or a ticket, once it has; it must come before `patience` has passed.
  Reply reply(const std::string& key) { return reply(key, ground_.soon); }
  Reply reply(const std::string& key, Milliseconds patience);
  Reply reply(std::uint64_t ticket);
  /// Everything that comes in so long.
  void listen(Milliseconds span);
  int replies() const { return count_; }
  Adapter& adapter() { return *adapter_; }

 private:
  Reply take(const std::string& name, Milliseconds patience);

  const Ground& ground_;
  std::unique_ptr<Adapter> adapter_;
  std::map<std::string, std::vector<Reply>> got_;  // by key, or "#" and ticket
  int count_ = 0;
};

/// The adapters that can be tried here. What is missing is said on the standard error.
const std::vector<Ground>& grounds();

/// A plan with nothing in it but the steps that deeds are made of.
plan::Plan contract_plan();

}  // namespace exm::test
