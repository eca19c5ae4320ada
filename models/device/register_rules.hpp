// What the register map allows: what exists, legal values, what a busy device forbids.
#pragma once

#include <cstdint>

#include "spec/gen/crucible_map.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::models {

/// The register at a byte address; null where a device of this configuration has none.
[[nodiscard]] const spec::RegisterInfo* existing_register(uint32_t address,
                                                          const spec::HardwareConfig& config);

/// Whether a device of this configuration has what something needs.
[[nodiscard]] constexpr bool has(const spec::HardwareConfig& config, spec::Needs needs) {
  return needs == spec::Needs::kNothing ||
         (needs == spec::Needs::kEffects ? config.effects : config.controller) != 0;
}

/// Settings, job registers, starts, pokes, self-test and the tile's windows refuse access while the
/// device is busy.
[[nodiscard]] bool refused_while_busy(uint32_t address);

/// Bits that are no field must be zero, fields within their range (ERROR takes every value), and
/// the rates of GEN_STUCK together below 1.
[[nodiscard]] bool legal_register_value(const spec::RegisterInfo& at, uint32_t word);

/// The sticky bit of ERROR that a refusal sets.
[[nodiscard]] uint32_t error_bit(spec::Status status);

/// A field of a register's word.
[[nodiscard]] constexpr uint32_t field(uint32_t word, uint32_t mask, uint32_t lsb) {
  return (word & mask) >> lsb;
}

}  // namespace crucible::models
