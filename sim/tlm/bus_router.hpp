// One address map for all initiators: leads a transaction to the target of its address.
#pragma once

#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>

#include <systemc>

#include "models/device/i_bus_target.hpp"

namespace crucible::sim {

class BusRouter : public sc_core::sc_module {
 public:
  tlm_utils::multi_passthrough_target_socket<BusRouter> masters{"masters"};
  tlm_utils::simple_initiator_socket<BusRouter> device{"device"};
  tlm_utils::simple_initiator_socket<BusRouter> control{"control"};
  tlm_utils::simple_initiator_socket<BusRouter> memory{"memory"};

  explicit BusRouter(sc_core::sc_module_name name) : sc_module(name) {
    masters.register_b_transport(this, &BusRouter::b_transport);
    masters.register_get_direct_mem_ptr(this, &BusRouter::get_direct_mem_ptr);
  }

 private:
  using Slave = tlm_utils::simple_initiator_socket<BusRouter>;

  Slave& slave(const tlm::tlm_generic_payload& transaction) {
    switch (models::slave_at(static_cast<uint32_t>(transaction.get_address()))) {
      case models::BusSlave::kControl:
        return control;
      case models::BusSlave::kMemory:
        return memory;
      default:
        return device;
    }
  }
  void b_transport(int, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
    slave(transaction)->b_transport(transaction, delay);
  }
  bool get_direct_mem_ptr(int, tlm::tlm_generic_payload& transaction, tlm::tlm_dmi& dmi) {
    return slave(transaction)->get_direct_mem_ptr(transaction, dmi);
  }
};

}  // namespace crucible::sim
