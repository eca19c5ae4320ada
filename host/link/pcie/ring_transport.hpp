// The byte stream of a PCIe card: frames word by word through its request and response rings.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "host/link/i_transport.hpp"
#include "host/link/pcie/i_card.hpp"

namespace crucible::link {

/// Waits for the card's interrupt where there is one and polls it otherwise. A card that is gone
/// (it reads all ones, MAGIC too) or that somebody else has reset (TOKEN is not ours) is an Error
/// (kDevice) that names the register.
class RingTransport final : public ITransport {
 public:
  /// Checks the card's identity, empties its rings and takes it over with a token. Throws
  /// crucible::Error: kDevice for another card or layout, kTimeout when it is not ready in time.
  RingTransport(std::unique_ptr<ICard> card, Clock::time_point deadline);

  /// Bytes wait until four of them make a word. On kTimeout the words that had room are sent.
  void write(std::span<const uint8_t> bytes, Clock::time_point deadline) override;
  size_t read(std::span<uint8_t> bytes, Clock::time_point deadline) override;
  [[nodiscard]] std::string describe() const override { return card_->describe(); }

 private:
  /// One ring, as far as this side knows; head and tail count words modulo 2^32.
  struct Ring {
    uint32_t base = 0;   ///< in BAR2
    uint32_t words = 0;  ///< a power of two
    uint32_t head = 0, tail = 0;
    [[nodiscard]] uint32_t used() const { return tail - head; }
  };
  class Patience;

  void identify();
  void take_over(Clock::time_point deadline);
  [[nodiscard]] uint32_t get(uint32_t offset);
  void require_token();
  /// Reads a counter that the card advances, by at most `most` words since `last`.
  [[nodiscard]] uint32_t advanced(uint32_t offset, uint32_t last, uint32_t most);
  void put(std::span<const uint32_t> words);
  void take(uint32_t count);
  [[noreturn]] void fail(const std::string& reason) const;

  std::unique_ptr<ICard> card_;
  Ring request_, response_;
  uint32_t token_ = 0;
  std::vector<uint8_t> unsent_;    ///< the begin of a word
  std::vector<uint8_t> received_;  ///< bytes from `delivered_` on are not read yet
  size_t delivered_ = 0;
};

}  // namespace crucible::link
