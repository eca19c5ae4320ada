// The functional device as the board's.
#pragma once

#include <algorithm>
#include <utility>

#include "models/device/device_model.hpp"
#include "sim/tlm/i_tlm_device.hpp"

namespace crucible::sim {

class FunctionalDevice final : public ITlmDevice {
 public:
  /// `board_memory` is what the layer engine works on.
  FunctionalDevice(const spec::HardwareConfig& config, std::span<uint32_t> board_memory)
      : model_(config, board_memory) {}

  models::BusResult read(uint32_t address, std::span<uint32_t> words) override {
    return model_.read(address, words);
  }
  models::BusResult write(uint32_t address, std::span<const uint32_t> words,
                          uint32_t step) override {
    return model_.write(address, words, step);
  }
  void note_error(uint32_t bits) override { model_.note_error(bits); }
  void note_refusal(uint32_t bits, uint32_t address) override {
    model_.note_refusal(bits, address);
  }
  [[nodiscard]] bool any_error() const override { return model_.any_error(); }

  void catch_up(uint64_t cycle) override {
    if (cycle > model_.cycles() && model_.advance(cycle - model_.cycles()) && idle_) idle_();
  }
  [[nodiscard]] bool busy() const override { return model_.busy(); }
  [[nodiscard]] uint64_t busy_until() const override { return model_.busy_until(); }
  void on_idle(std::function<void()> handler) override { idle_ = std::move(handler); }
  [[nodiscard]] std::string assertion_report() const override { return {}; }

 private:
  models::DeviceModel model_;
  std::function<void()> idle_;
};

}  // namespace crucible::sim
