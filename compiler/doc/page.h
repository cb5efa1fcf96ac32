// A page about one module, in no form yet: headings, paragraphs, lists, tables and commands, made of words with a look.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace exm::doc {

struct Word {
  enum class Look { plain, code, value, link, module };
  Look look = Look::plain;
  std::string text;
  std::string target;  // of a link: the anchor of a heading of this page
};
using Words = std::vector<Word>;

struct Heading {
  int level = 2;
  bool is_name = false;  // of something in the module
  std::string text;
  std::string anchor;
};
struct Paragraph {
  Words words;
};
struct List {
  std::vector<Words> items;
};
struct Table {
  std::vector<std::string> columns;
  std::vector<std::vector<Words>> rows;
};
struct Command {
  std::string language;
  std::string text;
};

struct Page {
  std::string title;
  std::vector<Words> intro;  // paragraphs
  std::vector<Words> index;  // lines that lead to the headings
  std::vector<std::variant<Heading, Paragraph, List, Table, Command>> blocks;
};

/// A page in its form. A module's page is NAME.md or NAME.html beside it.
std::string to_markdown(const Page& page);
std::string to_html(const Page& page);

}  // namespace exm::doc
