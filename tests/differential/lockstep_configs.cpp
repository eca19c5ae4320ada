// Every top of this program is three simulators in lockstep.
#include <fmt/format.h>

#include <algorithm>

#include "Vcim_top_small.h"
#include "Vcim_top_tiny.h"
#include "Vcim_unoptimised_small.h"
#include "Vcim_unoptimised_tiny.h"
#include "cxxrtl_small.h"
#include "cxxrtl_tiny.h"
#include "sim/verilated/verilated_top.hpp"
#include "tests/differential/cxxrtl_top.hpp"
#include "tests/differential/lockstep_top.hpp"
#include "tests/rtl/tested_configs.hpp"

namespace crucible::sim {
namespace {

template <class Optimised, class Unoptimised, class Cxxrtl>
std::unique_ptr<IRtlTop> make_lockstep(const spec::HardwareConfig& config) {
  std::vector<Simulator> simulators;
  simulators.push_back(
      {"Verilator -O3", std::make_unique<VerilatedTop<Optimised>>(config, kZeroState)});
  simulators.push_back(
      {"Verilator -O0", std::make_unique<VerilatedTop<Unoptimised>>(config, kZeroState)});
  simulators.push_back({"CXXRTL", std::make_unique<CxxrtlTop<Cxxrtl>>(config)});
  return std::make_unique<LockstepTop>(std::move(simulators));
}

}  // namespace

std::vector<const char*> tested_configs(std::vector<const char*>) { return {"tiny", "small"}; }

std::unique_ptr<IRtlTop> make_rtl_top(std::string_view config_name, uint64_t) {
  const auto* const config =
      std::find_if(std::begin(spec::kConfigs), std::end(spec::kConfigs),
                   [&](const spec::HardwareConfig& c) { return c.name == config_name; });
  if (config_name == "tiny")
    return make_lockstep<Vcim_top_tiny, Vcim_unoptimised_tiny, cxxrtl_tiny::p_cim__top>(*config);
  if (config_name == "small")
    return make_lockstep<Vcim_top_small, Vcim_unoptimised_small, cxxrtl_small::p_cim__top>(*config);
  throw Error(ErrorKind::kUsage,
              fmt::format("no simulators of '{}': use tiny or small", config_name));
}

}  // namespace crucible::sim
