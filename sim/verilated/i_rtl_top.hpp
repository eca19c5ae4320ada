// The board-independent top of the RTL, one clock at a time. Nothing of Verilator is visible here.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::sim {

/// Levels that the world drives during one clock cycle.
struct RtlInputs {
  bool link_sel = true;   ///< 1: frames come over the stream, 0: over the UART
  bool uart_rx = true;    ///< idle is high
  bool rx_valid = false;  ///< stream towards the device
  uint32_t rx_data = 0;
  bool tx_ready = false;  ///< stream from the device
  bool reset = false;     ///< the device is held in reset
};

/// Levels that the top shows just before the rising edge that ends the cycle.
struct RtlOutputs {
  bool uart_tx = true;
  bool rx_ready = false;
  bool tx_valid = false;
  uint32_t tx_data = 0;
  bool busy = false;       ///< a job is running
  bool link_idle = false;  ///< no frame is anywhere between the pins and the registers
  uint64_t cycle = 0;      ///< clock cycles since reset, the device's own count
};

/// One instance of the Verilated top with its own context: several may live side by side, each in
/// one thread.
class IRtlTop {
 public:
  virtual ~IRtlTop() = default;

  /// Holds reset for a few clocks. Called by the constructor; may be called again.
  virtual void reset() = 0;
  /// One clock cycle with these inputs. A word moves on the stream where valid and ready were both
  /// high.
  virtual const RtlOutputs& clock(const RtlInputs& inputs) = 0;
  /// What the last clock() returned.
  [[nodiscard]] virtual const RtlOutputs& outputs() const = 0;

  /// Assertions are on unless switched off (benchmarks).
  virtual void enable_assertions(bool on) = 0;
  [[nodiscard]] virtual int assertion_failures() const = 0;
  /// File, line and message of the first failures; empty if there were none.
  [[nodiscard]] virtual std::string assertion_report() const = 0;
  /// Throws crucible::Error(kMismatch) with the report if an assertion has fired.
  void require_no_assertion_failures() const;

  /// Writes an FST of the clocks `from` .. `from + cycles - 1` of the device's cycle counter.
  /// Throws crucible::Error(kUsage) if the file cannot be written. Call once, at any time before
  /// the window.
  virtual void trace(const std::string& path, uint64_t from, uint64_t cycles) = 0;

  [[nodiscard]] virtual const spec::HardwareConfig& config() const = 0;
};

/// Makes a top that is out of reset. `seed` sets every register and memory word that reset does
/// not. Throws crucible::Error(kUsage) on an unknown name and lists the known ones.
[[nodiscard]] std::unique_ptr<IRtlTop> make_rtl_top(std::string_view config_name, uint64_t seed);

}  // namespace crucible::sim
