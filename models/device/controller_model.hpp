// The registers CONTROL of the in-process device, but for the core itself: nobody executes
// instructions here. Whoever plays the core (firmware compiled for the host) uses the same
// registers.
#pragma once

#include <array>
#include <cstdint>

#include "spec/gen/crucible_map.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::models {

/// As the RTL has them, except for time: WATCHDOG, CORE_CYCLES and WAIT_CYCLES count the cycles
/// that the device model counts. A core that nobody plays runs and never waits, traps or faults.
class ControllerModel {
 public:
  explicit ControllerModel(const spec::HardwareConfig& config);

  /// A readable register; writable registers take legal values alone.
  [[nodiscard]] uint32_t read(uint32_t address) const;
  void write(uint32_t address, uint32_t word);

  void advance(uint64_t cycles);
  /// The tile has become idle.
  void tile_done() { irq_pending_ |= spec::kIrqPendingTileMask; }

 private:
  [[nodiscard]] bool running() const { return run_ && !expired_; }
  void set_run(bool run);

  uint32_t memory_bytes_;
  bool run_ = false, expired_ = false;
  uint32_t irq_pending_ = 0, attention_ = 0, watchdog_ = 0, core_cycles_ = 0;
  std::array<uint32_t, (spec::kRegMailbox15 - spec::kRegMailbox0) / 4 + 1> mailbox_{};
};

}  // namespace crucible::models
