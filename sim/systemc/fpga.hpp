// The device as a SystemC module: a clock, a TLM-2.0 socket for frame words, and the pins of the
// UART.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <systemc>

#include "sim/systemc/fifo_target.hpp"
#include "sim/systemc/i_board_device.hpp"
#include "sim/verilated/stream_port.hpp"

namespace crucible::sim {

/// The clock runs only while something can change: a quiet device stops it and starts it again on a
/// word or an edge, so that simulated time and the device's cycle counter stand still while nobody
/// wants anything.
class Fpga : public sc_core::sc_module, public IBoardDevice, private IWordFifos {
 public:
  tlm_utils::simple_target_socket<Fpga> stream{"stream"};
  sc_core::sc_in<bool> link_sel{"link_sel"};  ///< 1: frames over `stream`, 0: over the UART
  sc_core::sc_in<bool> uart_rx{"uart_rx"};
  sc_core::sc_out<bool> uart_tx{"uart_tx"};

  Fpga(sc_core::sc_module_name name, IRtlTop& top, double clk_hz);

  /// The clock stands still.
  [[nodiscard]] bool asleep() const override { return asleep_; }
  /// Notified after every batch of clocks, and when the clock stops.
  [[nodiscard]] const sc_core::sc_event& progress() const override { return progress_; }
  [[nodiscard]] sc_core::sc_time horizon() const override { return {1, sc_core::SC_MS}; }
  [[nodiscard]] uint64_t cycle() const override { return top_.outputs().cycle; }
  [[nodiscard]] bool failed() const override { return top_.assertion_failures() > 0; }

 private:
  /// Clocks between two UART-mode notifications: about a character.
  static constexpr int kUartBatch = 128;
  /// Clocks without an event after which an answer is taken to be complete.
  static constexpr int kGap = 8;
  static constexpr int kQuietClocks = 16;
  /// An unfinished frame for so long: longer than the device's own patience with a pause, which
  /// ends by dropping the frame.
  static constexpr int kStallClocks = 1 << 21;

  void run();
  int run_stream();
  void run_uart();
  void sleep();
  /// Counts clocks in which nothing happened; true when more of them would change nothing.
  bool settled(bool activity);
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
    access_fifos(*this, transaction, delay, period_);
  }

  void push(std::span<const uint32_t> words) override;
  [[nodiscard]] size_t words_waiting() const override { return port_.words_waiting(); }
  [[nodiscard]] size_t words_received() const override { return port_.received().size(); }
  void pop(std::span<uint32_t> words) override;
  void clear() override { port_.clear(); }

  IRtlTop& top_;
  StreamPort port_;
  const sc_core::sc_time period_;
  const int batch_;  ///< clocks of one quantum
  bool asleep_ = false;
  int idle_clocks_ = 0;
  int uart_clocks_ = 0;
  sc_core::sc_event wake_;
  sc_core::sc_event progress_;
};

}  // namespace crucible::sim
