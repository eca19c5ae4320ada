// The card of docs/decisions/0009-pcie-layout.md in front of a device's stream and, where it can be
// reached, its board's bus. Loosely timed: an access takes no time, words move between rings and
// device whenever the board runs.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "sim/pcie/i_card_model.hpp"
#include "sim/systemc/i_board_bus.hpp"
#include "sim/systemc/i_host_side.hpp"
#include "spec/gen/crucible_card.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::sim {

/// To the bus it is a card; to the board it is the byte channel that the device's words come from
/// and go to, with a client that never goes. A reset of the rings starts a new generation of that
/// channel, so the board drops the words on their way; half a frame inside the device ends as after
/// any other broken stream (docs/link_protocol.md).
///
/// With a bus, BAR0 shows every register of the device and of its controller, BAR2 the board's
/// memory, and the controller's call raises the interrupt. Without one, BAR0 shows the registers
/// that identify the device (0x00 to 0x1C, and FEATURES), as the configuration has them: the others
/// are reached by frames alone and lead nowhere here, as does board memory.
class CardModel final : public ICardModel, public IByteChannel {
 public:
  static constexpr uint32_t kRingLog2 = 13;  ///< both rings: 8192 words fill their windows

  explicit CardModel(const spec::HardwareConfig& config);
  /// Null: the board is gone.
  void set_bus(IBoardBus* bus) { bus_ = bus; }
  /// Lets the interrupt follow the controller's call, which may have changed since the last access.
  void follow_board() { update_interrupt(); }

  void read(int bar, uint64_t offset, std::span<uint8_t> bytes) override;
  void write(int bar, uint64_t offset, std::span<const uint8_t> bytes) override;
  [[nodiscard]] bool interrupt() const override { return level_; }
  void on_interrupt(std::function<void(bool)> handler) override { handler_ = std::move(handler); }
  void reset() override;

  [[nodiscard]] bool connected() const override { return true; }
  [[nodiscard]] uint64_t generation() const override { return generation_; }
  /// No more requests while responses wait for room: a host that does not read is not served.
  [[nodiscard]] bool has_input() const override {
    return waiting_.empty() && request_.head != request_.tail;
  }
  [[nodiscard]] std::vector<uint8_t> take(size_t limit) override;
  /// Whole words. What the response ring has no room for waits.
  void send(std::span<const uint8_t> bytes) override;

 private:
  static constexpr uint32_t kRingWords = 1u << kRingLog2;
  static_assert(4 * kRingWords <= spec::card::kRequestRingBytes);
  static_assert(4 * kRingWords <= spec::card::kResponseRingBytes);

  struct Ring {
    std::array<uint32_t, kRingWords> words{};
    uint32_t head = 0, tail = 0;
    [[nodiscard]] uint32_t used() const { return tail - head; }
    [[nodiscard]] uint32_t room() const { return kRingWords - used(); }
    [[nodiscard]] uint32_t& at(uint32_t count) { return words[count % kRingWords]; }
  };

  /// The address on the board's bus of a place in a BAR; none where the card itself answers.
  [[nodiscard]] std::optional<uint32_t> on_bus(int bar, uint64_t offset) const;
  /// Words from a place on, of `count`, that one access serves: all those of board memory, or one.
  [[nodiscard]] size_t at_once(int bar, uint64_t offset, size_t count) const;
  /// Each returns whether the words were served.
  [[nodiscard]] bool read_part(int bar, uint64_t offset, std::span<uint32_t> words);
  [[nodiscard]] bool write_part(int bar, uint64_t offset, std::span<const uint32_t> words);
  [[nodiscard]] std::optional<uint32_t> read_word(int bar, uint64_t offset);
  [[nodiscard]] bool write_word(int bar, uint64_t offset, uint32_t word);
  [[nodiscard]] std::optional<uint32_t> read_register(uint32_t offset) const;
  [[nodiscard]] bool write_register(uint32_t offset, uint32_t word);
  /// Moves a counter on to `value`, by no more than `most`.
  void advance(uint32_t& counter, uint32_t value, uint32_t most);
  void reset_rings();
  void fill_response();
  [[nodiscard]] uint32_t pending() const;
  void update_interrupt();

  spec::HardwareConfig config_;
  IBoardBus* bus_ = nullptr;
  std::function<void(bool)> handler_;
  Ring request_, response_;
  std::deque<uint32_t> waiting_;  ///< from the device, without room in the ring
  uint32_t token_ = 0, irq_enable_ = 0, error_ = 0;
  bool level_ = false;
  uint64_t generation_ = 1;
};

}  // namespace crucible::sim
