// A board in process: the device model with the firmware, compiled for the host, in the place of
// the core. For tests.
#pragma once

#include <functional>

#include "firmware/hal/hal_host.hpp"
#include "host/port/model_port.hpp"

extern "C" {
#include "firmware/app/serve.h"
}

namespace crucible::board {

/// Carries a command out within the write to DOORBELL.
class FirmwareBoard final : public port::IPort, private firmware::IBus {
 public:
  /// Where the host's memory begins, as after an ELF of some size.
  static constexpr uint32_t kFreeFrom = spec::kWindowMemory + 0x8000;

  explicit FirmwareBoard(const spec::HardwareConfig& config);

  void read(uint32_t address, std::span<uint32_t> words) override { model_.read(address, words); }
  void write(uint32_t address, std::span<const uint32_t> words) override;
  void write_fixed(uint32_t address, std::span<const uint32_t> words) override {
    model_.write_fixed(address, words);
  }
  void wait_idle(uint32_t cycles) override { model_.wait_idle(cycles); }
  [[nodiscard]] port::PortStatistics statistics() const override { return model_.statistics(); }
  [[nodiscard]] std::string describe() const override { return model_.describe(); }

  /// Called before a command is carried out; returning false leaves it undone.
  std::function<bool()> before_command;
  int commands = 0;  ///< doorbells that reached the firmware

 private:
  [[nodiscard]] uint32_t read(uint32_t address) override { return model_.read_word(address); }
  void write(uint32_t address, uint32_t word) override { model_.write_word(address, word); }
  [[nodiscard]] void* memory(uint32_t address) override;
  void start();
  void serve();

  port::ModelPort model_;
  fw_state state_{};
  bool running_ = false;
};

}  // namespace crucible::board
