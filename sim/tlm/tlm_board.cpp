#include "sim/tlm/tlm_board.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <systemc>

#include "models/error.hpp"
#include "sim/systemc/pump.hpp"
#include "sim/tlm/bus_router.hpp"
#include "sim/tlm/card_master.hpp"
#include "sim/tlm/character_line.hpp"
#include "sim/tlm/control.hpp"
#include "sim/tlm/core.hpp"
#include "sim/tlm/link_device.hpp"
#include "sim/tlm/memory.hpp"
#include "sim/tlm/tile_device.hpp"

namespace crucible::sim {
namespace {

class TlmBoard : public sc_core::sc_module, public IBoardDevice {
 public:
  TlmBoard(sc_core::sc_module_name name, const spec::HardwareConfig& config, ITlmDevice& device,
           models::BoardMemory& memory, IHostSide& host, const BoardOptions& options)
      : sc_module(name),
        host_(host),
        clock_(board_hz(config, options)),
        device_(device),
        tile_("tile", device, clock_),
        control_("control", config, device, clock_),
        memory_("memory", memory),
        router_("router"),
        link_("link", config, device, clock_),
        card_("card", control_, clock_),
        uart_("uart", link_, board_baud(config, options.clk_hz)),
        pump_("pump", host, *this, uart_, options.max_cycles) {
    router_.device.bind(tile_.bus);
    router_.control.bind(control_.bus);
    router_.memory.bind(memory_.bus);
    link_.bus.bind(router_.masters);
    card_.bus.bind(router_.masters);
    if (config.controller != 0) {
      core_ = std::make_unique<Core>("core", config, control_, clock_, options.assertions);
      core_->bus.bind(router_.masters);
    }
    pump_.stream.bind(link_.stream);
    pump_.link_sel.bind(link_sel_);
    link_.link_sel.bind(link_sel_);
    uart_.link_sel.bind(link_sel_);
    SC_HAS_PROCESS(TlmBoard);
    SC_METHOD(tell);
    sensitive << link_.progress() << control_.changed();
    if (core_) sensitive << core_->progress();
    dont_initialize();
    host_.set_bus(&card_);
  }
  ~TlmBoard() override { host_.set_bus(nullptr); }

  [[nodiscard]] bool asleep() const override {
    control_.catch_up(clock_.now());
    return link_.idle() && !device_.busy() && !control_.model().watched() &&
           (!core_ || core_->resting());
  }
  [[nodiscard]] const sc_core::sc_event& progress() const override { return progress_; }
  /// Up to the next event; where only the tile works, at the pace below.
  [[nodiscard]] sc_core::sc_time horizon() const override {
    control_.catch_up(clock_.now());
    const uint64_t now = clock_.now(), until = std::max(now + 1, control_.stable_until());
    return clock_.time(std::min(until - now, kCyclesAPause));
  }
  /// A tile that works while its client thinks would be done in no time: the client would never see
  /// it busy. So simulated time passes then at about the pace of a Verilated board.
  [[nodiscard]] std::chrono::milliseconds spare_time() const override {
    const bool others_rest = link_.idle() && uart_.idle() && (!core_ || core_->resting());
    return device_.busy() && others_rest ? kPause : std::chrono::milliseconds(0);
  }
  [[nodiscard]] uint64_t cycle() const override { return clock_.now(); }
  [[nodiscard]] bool failed() const override { return !assertion_report().empty(); }

  [[nodiscard]] std::string assertion_report() const {
    return device_.assertion_report() + (core_ ? core_->assertion_report() : std::string());
  }
  [[nodiscard]] BoardReport report() const {
    BoardReport report;
    report.cycles = cycle();
    if (core_) report.core_clocked = core_->clocked();
    return report;
  }

 private:
  static constexpr std::chrono::milliseconds kPause{1};
  static constexpr uint64_t kCyclesAPause = 1000;

  void tell() { progress_.notify(); }

  IHostSide& host_;
  BoardClock clock_;
  ITlmDevice& device_;
  sc_core::sc_signal<bool> link_sel_{"link_sel"};
  TileDevice tile_;
  mutable Control control_;
  Memory memory_;
  BusRouter router_;
  LinkDevice link_;
  CardMaster card_;
  CharacterLine uart_;
  std::unique_ptr<Core> core_;
  Pump pump_;
  sc_core::sc_event progress_;
};

}  // namespace

BoardReport run_tlm_board(const spec::HardwareConfig& config, const BoardParts& parts,
                          IHostSide& host, const BoardOptions& options) {
  const BoardClock clock(board_hz(config, options));
  tlm::tlm_global_quantum::instance().set(
      clock.time(static_cast<uint64_t>(options.quantum_clocks)));
  TlmBoard board("board", config, parts.device, parts.memory, host, options);
  sc_core::sc_start();
  if (board.failed()) {
    throw Error(ErrorKind::kMismatch,
                fmt::format("an assertion of the RTL ({}) failed, a bug of the RTL:\n{}",
                            config.name, board.assertion_report()));
  }
  if (!host.stop_requested()) {
    throw Error(ErrorKind::kTimeout,
                fmt::format("the board ended after {} device cycles (limit {}): raise --max-cycles",
                            board.cycle(), options.max_cycles));
  }
  return board.report();
}

}  // namespace crucible::sim
