// A rolling update of the example web-pool while clients use it: not one request fails, and without the drain some do.
#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>

#include "tests/web/load.h"
#include "tests/web/pool.h"

using namespace exm::test;
using namespace exm::cli;

namespace {

constexpr int before_and_after = 500'000;  // µs of requests

void tell(const char* what, const Tally& tally) { std::printf("%s: %s\n", what, tally.text().c_str()); }

void check_no_failure(const Tally& tally) {
  INFO(tally.text());
  CHECK(tally.failures == 0);
  CHECK(tally.requests > 500);
  CHECK(tally.downloads > 8);
}

Ran planned(const Pool& pool, const Words& more = {}) {
  Words words = pool.plan_words(pool.file("plan.json"));
  words.insert(words.end(), more.begin(), more.end());
  return call_exm(words);
}

}  // namespace

TEST_CASE("under load: four servers are updated over ssh, and no request fails", "[drained]") {
  const auto pool = Pool::make();
  if (!pool) return;
  const Ran plan = planned(*pool);
  INFO(plan.err);
  REQUIRE(plan.code == 0);
  Load load(pool->port());
  usleep(before_and_after);
  CHECK(load.so_far().said["release 2.0"] == 0);
  const Ran run = call_exm(pool->run_words(pool->file("plan.json"), pool->file("run.exmrun")));
  INFO(run.out << run.err);
  CHECK(run.code == 0);
  CHECK(pool->least_serving() == 3);
  const long old = load.so_far().said["release 1.0"];
  usleep(before_and_after);
  const Tally tally = load.end();
  tell("drained", tally);
  check_no_failure(tally);
  CHECK(tally.said.at("release 1.0") == old);  // the last answers are all of the new one
  CHECK(tally.said.at("release 2.0") > 100);
  CHECK(tally.said.size() == 2);
  for (const char* server : {"web1", "web2", "web3", "web4"}) CHECK(pool->seat(server).text() == "ready");
}

TEST_CASE("under load: the same restarts without the drain break requests", "[control]") {
  const auto pool = Pool::make();
  if (!pool) return;
  // the modules without what asks for the drain
  std::string module = text_of(EXM_SOURCE_DIR "/stdlib/nginx/pool.exm"), servers = text_of(EXM_SOURCE_DIR "/stdlib/haproxy.exm");
  const auto without = [](std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    INFO(from);
    REQUIRE(at != std::string::npos);
    text.replace(at, text.find(to, at + 1) - at, "");
  };
  without(module, "  requires forall m in members_on(n.machine): m.released", "  effect");
  without(module, "rule what_is_installed_is_what_runs", "rule ");
  without(servers, "  disrupts when", "}");
  without(servers, "rule users_are_sent_to_checked_servers", "rule ");
  std::filesystem::create_directories(pool->file("modules/nginx"));
  write_text(pool->file("modules/nginx/pool.exm"), module);
  write_text(pool->file("modules/haproxy.exm"), servers);
  const Ran plan = planned(*pool, {"--modules", pool->file("modules")});
  INFO(plan.err);
  REQUIRE(plan.code == 0);
  REQUIRE_FALSE(has(text_of(pool->file("plan.json")), "drain_server"));
  Load load(pool->port());
  usleep(before_and_after);
  const Ran run = call_exm(pool->run_words(pool->file("plan.json"), pool->file("run.exmrun")));
  INFO(run.out << run.err);
  CHECK(run.code == 0);
  const Tally tally = load.end();
  tell("control, without the drain", tally);
  CHECK(tally.failures > 0);
}
