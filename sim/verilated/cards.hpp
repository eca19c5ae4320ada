// One factory per configuration that is built as a card; only where the core could be had.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/verilated/i_rtl_card.hpp"

namespace crucible::sim {

[[nodiscard]] std::unique_ptr<IRtlCard> make_small_soc_card(const spec::HardwareConfig& config,
                                                            uint64_t seed);
[[nodiscard]] std::unique_ptr<IRtlCard> make_full_soc_card(const spec::HardwareConfig& config,
                                                           uint64_t seed);

}  // namespace crucible::sim
