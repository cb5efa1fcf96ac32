// How fast is parse? Prints bytes a second from a generated text to the complete tree; fails below the bound given.
//   parse_bench [MEGABYTES [LEAST_MB_PER_SECOND]]
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

#include "compiler/parse/parse.h"

using namespace exm;

namespace {

/// What environments are made of, mostly: objects; and the other forms in the amounts that modules have.
std::string one_array(int i) {
  return fmt::format(R"(
## An array of the site.
server EX{0}-A {{
  fqdn  = "EX{0}-A.example.net"
  roles = [client_access, hub_transport]
  build = "14.1.218.15"
  forefront {{}}
  scom_agent {{}}
  service "MSExchangeIMAP4" {{ startup = manual  running = false }}
}}
nlb cluster{0} {{
  fqdn    = "outlook{0}.example.net"
  address = "10.1.{1}.{2}"          # how it is reached
  needs   = 1
  host EX{0}-A {{ priority = 1 }}
  host "EX{0}-B" {{ priority = 2 }}
}}
action drain{0}(h: host) {{
  "Drain ${{h.server}} out of ${{h.nlb}}"
  requires h.mode == started and h.server.up
             else "only a host that is started can be drained"
  effect   forall v in h.server.services where v.settles: v.running := (v.startup == automatic)
  takes    15m
  timeout  30m  fallback stop_now(h)
  on       h.server
  run powershell """
    Stop-NlbClusterNode -HostName ${{h.server.name}} -Drain -Timeout ${{h.nlb.drain_timeout.seconds}} -ErrorAction Stop | Out-Null
  """
}}
rule enough{0} {{
  source "practical365"
  always forall c in nlb where c.needs > 0: count(h in c.hosts where h.serving) >= c.needs
}}
maintenance m{0} {{
  do update_array(cluster{0}, UR5)
  keep count(h in cluster{0}.hosts where h.serving) >= 1
}}
)",
                     i, i / 200 % 200, i % 200);
}

}  // namespace

int main(int argc, char** argv) {
  const double megabytes = argc > 1 ? std::atof(argv[1]) : 8;
  const double least = argc > 2 ? std::atof(argv[2]) : 0;
  std::string text;
  for (int i = 0; static_cast<double>(text.size()) < megabytes * 1e6; ++i) text += one_array(i);
  const auto size = static_cast<double>(text.size());
  Sources sources;
  sources.add({"bench.exm", std::move(text)});

  double best = 0;
  std::size_t declarations = 0;
  for (int round = 0; round < 3; ++round) {
    Diagnostics diagnostics;
    const auto begin = std::chrono::steady_clock::now();
    const ast::File file = parse(sources, 0, diagnostics);
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    declarations = file.declarations.size();
    best = std::max(best, size / 1e6 / seconds);
    if (!diagnostics.ok()) {
      fmt::print("the generated text does not parse: {} at {}\n", diagnostics.all()[0].message, sources.place(diagnostics.all()[0].span));
      return 1;
    }
  }
  fmt::print("{:.1f} MB, {} declarations: {:.1f} MB/s\n", size / 1e6, declarations, best);
  return best >= least ? 0 : 1;
}
