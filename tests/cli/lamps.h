// Lamps, one of which is lit at all times; a lamp is changed when it is out. Which lamps there are, and what is to be done
// with them, each test says itself.
#pragma once

#include <string>

namespace exm::cli {

inline const std::string lamps_in_general = R"(
kind lamp {
  state lit : bool = true
  state build : int = 1
}
rule one_is_lit {
  "One lamp is lit"
  always count(l in lamp where l.lit) >= 1
}
action switch_off(l: lamp) {
  "Switch ${l} off"
  requires l.lit
  effect l.lit := false
  takes 1m
  on l
}
action change(l: lamp) {
  "Change ${l}"
  requires not l.lit
  effect l.build := 2
  takes 5m
  on l
}
action switch_on(l: lamp) {
  "Switch ${l} on"
  requires not l.lit
  effect l.lit := true
  takes 1m
  on l
}
)";

}  // namespace exm::cli
