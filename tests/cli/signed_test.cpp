// Plans that have to be signed, with a real ssh-keygen: who may sign, and what is refused before anything is run.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/cli/boxes.h"
#include "tests/cli/program.h"

using namespace exm::cli;
namespace fs = std::filesystem;

namespace {

/// A plan for two boxes; alice may sign, carol might once, bob may not.
struct Signed {
  Signed() {
    fs::create_directory(at("one"));
    fs::create_directory(at("it's two"));
    write_text(at("boxes.exm"), boxes(folder.path));
    REQUIRE(call_exm({"plan", at("boxes.exm"), "-o", plan}).code == 0);
    REQUIRE(shell("for k in alice bob carol; do ssh-keygen -q -t ed25519 -N '' -C $k -f $k || exit 1; done"
                  "; echo \"alice@example.net namespaces=\\\"exm-plan\\\" $(cat alice.pub)\" > allowed"
                  "; echo \"carol@example.net valid-before=\\\"20200101\\\" $(cat carol.pub)\" >> allowed"));
  }
  std::string at(const std::string& name) const { return folder.file(name); }
  bool shell(const std::string& command) const { return std::system(("cd " + folder.path + " && { " + command + "; } > /dev/null 2>&1").c_str()) == 0; }
  void sign(const std::string& key, const std::string& meant_for = "exm-plan") const {
    fs::remove(plan + ".sig");
    REQUIRE(shell("ssh-keygen -q -Y sign -n " + meant_for + " -f " + key + " plan.json"));
  }
  Ran run(const Words& more = {}, const Call& how = {}) const {
    Words words{"run", plan, "--adapter", "local", "--locks", at("locks"), "--yes", "--no-sync", "--journal", journal, "--require-signed", at("allowed")};
    words.insert(words.end(), more.begin(), more.end());
    return call_runtime(words, how);
  }
  void refused(const Ran& ran, int code, const std::string& why) const {
    INFO(ran.out << ran.err);
    CHECK(ran.code == code);
    CHECK(has(ran.err, why));
    CHECK(has(ran.err, "Nothing was run"));
    CHECK_FALSE(fs::exists(journal));
    CHECK_FALSE(fs::exists(at("one/content")));
  }

  Folder folder;
  std::string plan = folder.file("plan.json"), journal = folder.file("run.exmrun");
};

}  // namespace

TEST_CASE("cli: a plan that one of the allowed has signed runs, and the journal tells who") {
  const Signed box;
  box.sign("alice");
  const Ran ran = box.run();
  INFO(ran.out << ran.err);
  CHECK(ran.code == 0);
  CHECK(text_of(box.at("one/content")) == "one\n");
  const Ran audited = call_runtime({"status", box.journal, "--audit"});
  INFO(audited.out);
  CHECK(audited.code == 0);
  const Ran status = call_runtime({"status", box.journal});
  CHECK(has(status.out, "signed by alice@example.net with the ED25519 key SHA256:"));
  const auto json = nlohmann::json::parse(call_runtime({"status", box.journal, "--format", "json"}).out);
  CHECK(json.at("signed_by").get<std::string>().rfind("alice@example.net with the ED25519 key SHA256:", 0) == 0);
}

TEST_CASE("cli: who has not signed what is run, or may not sign, is refused before anything is run, and it is said why") {
  const Signed box;
  box.refused(box.run(), 1, "it has to be signed, and there is no signature");
  box.sign("bob");
  box.refused(box.run(), 1, "no signer in " + box.at("allowed") + " has that key for plans");
  box.sign("carol");
  box.refused(box.run(), 1, "that key was not valid today");
  box.sign("alice", "file");
  box.refused(box.run(), 1, "this is a signature for something else");
  write_text(box.plan + ".sig", "hello\n");
  box.refused(box.run(), 1, "this is no signature");
  write_text(box.plan + ".sig", std::string(100'000, 'x'));
  box.refused(box.run(), 1, "too long");
  box.sign("alice");
  box.refused(box.run({}, {"", {{"PATH", box.at("nowhere")}}}), 7, "ssh-keygen, which looks at signatures, can't be run");
  fs::rename(box.at("allowed"), box.at("gone"));
  box.refused(box.run(), 7, "no allowed signers can be read from it");
}

TEST_CASE("cli: one byte that was not signed, and the plan is refused") {
  const Signed box;
  box.sign("alice");
  write_text(box.plan, text_of(box.plan) + "\n");
  box.refused(box.run(), 1, "this is not the signature of");
}

TEST_CASE("cli: what is on standard input is run as it was read, by the signature that is named") {
  const Signed box;
  box.sign("alice");
  const Call with{text_of(box.plan), {}, EXM_SOURCE_DIR};
  const Words words{"run", "-", "--journal", box.journal, "--yes", "--no-sync", "--require-signed", box.at("allowed")};
  const Ran without = call_runtime(words, with);
  CHECK(without.code == 2);
  CHECK(has(without.err, "--signature FILE"));
  Words named = words;
  named.insert(named.end(), {"--signature", box.plan + ".sig"});
  CHECK(call_runtime(named, with).code == 0);
  CHECK(has(call_runtime({"status", box.journal}).out, "signed by alice@example.net"));
}

TEST_CASE("cli: a run goes on with the plan that was signed, whatever lies in its place by then; its journal's plan can't be exchanged") {
  const Signed box;
  box.sign("alice");
  fs::create_directories(box.at("one/open"));  // `touch` is fine with it, `rm` is not
  const Ran ran = box.run();
  INFO(ran.out << ran.err);
  CHECK(ran.code != 0);
  fs::remove(box.at("one/open"));
  write_text(box.plan, "{}");
  fs::remove(box.plan + ".sig");
  const Words resume{"resume", box.journal, "--locks", box.at("locks"), "--yes", "--no-sync"};
  Words signed_one = resume;
  signed_one.insert(signed_one.end(), {"--require-signed", box.at("allowed")});
  REQUIRE(box.shell("cp run.exmrun kept"));
  // Somebody puts another plan into the journal, and its digest is right.
  REQUIRE(box.shell("python3 -c \"import sqlite3;d=sqlite3.connect('run.exmrun');t=open('" + std::string(EXM_SOURCE_DIR) +
                    "/examples/cas-array/plan.json').read();d.execute('update head set value=? where key=?',(t,'plan'));d.commit()\""));
  const Ran exchanged = call_runtime(resume);
  CHECK(exchanged.code == 7);
  CHECK(has(exchanged.err, "is not the one that was begun"));
  REQUIRE(box.shell("cp kept run.exmrun"));
  const Ran again = call_runtime(signed_one);
  INFO(again.out << again.err);
  CHECK_FALSE(has(again.err, "Nothing was run"));
  CHECK(has(call_runtime({"status", box.journal}).out, "signed by alice@example.net"));
}

TEST_CASE("cli: a run that was begun unsigned goes on where its plan's signature is named") {
  const Signed box;
  fs::create_directories(box.at("one/open"));
  REQUIRE(call_runtime({"run", box.plan, "--adapter", "local", "--locks", box.at("locks"), "--yes", "--no-sync", "--journal", box.journal}).code != 0);
  const Words words{"resume", box.journal, "--locks", box.at("locks"), "--yes", "--no-sync", "--require-signed", box.at("allowed")};
  const Ran none = call_runtime(words);
  CHECK(none.code == 1);
  CHECK(has(none.err, "name the plan's by --signature FILE"));
  box.sign("alice");
  Words named = words;
  named.insert(named.end(), {"--signature", box.plan + ".sig"});
  const Ran again = call_runtime(named);
  CHECK_FALSE(has(again.err, "Nothing was run"));
}
