// The RTL of a PCIe card in this process, as the host's link opens it: every access is a
// transaction of an AXI master on the Verilated model's ports, and time passes only in them and in
// wait_interrupt().
#pragma once

#include <string>

#include "host/link/pcie/i_card.hpp"
#include "sim/verilated/verilated_card.hpp"

namespace crucible::sim {

template <class Model>
class AxiCard final : public link::ICard {
 public:
  AxiCard(std::string name, double idle, uint64_t seed) : card_(std::move(name), idle, seed) {}

  uint32_t read(uint32_t offset) override {
    uint32_t word = 0;
    card_.read(0, offset, {&word, 1});
    return word;
  }
  void write(uint32_t offset, uint32_t word) override { card_.write(0, offset, {&word, 1}); }
  void read_block(uint32_t offset, std::span<uint32_t> words) override {
    card_.read(2, offset, words);
  }
  void write_block(uint32_t offset, std::span<const uint32_t> words) override {
    card_.write(2, offset, words);
  }
  [[nodiscard]] bool has_interrupt() const override { return true; }
  /// Runs the clock until the interrupt rises, or until nothing can raise it any more.
  void wait_interrupt(link::Clock::time_point deadline) override {
    while (card_.edges() == seen_ && !card_.settled() && link::Clock::now() < deadline)
      card_.clock();
    seen_ = card_.edges();
  }
  [[nodiscard]] std::string describe() const override { return card_.name(); }

  [[nodiscard]] VerilatedCard<Model>& rtl() { return card_; }

 private:
  VerilatedCard<Model> card_;
  uint64_t seen_ = 0;  ///< edges of the interrupt
};

}  // namespace crucible::sim
