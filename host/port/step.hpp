// One access of a batch, see IPort::run().
#pragma once

#include <cstdint>
#include <span>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::port {

/// A read, a write or a wait. The buffers must live until the batch has run.
struct Step {
  spec::Op op = spec::Op::kRead;
  uint32_t address = 0;            ///< WAIT_IDLE: clock cycles
  std::span<uint32_t> into;        ///< READ
  std::span<const uint32_t> from;  ///< WRITE, WRITE_FIXED

  static Step read(uint32_t address, std::span<uint32_t> into) {
    return {spec::Op::kRead, address, into, {}};
  }
  static Step write(uint32_t address, std::span<const uint32_t> from) {
    return {spec::Op::kWrite, address, {}, from};
  }
  static Step write_fixed(uint32_t address, std::span<const uint32_t> from) {
    return {spec::Op::kWriteFixed, address, {}, from};
  }
  static Step wait_idle(uint32_t cycles) { return {spec::Op::kWaitIdle, cycles, {}, {}}; }

  [[nodiscard]] size_t words() const { return op == spec::Op::kRead ? into.size() : from.size(); }
};

}  // namespace crucible::port
