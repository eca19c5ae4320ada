// Bursts of the board's bus as TLM-2.0 transactions. One generic payload is one burst, judged as a
// whole and done as a whole; a streaming width of a word writes every word to the same address.
#pragma once

#include <systemc>
#include <tlm>

#include "models/device/i_bus_target.hpp"

namespace crucible::sim {

/// Why a burst was refused, and at which word. May be left out: then the response status alone
/// says that it was.
class BusExtension : public tlm::tlm_extension<BusExtension> {
 public:
  models::BusResult result;

  [[nodiscard]] tlm_extension_base* clone() const override { return new BusExtension(*this); }
  void copy_from(const tlm_extension_base& other) override {
    result = static_cast<const BusExtension&>(other).result;
  }
};

/// The bus seen by an initiator: makes a transaction of every burst.
class BusInitiator final : public models::IBusTarget {
 public:
  /// `delay` is the initiator's local time beyond sc_time_stamp(): handed over with every
  /// transaction, and moved on by what it takes.
  BusInitiator(tlm::tlm_base_initiator_socket<>& socket, sc_core::sc_time& delay)
      : socket_(socket), delay_(delay) {}

  models::BusResult read(uint32_t address, std::span<uint32_t> words) override;
  models::BusResult write(uint32_t address, std::span<const uint32_t> words,
                          uint32_t step) override;

 private:
  models::BusResult transport(tlm::tlm_command command, uint32_t address, unsigned char* data,
                              size_t words, size_t streaming_width);

  tlm::tlm_base_initiator_socket<>& socket_;
  sc_core::sc_time& delay_;
};

/// The bus seen by a target: carries a transaction out and sets its status.
void serve_burst(models::IBusTarget& target, tlm::tlm_generic_payload& transaction);

}  // namespace crucible::sim
