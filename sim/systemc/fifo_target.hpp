// The FIFO registers behind a TLM-2.0 socket, for whoever has the words.
#pragma once

#include <cstdint>
#include <span>
#include <systemc>
#include <tlm>

#include "sim/systemc/fifo_registers.hpp"

namespace crucible::sim {

/// The two ends of a stream of words.
class IWordFifos {
 public:
  virtual ~IWordFifos() = default;
  /// Words towards the device.
  virtual void push(std::span<const uint32_t> words) = 0;
  [[nodiscard]] virtual size_t words_waiting() const = 0;
  [[nodiscard]] virtual size_t words_received() const = 0;
  /// Takes as many words as there is room for; there are as many.
  virtual void pop(std::span<uint32_t> words) = 0;
  virtual void clear() = 0;
};

/// Carries a transaction out. `word_time` passes for every word.
void access_fifos(IWordFifos& fifos, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay,
                  const sc_core::sc_time& word_time);

}  // namespace crucible::sim
