// One factory per configuration with a controller; each lives in a source file of its own.
#pragma once

#include "sim/verilated/i_core.hpp"

namespace crucible::sim {

// Only where the core could be had.
[[nodiscard]] std::unique_ptr<ICore> make_small_soc_core(std::span<uint32_t> memory,
                                                         bool assertions);
[[nodiscard]] std::unique_ptr<ICore> make_full_soc_core(std::span<uint32_t> memory,
                                                        bool assertions);

}  // namespace crucible::sim
