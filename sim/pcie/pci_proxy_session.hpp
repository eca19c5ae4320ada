// The emulated card's side of QEMU's x-pci-proxy-dev (7.2), message by message: a machine in QEMU
// has the card in a slot. The socket is its owner's.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "sim/pcie/config_space.hpp"
#include "sim/pcie/i_card_model.hpp"

namespace crucible::sim {

/// There is no DMA, and no interrupt: QEMU takes one only from a machine under KVM. So guest memory
/// and interrupt descriptors are not wanted. Whoever owns the socket drops them.
class PciProxySession {
 public:
  struct Header {
    int32_t command = 0;
    uint32_t padding = 0;
    uint64_t size = 0;  ///< bytes of the body
  };
  static_assert(sizeof(Header) == 16);
  static constexpr uint64_t kLargestBody = 4096;
  /// An answer, with its header.
  struct Answer {
    Header header;
    uint64_t value;
  };

  explicit PciProxySession(ICardModel& card) : card_(card) {}

  /// Carries out one message; the answer, where one is expected. Throws crucible::Error(kDevice) on
  /// a message that QEMU does not send.
  [[nodiscard]] std::optional<Answer> handle(const Header& header, std::span<const uint8_t> body);

 private:
  [[nodiscard]] uint64_t access_config(bool write, std::span<const uint8_t> body);
  [[nodiscard]] uint64_t access_bar(bool write, std::span<const uint8_t> body);
  /// Where a BAR was put, by its register in configuration space.
  [[nodiscard]] uint32_t base(size_t bar_register) const;

  ICardModel& card_;
  ConfigSpace config_;
};

}  // namespace crucible::sim
