// Boxes that are folders of this machine, opened, filled and closed by shell commands. A test says where they are, and may
// have more in its actions. Entry point: boxes.
#pragma once

#include <string>

namespace exm::cli {

/// The environment file. `folder` has the folders one and it's two in it.
inline std::string boxes(const std::string& folder, const std::string& fill = "", const std::string& fill_clauses = "") {
  const std::string quiet = R"(
kind box {
  reached by address
  address : string = "h1"
  folder : string
  state open : bool = false
  state full : bool = false
}
action open(b: box) {
  "Open ${b}"
  requires not b.open
  effect b.open := true
  takes 1s
  on b
  run shell "touch ${b.folder}/open"
}
action close(b: box) {
  "Close ${b}"
  requires b.open
  effect b.open := false
  takes 1s
  on b
  run shell "rm ${b.folder}/open"
}
action empty(b: box) {
  "Empty ${b}"
  requires b.open and b.full
  effect b.full := false
  takes 1s
  on b
  run shell "rm -f ${b.folder}/content"
}
probe box.open on box shell "test -e ${self.folder}/open && echo true || echo false"
probe box.full on box shell "test -s ${self.folder}/content && echo true || echo false"
maintenance pack {
  "Fill the boxes"
  achieve forall b in box: b.full
}
)";
  return quiet + "action fill(b: box) {\n  \"Fill ${b}\"\n  requires b.open and not b.full\n  effect b.full := true\n  takes 1s\n  on b\n" +
         fill_clauses + "\n  run shell \"\"\"\n    test -e ${b.folder}/open\n" + fill +
         "\n    echo ${b.name} > ${b.folder}/content\n  \"\"\"\n}\n" +
         "box one { folder = \"" + folder + "/one\" }\nbox two { folder = \"" + folder + "/it's two\" }\n";
}

}  // namespace exm::cli
