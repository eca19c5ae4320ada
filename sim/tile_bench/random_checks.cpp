// Random products: the ideal tile, each effect alone, enabled at zero, disabled, and all effects
// together.
#include <fmt/format.h>

#include "sim/tile_bench/checks.hpp"

namespace crucible::sim {
namespace {

/// No-op checks need fewer products: what they could find is not rare.
constexpr uint64_t kNoOpShare = 4;

}  // namespace

std::vector<Check> random_checks(const Dut& dut) {
  std::vector<Check> checks{{"ideal", "do random products equal the definition, effects off?",
                             [](Bench& bench) { bench.compare_random({}, bench.dut.products); }}};
  Groups effects;
  for (const models::PortGroup* group : dut.groups) {
    if (group == dut.groups.front() || group->draw == nullptr) continue;
    effects.push_back(group);
    const std::string name = group->name;
    checks.push_back(
        {name, fmt::format("do random products with {} equal it?", group->says),
         [group](Bench& bench) { bench.compare_random({group}, bench.dut.products); }});
    if (group->zero != nullptr) {
      checks.push_back({name + "_zero", "is it exactly a no-op when all its numbers are zero?",
                        [group](Bench& bench) {
                          bench.compare_random({group}, bench.dut.products / kNoOpShare,
                                               [](const models::PortGroup& g, Setup& setup) {
                                                 g.zero(setup.settings, setup.cells);
                                               });
                        }});
    }
    if (group->disable != nullptr) {
      checks.push_back(
          {name + "_off", "is it exactly a no-op when its enable is off?", [group](Bench& bench) {
             bench.compare_random(
                 {group}, bench.dut.products / kNoOpShare,
                 [](const models::PortGroup& g, Setup& setup) { g.disable(setup.settings); });
           }});
    }
  }
  if (effects.size() > 1) {
    checks.push_back(
        {"all_effects", "do random products with all effects together equal it?",
         [effects](Bench& bench) { bench.compare_random(effects, bench.dut.products); }});
  }
  return checks;
}

std::vector<Check> checks_of(const Dut& dut) {
  std::vector<Check> all;
  for (const auto& part : {protocol_checks, arithmetic_checks, random_checks}) {
    for (Check& check : part(dut)) all.push_back(std::move(check));
  }
  return all;
}

}  // namespace crucible::sim
