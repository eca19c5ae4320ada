// What the register map allows: access, legal values, what a running job forbids. Used by the
// in-process device.
#pragma once

#include <cstdint>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::port {

constexpr uint32_t kLastRegister = spec::kRegCellPoke;  ///< windows lie above

enum class Access { kNone, kReadOnly, kReadWrite, kWriteOnly };

/// Of a register address; windows are not registers.
[[nodiscard]] Access register_access(uint32_t address);

/// Settings, job registers, pokes and windows refuse access while a job runs.
[[nodiscard]] bool refused_while_busy(uint32_t address);

/// Bits that are no field must be zero, fields within their range (ERROR takes every value).
[[nodiscard]] bool legal_register_value(uint32_t address, uint32_t word);

/// The sticky bit of ERROR that a refusal sets.
[[nodiscard]] uint32_t error_bit(spec::Status status);

/// A field of a register's word.
[[nodiscard]] constexpr uint32_t field(uint32_t word, uint32_t mask, uint32_t lsb) {
  return (word & mask) >> lsb;
}

}  // namespace crucible::port
