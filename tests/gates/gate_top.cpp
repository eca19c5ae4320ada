// The synthesised netlist of `tiny` in place of its RTL.
#include <fmt/format.h>

#include "Vcim_gates_tiny.h"
#include "models/error.hpp"
#include "sim/verilated/verilated_top.hpp"
#include "tests/rtl/tested_configs.hpp"

namespace crucible::sim {

std::vector<const char*> tested_configs(std::vector<const char*>) { return {"tiny"}; }

std::unique_ptr<IRtlTop> make_rtl_top(std::string_view config_name, uint64_t seed) {
  for (const spec::HardwareConfig& config : spec::kConfigs) {
    if (config.name == config_name && config_name == "tiny")
      return std::make_unique<VerilatedTop<Vcim_gates_tiny>>(config, seed);
  }
  throw Error(ErrorKind::kUsage, fmt::format("no netlist of '{}': there is tiny", config_name));
}

}  // namespace crucible::sim
