// The configuration `small_soc` as a PCIe card.
#include "Vcim_pcie_small_soc.h"
#include "sim/verilated/cards.hpp"
#include "sim/verilated/rtl_card.hpp"

namespace crucible::sim {

std::unique_ptr<IRtlCard> make_small_soc_card(const spec::HardwareConfig& config, uint64_t seed) {
  return std::make_unique<RtlCard<Vcim_pcie_small_soc>>(config, seed);
}

}  // namespace crucible::sim
