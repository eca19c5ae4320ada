#include "tests/rtl/tested_configs.hpp"

namespace crucible::sim {

std::vector<const char*> tested_configs(std::vector<const char*>) { return {"small_soc"}; }

}  // namespace crucible::sim
