// What the main job does on the device, each a job of the hardware queue.
#pragma once

#include "host/experiment/hardware.hpp"
#include "host/experiment/i_reporter.hpp"
#include "host/experiment/run_result.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::experiment {

class Measurements {
 public:
  /// Connects to the device: images are those of the bench's configuration.
  Measurements(const Workbench& bench, IReporter& reporter);

  [[nodiscard]] Hardware& hardware() { return hardware_; }

  /// Levels of every cell of the banks in use, written and read back; all offsets zero. Returns the
  /// number of cells.
  size_t program(const models::CompiledNetwork& network);
  /// Measures a row whose evaluation on the model is there, and compares every logit.
  void measure_row(RowOutcome& row);
  /// Measures random chip `chip.chip`, and compares every logit with the model's.
  void measure_chip(const models::CompiledNetwork& network, const models::ChipOffsets& offsets,
                    int images, HardwareChip& chip);
  /// The UART leg: identity, cells of the first bank, some offsets and images through the UART's
  /// pins, then back to the stream.
  void uart_leg(const models::CompiledNetwork& network, const models::ChipOffsets& offsets,
                UartOutcome& outcome);

 private:
  [[nodiscard]] eval::Progress progress(const std::string& activity, int images);

  const Workbench& bench_;
  IReporter& reporter_;
  Hardware hardware_;
  int banks_;
  std::vector<uint8_t> levels_;
};

}  // namespace crucible::experiment
