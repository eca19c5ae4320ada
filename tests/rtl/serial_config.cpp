// The configuration of the serial tile alone.
#include <fmt/format.h>

#include "models/error.hpp"
#include "sim/verilated/tops.hpp"
#include "tests/rtl/tested_configs.hpp"

namespace crucible::sim {

std::vector<const char*> tested_configs(std::vector<const char*>) { return {"nano"}; }

std::unique_ptr<IRtlTop> make_rtl_top(std::string_view config_name, uint64_t seed) {
  if (config_name == spec::kConfigNano.name) return make_nano_top(spec::kConfigNano, seed);
  throw Error(ErrorKind::kUsage, fmt::format("no top of '{}' here: there is nano", config_name));
}

}  // namespace crucible::sim
