// Which configurations this program's RTL suites run on. The suites are linked with the models of
// the named configurations, with a netlist, or with drawn geometries; each brings its own
// definition.
#pragma once

#include <vector>

namespace crucible::sim {

/// `named` is what the suite runs on where the program has the named configurations.
[[nodiscard]] std::vector<const char*> tested_configs(std::vector<const char*> named);

}  // namespace crucible::sim
