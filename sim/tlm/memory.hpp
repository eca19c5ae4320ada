// Board memory as a TLM-2.0 target, with a direct pointer for whoever asks.
#pragma once

#include <tlm_utils/simple_target_socket.h>

#include <systemc>

#include "models/device/board_memory.hpp"
#include "sim/tlm/bus.hpp"

namespace crucible::sim {

class Memory : public sc_core::sc_module {
 public:
  tlm_utils::simple_target_socket<Memory> bus{"bus"};

  /// Without a word in it, every access is refused.
  Memory(sc_core::sc_module_name name, models::BoardMemory& memory)
      : sc_module(name), memory_(memory) {
    bus.register_b_transport(this, &Memory::b_transport);
    bus.register_get_direct_mem_ptr(this, &Memory::get_direct_mem_ptr);
  }

 private:
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time&) {
    serve_burst(memory_, transaction);
    transaction.set_dmi_allowed(!memory_.words().empty());
  }

  /// The pointer holds for good; an access through it takes no time of its own.
  bool get_direct_mem_ptr(tlm::tlm_generic_payload&, tlm::tlm_dmi& dmi) {
    const std::span<uint32_t> words = memory_.words();
    if (words.empty()) return false;
    dmi.set_dmi_ptr(reinterpret_cast<unsigned char*>(words.data()));
    dmi.set_start_address(spec::kWindowMemory);
    dmi.set_end_address(spec::kWindowMemory + words.size_bytes() - 1);
    dmi.allow_read_write();
    return true;
  }

  models::BoardMemory& memory_;
};

}  // namespace crucible::sim
