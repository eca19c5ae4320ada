// A device without the layer engine, for boards whose registers and tile are RTL: the engine's RTL
// is no part of them. Its registers are there, ENGINE_INFO is 0, and a start does nothing.
#pragma once

#include <array>
#include <memory>
#include <utility>

#include "models/device/register_rules.hpp"
#include "sim/tlm/i_tlm_device.hpp"

namespace crucible::sim {

class EnginelessDevice final : public ITlmDevice {
 public:
  EnginelessDevice(const spec::HardwareConfig& config, std::unique_ptr<ITlmDevice> device)
      : config_(config), device_(std::move(device)) {
    for (const spec::RegisterInfo& known : spec::kRegisters)
      if (engines(known.address)) at(known.address) = known.reset;
  }

  models::BusResult read(uint32_t address, std::span<uint32_t> words) override {
    if (!engines(address)) return device_->read(address, words);
    for (size_t i = 0; i < words.size(); ++i) {
      const uint32_t where = address + static_cast<uint32_t>(4 * i);
      const spec::RegisterInfo* found = models::existing_register(where, config_);
      if (found == nullptr) return {spec::Status::kBadAddress, i};
      if (found->access == spec::Access::kWriteOnly) return {spec::Status::kAccess, i};
      if (busy() && models::refused_while_busy(where)) return {spec::Status::kBusy, i};
    }
    for (uint32_t& word : words) {
      word = at(address);
      address += 4;
    }
    return {};
  }

  models::BusResult write(uint32_t address, std::span<const uint32_t> words,
                          uint32_t step) override {
    if (!engines(address)) return device_->write(address, words, step);
    for (size_t i = 0; i < words.size(); ++i) {
      const uint32_t where = address + static_cast<uint32_t>(i) * step;
      const spec::RegisterInfo* found = models::existing_register(where, config_);
      if (found == nullptr) return {spec::Status::kBadAddress, i};
      if (found->access == spec::Access::kReadOnly) return {spec::Status::kAccess, i};
      if (busy() && models::refused_while_busy(where)) return {spec::Status::kBusy, i};
      if (!models::legal_register_value(*found, words[i])) return {spec::Status::kBadValue, i};
    }
    for (const uint32_t word : words) {
      if (spec::find_register(address)->access == spec::Access::kReadWrite) at(address) = word;
      address += step;
    }
    return {};
  }

  void note_error(uint32_t bits) override { device_->note_error(bits); }
  void note_refusal(uint32_t bits, uint32_t address) override {
    device_->note_refusal(bits, address);
  }
  [[nodiscard]] bool any_error() const override { return device_->any_error(); }
  void catch_up(uint64_t cycle) override { device_->catch_up(cycle); }
  [[nodiscard]] bool busy() const override { return device_->busy(); }
  [[nodiscard]] uint64_t busy_until() const override { return device_->busy_until(); }
  void on_idle(std::function<void()> handler) override { device_->on_idle(std::move(handler)); }
  [[nodiscard]] std::string assertion_report() const override {
    return device_->assertion_report();
  }

 private:
  static constexpr uint32_t kBlock = 0x100;  ///< bytes of a block of registers

  static bool engines(uint32_t address) {
    return address / kBlock == spec::kRegEngineInfo / kBlock;
  }
  uint32_t& at(uint32_t address) { return registers_[address % kBlock / 4]; }

  spec::HardwareConfig config_;
  std::unique_ptr<ITlmDevice> device_;
  std::array<uint32_t, kBlock / 4> registers_{};
};

}  // namespace crucible::sim
