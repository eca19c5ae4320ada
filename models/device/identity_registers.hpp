// What the registers that identify a device read: the register map and the hardware configuration
// decide all of it.
#pragma once

#include <cstdint>
#include <optional>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::models {

/// The word of the register at `address` (MAGIC to LINK_INFO, FEATURES), or nothing for any other.
[[nodiscard]] std::optional<uint32_t> identity_register(const spec::HardwareConfig& config,
                                                        uint32_t address);

}  // namespace crucible::models
