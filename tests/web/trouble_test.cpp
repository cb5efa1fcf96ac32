// What goes wrong in a rolling update of the example web-pool while clients use it, and what they notice of it.
#include <signal.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>


#include "tests/web/load.h"
#include "tests/web/pool.h"

using namespace exm::test;
using namespace exm::cli;

namespace {

constexpr auto everybody = {"web1", "web2", "web3", "web4"};

void plan_it(const Pool& pool, const Words& more = {}) {
  Words words = pool.plan_words(pool.file("plan.json"));
  words.insert(words.end(), more.begin(), more.end());
  const Ran plan = call_exm(words);
  INFO(plan.err);
  REQUIRE(plan.code == 0);
}

Words run_words(const Pool& pool) { return pool.run_words(pool.file("plan.json"), pool.file("run.exmrun")); }

Words resume_words(const Pool& pool, const Words& more = {}) {
  Words words{"resume", pool.file("run.exmrun"), "--yes"};
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

/// What the nginx of a server itself says, with nobody between.
std::string release_of(const Pool& pool, int server) {
  return call("/bin/sh", {"-c", "curl -s http://127.0.0.1:" + std::to_string(pool.port() + server) + "/release"}).out;
}

Tally ended(const char* what, Load& load) {
  const Tally tally = load.end();
  std::printf("%s: %s\n", what, tally.text().c_str());
  return tally;
}

std::string with(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) text.replace(at, from.size(), to);
  return text;
}

void check_all_new(const Pool& pool, const std::string& release = "2.0") {
  for (const char* server : everybody) {
    INFO(server);
    CHECK(pool.seat(server).text() == "ready");
  }
  for (int i = 1; i <= 4; ++i) CHECK(release_of(pool, i) == release);
}

}  // namespace

TEST_CASE("under load: another server dies in the middle: the run stops with three in service, says so, and goes on once it is back", "[crash]") {
  const auto pool = Pool::make();
  if (!pool) return;
  plan_it(*pool);
  Load load(pool->port());
  Running run(*pool, run_words(*pool));
  wait_until("web1 drains", [&] { return pool->seat("web1").mode == "drain"; });
  pool->kill_nginx(3);
  const Ran stopped = run.end();
  INFO(stopped.out);
  CHECK(stopped.code == 5);
  CHECK(has(stopped.out, "drift: before step 2a (Drain web2 out of site) the environment is not as the plan says"));
  CHECK(has(stopped.out, "site needs the others: not enough of them serve"));
  CHECK(has(stopped.out, "front.backends.site.servers.web3.up is false"));
  CHECK(pool->seat("web1").text() == "ready");
  CHECK(pool->seat("web2").text() == "ready");
  CHECK(pool->seat("web3").text() == "ready, down");
  CHECK(pool->seat("web4").text() == "ready");
  CHECK(pool->least_serving() == 2);
  // those who were on it: nobody else has noticed
  const Tally cut = load.so_far();
  INFO(cut.text());
  CHECK(cut.failures <= Load::clients);
  pool->start_nginx(3);
  wait_until("HAProxy finds web3 well", [&] { return pool->seat("web3").up; });
  const Ran resumed = call_exm(resume_words(*pool));
  INFO(resumed.out << resumed.err);
  CHECK(resumed.code == 0);
  CHECK(ended("another server dies", load).failures == cut.failures);
  CHECK(pool->least_serving() <= 3);
  check_all_new(*pool);
}

TEST_CASE("under load: the controller is killed twice, and goes on: no request fails", "[killed]") {
  const auto pool = Pool::make();
  if (!pool) return;
  plan_it(*pool);
  Load load(pool->port());
  {
    Running run(*pool, run_words(*pool));
    wait_until("web1 drains", [&] { return pool->seat("web1").mode == "drain"; });
    run.kill_now();
    CHECK(run.end().code == 1000 + SIGKILL);
  }
  {
    Running run(*pool, resume_words(*pool));
    // the link is changed right before nginx is stopped
    wait_until("release 2.0 is installed on web2", [&] { return has(text_of(pool->file("web2/current/VERSION")), "2.0"); });
    wait_until("nginx of web2 is stopped", [&] { return release_of(*pool, 2) != "1.0"; });
    run.kill_now();
    CHECK(run.end().code == 1000 + SIGKILL);
  }
  const Ran resumed = call_exm(resume_words(*pool));
  INFO(resumed.out << resumed.err);
  CHECK(resumed.code == 0);
  const Tally tally = ended("the controller is killed twice", load);
  CHECK(tally.failures == 0);
  CHECK(pool->least_serving() == 3);
  check_all_new(*pool);
}

TEST_CASE("under load: a server that somebody has shut is updated and stays shut", "[shut]") {
  const auto pool = Pool::make();
  if (!pool) return;
  pool->haproxy("set server site/web4 state maint");
  Words look{"observe", "examples/web-pool/webpool.exm", "--set", "pool=" + pool->folder(), "--set", "port=" + std::to_string(pool->port()), "-o", pool->file("state.json")};
  for (const auto& word : pool->ssh_words()) look.push_back(word);
  const Ran seen = call_exm(look);
  INFO(seen.out << seen.err);
  REQUIRE(seen.code == 0);
  plan_it(*pool, {"--state", pool->file("state.json"), "--set", "needs=2"});
  Load load(pool->port());
  (void)pool->least_serving();
  const Ran run = call_exm(run_words(*pool));
  INFO(run.out << run.err);
  CHECK(run.code == 0);
  CHECK(ended("one server is shut", load).failures == 0);
  CHECK(pool->least_serving() == 2);
  for (const char* server : {"web1", "web2", "web3"}) CHECK(pool->seat(server).text() == "ready");
  CHECK(pool->seat("web4").text() == "maint, down");
  for (int i = 1; i <= 4; ++i) CHECK(release_of(*pool, i) == "2.0");
}

TEST_CASE("under load: a release that is bad is met on the first server, out of service, and taken back or put right there", "[broken]") {
  const auto pool = Pool::make();
  if (!pool) return;
  plan_it(*pool);
  const std::string site = pool->file("releases/2.0/site.conf"), good = text_of(site);
  Load load(pool->port());

  write_text(site, "no such word of nginx;\n");
  const Ran failed = call_exm(run_words(*pool));
  INFO(failed.out << failed.err);
  CHECK(failed.code == 4);
  CHECK(has(failed.out + failed.err, "step 1c (Test the configuration of nginx on web1) failed"));
  CHECK(has(failed.out + failed.err, "unknown directive \"no\""));
  CHECK(pool->seat("web1").text() == "drain");
  const Ran back = call_exm(resume_words(*pool, {"--retreat"}));
  INFO(back.out << back.err);
  CHECK(back.code == 0);
  CHECK(release_of(*pool, 1) == "1.0");
  for (const char* server : everybody) CHECK(pool->seat(server).text() == "ready");

  // one that starts, and answers with an error: it is looked at on the first server, and no other gets it
  std::string bad = good;
  bad.replace(bad.find("return 200 \"release"), 19, "return 500 \"release");
  write_text(site, bad);
  std::filesystem::remove(pool->file("run.exmrun"));
  const Ran met = call_exm(run_words(*pool));
  INFO(met.out << met.err);
  CHECK(met.code == 5);
  CHECK(has(met.out + met.err, "before step 1e (Check that the site answers on web1)"));
  CHECK(has(met.out + met.err, "web1.nginx.health is bad"));
  CHECK(pool->seat("web1").mode == "drain");
  CHECK(release_of(*pool, 2) == "1.0");

  // the next release is right: the plan is made anew from what is seen, and goes on with that
  const std::string folder = pool->file("releases/");
  REQUIRE(call("/bin/sh", {"-c", "cp -R " + folder + "2.0 " + folder + "2.1 && echo 2.1 >" + folder + "2.1/VERSION"}).code == 0);
  write_text(folder + "2.1/site.conf", with(good, "2.0", "2.1"));
  write_text(folder + "2.1/files/long", with(text_of(folder + "2.0/files/long"), "2.0", "2.1"));
  write_text(pool->file("next.exm"), with(text_of(EXM_SOURCE_DIR "/examples/web-pool/webpool.exm"), "2.0", "2.1"));
  Words replan{"replan", pool->file("run.exmrun"), pool->file("next.exm"), "--set", "pool=" + pool->folder(), "--set", "port=" + std::to_string(pool->port()), "-o", pool->file("on.json")};
  for (const auto& word : pool->ssh_words()) replan.push_back(word);
  const Ran replanned = call_exm(replan);
  INFO(replanned.out << replanned.err);
  REQUIRE(replanned.code == 0);
  const Ran on = call_exm(pool->run_words(pool->file("on.json"), pool->file("on.exmrun")));
  INFO(on.out << on.err);
  CHECK(on.code == 0);
  const Tally tally = ended("two bad releases", load);
  CHECK(tally.failures == 0);
  CHECK(tally.said.size() == 2);
  CHECK(pool->least_serving() == 3);
  check_all_new(*pool, "2.1");
}
