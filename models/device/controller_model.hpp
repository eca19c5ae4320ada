// The registers CONTROL of a board: run, interrupts, watchdog, faults, mailbox. The core itself is
// somebody else: Verilated, or firmware compiled for the host, or nobody.
#pragma once

#include <array>
#include <cstdint>

#include "models/device/i_bus_target.hpp"
#include "spec/gen/crucible_map.hpp"

namespace crucible::models {

/// As the RTL has them at the times that it is told: WATCHDOG, CORE_CYCLES and WAIT_CYCLES count
/// the cycles of advance(). A core that nobody plays runs and never waits, traps or faults.
class ControllerModel final : public IBusTarget {
 public:
  explicit ControllerModel(const spec::HardwareConfig& config);

  BusResult read(uint32_t address, std::span<uint32_t> words) override;
  BusResult write(uint32_t address, std::span<const uint32_t> words, uint32_t step) override;

  void advance(uint64_t cycles);
  /// Cycles of advance() in which no interrupt line moves and the core neither starts nor stops by
  /// itself.
  [[nodiscard]] uint64_t quiet_cycles() const;

  /// The tile has become idle.
  void tile_done() { irq_pending_ |= spec::kIrqPendingTileMask; }
  /// An access of the core was refused.
  void fault(uint32_t address, spec::Status status, bool write);
  /// The core has stopped at an instruction that it cannot execute.
  void trap();
  /// Whether the core waits for an interrupt; `counted` cycles of waiting are behind it already.
  void set_waiting(bool waiting, uint32_t counted = 0);

  /// The core is out of reset, has not trapped and its watchdog has not run out.
  [[nodiscard]] bool running() const { return run_ && !expired_ && !trapped_; }
  /// The core is out of reset.
  [[nodiscard]] bool released() const { return run_ && !expired_; }
  /// Starts of the core so far: tells one run from the next.
  [[nodiscard]] uint64_t starts() const { return starts_; }
  [[nodiscard]] uint32_t irq_pending() const { return irq_pending_; }
  [[nodiscard]] bool attention() const { return attention_ != 0; }
  /// The watchdog counts.
  [[nodiscard]] bool watched() const { return running() && watchdog_ != 0; }

 private:
  [[nodiscard]] uint32_t value(uint32_t address) const;
  void set(uint32_t address, uint32_t word);
  void set_run(bool run);

  spec::HardwareConfig config_;
  bool run_ = false, expired_ = false, trapped_ = false, waiting_ = false;
  uint64_t starts_ = 0;
  uint32_t irq_pending_ = 0, attention_ = 0, watchdog_ = 0, core_cycles_ = 0, wait_cycles_ = 0;
  uint32_t fault_addr_ = 0, fault_info_ = 0;
  std::array<uint32_t, (spec::kRegMailbox15 - spec::kRegMailbox0) / 4 + 1> mailbox_{};
};

}  // namespace crucible::models
