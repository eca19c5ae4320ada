// The device inside the process: addresses `model`, `model:full`, `model:small`, `model:tiny`.
#pragma once

#include <string>

#include "host/port/i_port.hpp"
#include "models/device/board_model.hpp"

namespace crucible::port {

/// Cuts bursts into the frames that a link would send, and stops at the first refused one.
class ModelPort final : public IPort {
 public:
  explicit ModelPort(const spec::HardwareConfig& config);

  void read(uint32_t address, std::span<uint32_t> words) override;
  void write(uint32_t address, std::span<const uint32_t> words) override;
  void write_fixed(uint32_t address, std::span<const uint32_t> words) override;
  void wait_idle(uint32_t cycles) override;
  [[nodiscard]] PortStatistics statistics() const override { return statistics_; }
  [[nodiscard]] std::string describe() const override;
  /// The words of MEMORY, for whoever plays the core.
  [[nodiscard]] std::span<uint32_t> board_memory() { return device_.board_memory(); }

 private:
  models::BoardModel device_;
  PortStatistics statistics_;
};

}  // namespace crucible::port
