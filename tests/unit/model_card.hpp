// A whole PCIe card in this process: the card's model in front of the in-process device. For tests.
#pragma once

#include <map>
#include <memory>
#include <optional>

#include "host/link/pcie/i_card.hpp"
#include "sim/pcie/card_model.hpp"
#include "tests/unit/link_device.hpp"

namespace crucible::port {

/// What is soldered to the slot; outlives the cards that are opened on it.
class CardSlot {
 public:
  explicit CardSlot(const spec::HardwareConfig& config) : device_(config), card_(config) {
    card_.on_interrupt([this](bool level) { edges_ += level ? 1u : 0u; });
  }

  [[nodiscard]] sim::CardModel& card() { return card_; }
  [[nodiscard]] LinkDevice& device() { return device_; }
  /// Rising edges of the interrupt: what a bridge makes MSIs of.
  [[nodiscard]] uint64_t edges() const { return edges_; }

  /// The device takes what waits and answers, unless it is stopped.
  void run() {
    while (!stopped && card_.has_input()) card_.send(device_.take(card_.take(kBatch)));
  }

  bool stopped = false;                 ///< the device has no clock
  bool pulled_out = false;              ///< every read shows all ones
  std::map<uint32_t, uint32_t> forged;  ///< registers of BAR0 that read something else

 private:
  static constexpr size_t kBatch = 4096;
  LinkDevice device_;
  uint64_t edges_ = 0;
  sim::CardModel card_;
};

class ModelCard final : public link::ICard {
 public:
  ModelCard(std::shared_ptr<CardSlot> slot, bool has_interrupt)
      : slot_(std::move(slot)), has_interrupt_(has_interrupt) {}

  uint32_t read(uint32_t offset) override {
    if (const auto forged = slot_->forged.find(offset); forged != slot_->forged.end())
      return forged->second;
    uint32_t word = 0;
    access(0, offset, {&word, 1});
    return word;
  }
  void write(uint32_t offset, uint32_t word) override { put(0, offset, {&word, 1}); }
  void read_block(uint32_t offset, std::span<uint32_t> words) override { access(2, offset, words); }
  void write_block(uint32_t offset, std::span<const uint32_t> words) override {
    put(2, offset, words);
  }
  [[nodiscard]] bool has_interrupt() const override { return has_interrupt_; }
  /// Nothing happens while the caller waits: an interrupt has come already, or none will.
  void wait_interrupt(link::Clock::time_point deadline) override {
    if (slot_->edges() == seen_) std::this_thread::sleep_until(deadline);
    seen_ = slot_->edges();
  }
  [[nodiscard]] std::string describe() const override { return "card:model"; }

 private:
  void access(int bar, uint32_t offset, std::span<uint32_t> words) {
    if (slot_->pulled_out)
      std::fill(words.begin(), words.end(), link::kAllOnes);
    else
      slot_->card().read(bar, offset,
                         {reinterpret_cast<uint8_t*>(words.data()), words.size_bytes()});
  }
  void put(int bar, uint32_t offset, std::span<const uint32_t> words) {
    if (slot_->pulled_out) return;
    slot_->card().write(bar, offset,
                        {reinterpret_cast<const uint8_t*>(words.data()), words.size_bytes()});
    slot_->run();
  }

  std::shared_ptr<CardSlot> slot_;
  const bool has_interrupt_;
  uint64_t seen_ = 0;
};

}  // namespace crucible::port
