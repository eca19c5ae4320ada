// Registers and tile in RTL, for boards whose other parts are models.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/tlm/i_tlm_device.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::sim {

/// The RTL of a named configuration's registers and tile. `seed` sets what reset does not. Throws
/// crucible::Error(kUsage) where there is none, and lists those that there are.
[[nodiscard]] std::unique_ptr<ITlmDevice> make_rtl_device(const spec::HardwareConfig& config,
                                                          uint64_t seed, bool assertions);

}  // namespace crucible::sim
