// An opened PCIe card: what its driver may touch, docs/decisions/0009-pcie-layout.md.
// Implementations: vfio-user socket, kernel VFIO, sysfs, the XDMA driver; in tests the card's model
// in this process.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "host/link/i_transport.hpp"
#include "spec/gen/crucible_card.hpp"

namespace crucible::link {

inline constexpr uint32_t kBar0Bytes = 0x10000;
inline constexpr uint32_t kBar2Bytes = spec::card::kBoardMemory + spec::card::kBoardMemoryBytes;

/// What a read of a card shows that is not there any more.
inline constexpr uint32_t kAllOnes = ~uint32_t{0};

/// Offsets are bytes, multiples of 4; every access is made of aligned 32-bit words. No access waits
/// for longer than the card's own limit; then, and when the card is gone, it throws crucible::Error
/// (kTimeout, kDevice), and the card is of no use any more. Not for several threads at once.
class ICard {
 public:
  virtual ~ICard() = default;
  /// A register of BAR0.
  [[nodiscard]] virtual uint32_t read(uint32_t offset) = 0;
  /// A register of BAR0. Posted: what is written has arrived when a later read returns.
  virtual void write(uint32_t offset, uint32_t word) = 0;
  /// Words of BAR2, in the order of addresses.
  virtual void read_block(uint32_t offset, std::span<uint32_t> words) = 0;
  /// Words of BAR2, in the order of addresses. Posted, and never overtaken by a later write().
  virtual void write_block(uint32_t offset, std::span<const uint32_t> words) = 0;
  /// Whether wait_interrupt() is of use; if not, the card is polled.
  [[nodiscard]] virtual bool has_interrupt() const = 0;
  /// Returns at an interrupt that came since the last call, or at the deadline.
  virtual void wait_interrupt(Clock::time_point deadline) = 0;
  /// The address that was opened, for messages.
  [[nodiscard]] virtual std::string describe() const = 0;
};

}  // namespace crucible::link
