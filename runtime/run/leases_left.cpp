#include "runtime/run/leases_left.h"

#include <map>

#include "runtime/run/progress.h"

namespace exm {

std::vector<std::pair<Lease, Milliseconds>> leases_left(const plan::Plan& plan, const std::vector<Record>& records, const std::string& run) {
  std::map<std::string, std::pair<Lease, Milliseconds>> left;
  Progress progress(plan);
  for (const auto& record : records) {
    progress.take(record);
    const int step = progress.number_of(record.step);
    if (record.kind != Record::Kind::lease || step < 0) continue;
    World world = progress.believed();
    for (const auto& [variable, value] : record.values) world[variable] = value;
    const auto leases = leases_of(plan, static_cast<std::size_t>(step), world, run);
    if (!leases) continue;
    for (const auto& lease : *leases) {
      if (lease.prior != record.values) continue;
      left.erase(lease.name);
      if (record.text.rfind(lease_left_word, 0) == 0) left.emplace(lease.name, std::pair{lease, record.at});
    }
  }
  std::vector<std::pair<Lease, Milliseconds>> list;
  for (auto& [name, one] : left) list.push_back(std::move(one));
  return list;
}

}  // namespace exm
