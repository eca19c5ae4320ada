// The device as a SystemC module: a clock, a TLM-2.0 socket for frame words, and the pins of the
// UART.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <systemc>

#include "sim/verilated/stream_port.hpp"

namespace crucible::sim {

/// Word-wide FIFOs behind `stream`, as a memory-mapped adapter would offer them.
enum class FifoRegister : uint64_t {
  kData = 0x0,  ///< TLM_WRITE: words to the device; TLM_READ: words from it, no more than kReceived
                ///< says
  kReceived = 0x4,  ///< TLM_READ of one word: number of words that can be read
  kWaiting = 0x8,   ///< TLM_READ of one word: number of words that the device has not taken yet
  kClear = 0xC,     ///< TLM_WRITE of any word: drops the words in both directions
};

/// The clock runs only while something can change: a quiet device stops it and starts it again on a
/// word or an edge, so that simulated time and the device's cycle counter stand still while nobody
/// wants anything.
class Fpga : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Fpga> stream{"stream"};
  sc_core::sc_in<bool> link_sel{"link_sel"};  ///< 1: frames over `stream`, 0: over the UART
  sc_core::sc_in<bool> uart_rx{"uart_rx"};
  sc_core::sc_out<bool> uart_tx{"uart_tx"};

  Fpga(sc_core::sc_module_name name, IRtlTop& top, double clk_hz);

  /// The clock stands still.
  [[nodiscard]] bool asleep() const { return asleep_; }
  /// Notified after every batch of clocks, and when the clock stops.
  [[nodiscard]] const sc_core::sc_event& progress() const { return progress_; }
  [[nodiscard]] IRtlTop& top() { return top_; }

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
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay);

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
