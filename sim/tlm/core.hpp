// The board's core as a TLM-2.0 initiator: PicoRV32 under Verilator, ahead of the rest of the board
// by at most a quantum.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/tlm_quantumkeeper.h>

#include <systemc>

#include "sim/tlm/board_clock.hpp"
#include "sim/tlm/bus.hpp"
#include "sim/tlm/control.hpp"
#include "sim/verilated/i_core.hpp"

namespace crucible::sim {

/// Fetches, loads and stores in board memory go through a DMI pointer. It never runs past the next
/// cycle in which its interrupt lines can change by themselves, and its clock stands still while it
/// waits for one.
class Core : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<Core> bus{"bus"};

  Core(sc_core::sc_module_name name, const spec::HardwareConfig& config, Control& control,
       const BoardClock& clock, bool assertions);

  /// Cycles in which its clock ran.
  [[nodiscard]] uint64_t clocked() const { return clocked_; }
  /// It waits for somebody else, who has not stirred, and is not ahead of the rest of the board.
  [[nodiscard]] bool resting() const { return resting_ && control_.changes() == changes_; }
  /// Notified whenever it has let the rest of the board catch up.
  [[nodiscard]] const sc_core::sc_event& progress() const { return progress_; }
  [[nodiscard]] std::string assertion_report() const {
    return core_ ? core_->assertion_report() : std::string();
  }

 private:
  void run();
  [[nodiscard]] std::span<uint32_t> direct_memory();
  /// Runs the core up to the next cycle in which something may change, or its next access.
  void step();
  /// Lets time pass to the next cycle in which something may change.
  void rest();
  void wait_for_change();
  void sync();
  [[nodiscard]] uint64_t now() const { return clock_.now(keeper_.get_local_time()); }

  const spec::HardwareConfig& config_;
  Control& control_;
  const BoardClock& clock_;
  const bool assertions_;
  tlm_utils::tlm_quantumkeeper keeper_;
  sc_core::sc_time delay_;  ///< local time of the access under way
  BusInitiator initiator_;
  std::unique_ptr<ICore> core_;
  uint64_t starts_ = 0, clocked_ = 0;
  uint64_t changes_ = 0;  ///< of CONTROL, seen before the last rest
  bool waiting_ = false, resting_ = false;
  sc_core::sc_event progress_;
};

}  // namespace crucible::sim
