// A PCIe card as its bus sees it: two BARs and an interrupt. Behind it: the loosely timed
// CardModel, or the card's RTL.
#pragma once

#include <cstdint>
#include <functional>
#include <span>

namespace crucible::sim {

/// The only accesses that a card serves.
[[nodiscard]] inline bool made_of_words(uint64_t offset, size_t size) {
  return size > 0 && offset % sizeof(uint32_t) == 0 && size % sizeof(uint32_t) == 0;
}

/// Nothing here blocks. A BAR is named by its number, 0 or 2; offsets are bytes. An access that is
/// not made of aligned 32-bit words, a word that leads nowhere and one that the device refuses read
/// all ones or write nothing and are noted in CARD_ERROR.
class ICardModel {
 public:
  virtual ~ICardModel() = default;
  virtual void read(int bar, uint64_t offset, std::span<uint8_t> bytes) = 0;
  virtual void write(int bar, uint64_t offset, std::span<const uint8_t> bytes) = 0;
  /// Level of the interrupt.
  [[nodiscard]] virtual bool interrupt() const = 0;
  /// `handler` is called with the new level whenever it changes; there is one at a time.
  virtual void on_interrupt(std::function<void(bool)> handler) = 0;
  /// The function's reset: everything in BAR0 from CARD on as after power-up; the device goes on.
  virtual void reset() = 0;
};

}  // namespace crucible::sim
