#include "sim/systemc/board.hpp"

#include <fmt/format.h>

#include <systemc>

#include "models/error.hpp"
#include "sim/systemc/fpga.hpp"
#include "sim/systemc/pump.hpp"
#include "sim/systemc/uart_adapter.hpp"

namespace crucible::sim {
namespace {

class Board : public sc_core::sc_module {
 public:
  Board(sc_core::sc_module_name name, IRtlTop& top, IHostSide& host, double clk_hz,
        uint64_t max_cycles)
      : sc_module(name),
        fpga_("fpga", top, clk_hz),
        uart_("uart", board_baud(top.config(), clk_hz)),
        pump_("pump", host, fpga_, uart_, max_cycles) {
    pump_.stream.bind(fpga_.stream);
    pump_.link_sel.bind(link_sel_);
    fpga_.link_sel.bind(link_sel_);
    uart_.tx.bind(host_to_device_);
    fpga_.uart_rx.bind(host_to_device_);
    fpga_.uart_tx.bind(device_to_host_);
    uart_.rx.bind(device_to_host_);
  }

 private:
  sc_core::sc_signal<bool> link_sel_{"link_sel"};
  sc_core::sc_signal<bool> host_to_device_{"host_to_device", true};
  sc_core::sc_signal<bool> device_to_host_{"device_to_host", true};
  Fpga fpga_;
  UartAdapter uart_;
  Pump pump_;
};

}  // namespace

void run_board(IRtlTop& top, IHostSide& host, const BoardOptions& options) {
  const double clk_hz = board_hz(top.config(), options);
  tlm::tlm_global_quantum::instance().set(sc_core::sc_time(1.0 / clk_hz, sc_core::SC_SEC) *
                                          options.quantum_clocks);
  Board board("board", top, host, clk_hz, options.max_cycles);
  sc_core::sc_start();
  top.require_no_assertion_failures();
  if (!host.stop_requested()) {
    throw Error(ErrorKind::kTimeout,
                fmt::format("the board ended after {} device cycles (limit {}): raise --max-cycles",
                            top.outputs().cycle, options.max_cycles));
  }
}

}  // namespace crucible::sim
