#include "compiler/parse/format.h"

#include "compiler/parse/ast_dump.h"
#include "compiler/parse/parse.h"
#include "tests/cases/case_runner.h"

using namespace exm;

namespace {

struct Parsed {
  Sources sources;
  Diagnostics diagnostics;
  ast::File file;
};

void parse_text(Parsed& to, const std::string& text) {
  to.sources.add({"test.exm", text});
  to.file = parse(to.sources, 0, to.diagnostics);
}

std::string formatted(const std::string& text) {
  Parsed parsed;
  parse_text(parsed, text);
  return format(parsed.sources, parsed.file);
}

std::vector<std::string> comments(const Parsed& parsed) {
  std::vector<std::string> found;
  for (const auto& comment : parsed.file.comments) {
    std::string text(parsed.sources.text(comment.span));
    found.push_back(text.substr(0, text.find_last_not_of(" \t") + 1));
  }
  return found;
}

}  // namespace

TEST_CASE("format: every file of the project reads as the same tree, keeps its comments, and stays as it then is") {
  for (const char* folder : {"/stdlib", "/examples", "/tests/cases"})
    for (const auto& path : cases::files_under(EXM_SOURCE_DIR + std::string(folder))) {
      INFO(path.string());
      Parsed before;
      parse_text(before, cases::read_file(path));
      if (!before.diagnostics.ok()) continue;
      const std::string once = format(before.sources, before.file);
      Parsed after;
      parse_text(after, once);
      CHECK(after.diagnostics.ok());
      CHECK(dump(before.file) == dump(after.file));
      CHECK(comments(before) == comments(after));
      CHECK(format(after.sources, after.file) == once);
    }
}

TEST_CASE("format: one style") {
  struct Row {
    int line;
    const char* text;
    const char* wanted;
  };
  const Row rows[] = {
      {__LINE__, "site   HQ", "site HQ\n"},
      {__LINE__, "server EX3{fqdn=\"x\"}", "server EX3 { fqdn = \"x\" }\n"},
      {__LINE__, "server EX3 {\nfqdn=\"x\"\n\n\n\nroles =[a,b]\n\n}", "server EX3 {\n  fqdn = \"x\"\n\n  roles = [a, b]\n}\n"},
      {__LINE__, "server A {\n  b = 1\n  long = 2 # c\n}", "server A {\n  b    = 1\n  long = 2  # c\n}\n"},
      {__LINE__, "let x=a+b*-c", "let x = a + b * -c\n"},
      {__LINE__, "let x = 1 ..4", "let x = 1..4\n"},
      {__LINE__, "let f( s : server )={ h in host where h.server==s }", "let f(s: server) = {h in host where h.server == s}\n"},
      {__LINE__, "let f = forall h in host :not(h.up)", "let f = forall h in host: not (h.up)\n"},
      {__LINE__, "enum e {a,b}", "enum e { a, b }\n"},
      {__LINE__, "kind k in o as ks ? { state up:bool=true\r\n a_b :T ?\r\n}", "kind k in o as ks? { state up : bool = true\n  a_b : T?\n}\n"},
      {__LINE__, "action a(s: server) {\nrequires s.up\n else \"x\"\ntakes 3m\nrun shell \"\"\"\n a\n   b\n\"\"\"\n}",
       "action a(s: server) {\n  requires s.up\n             else \"x\"\n  takes    3m\n  run shell \"\"\"\n    a\n      b\n  \"\"\"\n}\n"},
      {__LINE__, "maintenance m { window sat 22:00 to sun 4:00 }", "maintenance m { window sat 22:00 to sun 4:00 }\n"},
      {__LINE__, "maintenance m { leave a.* }", "maintenance m { leave a.* }\n"},
      {__LINE__, "maintenance m {\nleave a.*\nleave b.*\n}", "maintenance m {\n  leave a.*\n  leave b.*\n}\n"},
      {__LINE__, "server {", "server {"},  // has an error: stays as it is
  };
  for (const Row& row : rows) {
    INFO("line " << row.line);
    CHECK(formatted(row.text) == row.wanted);
  }
}
