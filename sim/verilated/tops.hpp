// One factory per named configuration; each lives in a source file of its own.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/verilated/i_rtl_top.hpp"

namespace crucible::sim {

[[nodiscard]] std::unique_ptr<IRtlTop> make_tiny_top(const spec::HardwareConfig& config,
                                                     uint64_t seed);
[[nodiscard]] std::unique_ptr<IRtlTop> make_small_top(const spec::HardwareConfig& config,
                                                      uint64_t seed);
[[nodiscard]] std::unique_ptr<IRtlTop> make_full_top(const spec::HardwareConfig& config,
                                                     uint64_t seed);
[[nodiscard]] std::unique_ptr<IRtlTop> make_nano_top(const spec::HardwareConfig& config,
                                                     uint64_t seed);
// Only where the core could be had.
[[nodiscard]] std::unique_ptr<IRtlTop> make_small_soc_top(const spec::HardwareConfig& config,
                                                          uint64_t seed);
[[nodiscard]] std::unique_ptr<IRtlTop> make_full_soc_top(const spec::HardwareConfig& config,
                                                         uint64_t seed);

}  // namespace crucible::sim
