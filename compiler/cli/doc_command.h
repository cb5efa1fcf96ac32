// `doc`: a module as a page. Entry point: doc_module.
#pragma once

#include <string>

namespace exm {

struct DocArguments {
  std::string module;  // a name, or the path of an `.exm` file; empty: the page that leads to all
  std::string modules;  // a folder whose modules go before the embedded ones, or empty
  std::string format = "markdown";
};

int doc_module(const DocArguments& arguments);

}  // namespace exm
