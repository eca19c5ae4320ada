// Registers, windows and tile as a TLM-2.0 target.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <systemc>

#include "sim/tlm/board_clock.hpp"
#include "sim/tlm/bus.hpp"
#include "sim/tlm/i_tlm_device.hpp"

namespace crucible::sim {

class TileDevice : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<TileDevice> bus{"bus"};

  TileDevice(sc_core::sc_module_name name, ITlmDevice& device, const BoardClock& clock)
      : sc_module(name), device_(device), clock_(clock) {
    bus.register_b_transport(this, &TileDevice::b_transport);
  }

 private:
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
    device_.catch_up(clock_.now(delay));
    serve_burst(device_, transaction);
  }

  ITlmDevice& device_;
  const BoardClock& clock_;
};

}  // namespace crucible::sim
