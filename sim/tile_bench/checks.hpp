// The ladder of checks, from the most basic to the most general: the first that fails says most.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sim/tile_bench/bench.hpp"

namespace crucible::sim {

struct Check {
  std::string name;
  std::string asks;  ///< the question, for the report
  std::function<void(Bench&)> run;
};

/// Those that the tile's groups call for, in order. `uninitialised` and `network` are not among
/// them: they need more than one tile (main.cpp).
[[nodiscard]] std::vector<Check> checks_of(const Dut& dut);

// Parts of the ladder, each in a file of its own.
[[nodiscard]] std::vector<Check> protocol_checks(const Dut& dut);
[[nodiscard]] std::vector<Check> arithmetic_checks(const Dut& dut);
[[nodiscard]] std::vector<Check> random_checks(const Dut& dut);

}  // namespace crucible::sim
