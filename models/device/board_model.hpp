// A whole board behind its link, in one process and with a clock of its own: device, controller and
// board memory on one bus, frames in front of them.
#pragma once

#include "models/device/board_memory.hpp"
#include "models/device/controller_model.hpp"
#include "models/device/device_model.hpp"
#include "models/device/i_frame_target.hpp"

namespace crucible::models {

/// Time passes only with frames: each takes its words in cycles, a write twice, and ten more. So
/// CYCLES is not the RTL's, nor is the frame before which a job has ended. Nobody executes
/// instructions here: whoever plays the core (firmware compiled for the host) uses the same
/// registers.
class BoardModel final : public IFrameTarget {
 public:
  explicit BoardModel(const spec::HardwareConfig& config);

  FrameResult read(uint32_t address, std::span<uint32_t> words) override;
  FrameResult write(uint32_t address, std::span<const uint32_t> words, uint32_t step = 4) override;
  FrameResult write_fixed(uint32_t address, std::span<const uint32_t> words) {
    return write(address, words, 0);
  }
  FrameResult wait_idle(uint32_t cycles) override;
  [[nodiscard]] IErrorLog& errors() override { return device_; }
  [[nodiscard]] uint32_t error() const { return device_.error(); }

  [[nodiscard]] const spec::HardwareConfig& config() const { return device_.config(); }
  /// The words of MEMORY, for whoever plays the core: its accesses take no time here.
  [[nodiscard]] std::span<uint32_t> board_memory() { return memory_.words(); }

 private:
  class Bus final : public IBusTarget {
   public:
    explicit Bus(BoardModel& board) : board_(board) {}
    BusResult read(uint32_t address, std::span<uint32_t> words) override;
    BusResult write(uint32_t address, std::span<const uint32_t> words, uint32_t step) override;

   private:
    BoardModel& board_;
  };

  [[nodiscard]] IBusTarget& slave(uint32_t address);
  void advance(uint64_t cycles);

  BoardMemory memory_;
  DeviceModel device_;
  ControllerModel controller_;
  Bus bus_{*this};
  FrameAccess access_;
};

}  // namespace crucible::models
