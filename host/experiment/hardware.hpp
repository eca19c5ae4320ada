// The device of an experiment: the emulated board started here with its two ways in, or whatever
// the address names.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "host/driver/accelerator.hpp"
#include "host/eval/evaluation.hpp"
#include "host/experiment/experiment_config.hpp"
#include "host/port/board_process.hpp"
#include "host/port/open_port.hpp"

namespace crucible::experiment {

/// The device at the address. Throws crucible::Error(kDevice), naming both sides, when its geometry
/// is not that of the named hardware.
[[nodiscard]] std::unique_ptr<driver::Accelerator> open_device(
    const std::string& address, const std::string& hardware, const port::PortOptions& options = {});

class Hardware {
 public:
  /// Starts the board (sim:rtl, sim:tlm, sim:mixed) and connects. Throws crucible::Error when there is no device or it
  /// is not the configured hardware.
  explicit Hardware(const DeviceConfig& config);
  ~Hardware();

  [[nodiscard]] driver::Accelerator& device() { return *device_; }
  [[nodiscard]] const std::string& address() const { return address_; }
  /// Whether the same cells can be reached over the UART's pins: only the emulated board offers
  /// both.
  [[nodiscard]] bool has_uart() const;
  /// Leaves the stream and connects over the pseudo-terminal, or goes back. The cells keep what
  /// they hold.
  void connect_uart();
  void connect_stream();
  /// Traffic of all connections so far.
  [[nodiscard]] port::PortStatistics traffic() const;

  /// Writes the offsets that differ and multiplies on the device. `progress` as in
  /// evaluate_engine().
  [[nodiscard]] eval::Evaluation measure(const models::CompiledNetwork& network,
                                         std::span<const int8_t> offsets, int banks,
                                         eval::LabelledImages images,
                                         const eval::Progress& progress);

 private:
  void connect(const std::string& address);

  DeviceConfig config_;
  std::string address_;
  std::unique_ptr<port::BoardProcess> board_;  ///< outlives the connection
  std::unique_ptr<driver::Accelerator> device_;
  port::PortStatistics closed_traffic_;
};

}  // namespace crucible::experiment
