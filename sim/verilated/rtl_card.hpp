// A Verilated card behind IRtlCard. Included by one source file per configuration, so that each
// model's header stays there.
#pragma once

#include <cstring>
#include <vector>

#include "sim/verilated/i_rtl_card.hpp"
#include "sim/verilated/verilated_card.hpp"
#include "spec/gen/crucible_card.hpp"

namespace crucible::sim {

template <class Model>
class RtlCard final : public IRtlCard {
 public:
  RtlCard(const spec::HardwareConfig& config, uint64_t seed)
      : config_(config), card_(fmt::format("RTL card ({})", config.name), 0, seed) {}

  void read(int bar, uint64_t offset, std::span<uint8_t> bytes) override {
    if (!made_of_words(offset, bytes.size())) {
      std::fill(bytes.begin(), bytes.end(), uint8_t{0xFF});
      return card_.read_no_word(bar);
    }
    std::vector<uint32_t> words(bytes.size() / 4);
    card_.read(bar, static_cast<uint32_t>(offset), words);
    std::memcpy(bytes.data(), words.data(), bytes.size());
  }
  void write(int bar, uint64_t offset, std::span<const uint8_t> bytes) override {
    if (!made_of_words(offset, bytes.size())) return card_.write_no_word(bar);
    std::vector<uint32_t> words(bytes.size() / 4);
    std::memcpy(words.data(), bytes.data(), bytes.size());
    card_.write(bar, static_cast<uint32_t>(offset), words);
  }
  [[nodiscard]] bool interrupt() const override { return card_.interrupt(); }
  void on_interrupt(std::function<void(bool)> handler) override {
    card_.on_interrupt = std::move(handler);
  }
  void reset() override {
    write_register(spec::card::kRegIrqEnable, spec::card::kIrqEnableReset);
    write_register(spec::card::kRegCardCtrl, spec::card::kCardCtrlResetMask);
    write_register(spec::card::kRegCardError, ~uint32_t{0});
  }

  void run(int clocks) override {
    for (int i = 0; i < clocks; ++i) card_.clock();
  }
  [[nodiscard]] bool settled() const override { return card_.settled(); }
  [[nodiscard]] uint64_t cycle() const override { return card_.cycle(); }
  void enable_assertions(bool on) override { card_.enable_assertions(on); }
  void require_no_assertion_failures() const override { card_.require_no_assertion_failures(); }
  [[nodiscard]] const spec::HardwareConfig& config() const override { return config_; }

 private:
  void write_register(uint32_t offset, uint32_t word) { card_.write(0, offset, {&word, 1}); }

  const spec::HardwareConfig& config_;
  VerilatedCard<Model> card_;
};

}  // namespace crucible::sim
