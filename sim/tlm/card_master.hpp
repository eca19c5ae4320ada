// The board's bus for a PCIe card, as a TLM-2.0 initiator beside link and core.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <systemc>

#include "sim/systemc/i_board_bus.hpp"
#include "sim/tlm/bus.hpp"
#include "sim/tlm/control.hpp"

namespace crucible::sim {

/// Its accesses run in the process that lets the world act, at its time.
class CardMaster : public sc_core::sc_module, public IBoardBus {
 public:
  tlm_utils::simple_initiator_socket<CardMaster> bus{"bus"};

  CardMaster(sc_core::sc_module_name name, Control& control, const BoardClock& clock)
      : sc_module(name), control_(control), clock_(clock), initiator_(bus, delay_) {}

  models::BusResult read(uint32_t address, std::span<uint32_t> words) override {
    return initiator_.read(address, words);
  }
  models::BusResult write(uint32_t address, std::span<const uint32_t> words,
                          uint32_t step) override {
    return initiator_.write(address, words, step);
  }
  [[nodiscard]] bool attention() override {
    control_.catch_up(clock_.now());
    return control_.model().attention();
  }

 private:
  Control& control_;
  const BoardClock& clock_;
  sc_core::sc_time delay_;  ///< no target here takes any
  BusInitiator initiator_;
};

}  // namespace crucible::sim
