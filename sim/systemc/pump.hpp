// Moves bytes between the outside world and the board: words over TLM-2.0 while a socket client is
// there, characters over the UART otherwise. When nothing moves and the device's clock stands
// still, it blocks and so does the whole simulation.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>

#include <string>
#include <systemc>
#include <vector>

#include "sim/systemc/fifo_registers.hpp"
#include "sim/systemc/i_board_device.hpp"
#include "sim/systemc/i_host_side.hpp"

namespace crucible::sim {

class Pump : public sc_core::sc_module {
 public:
  tlm_utils::simple_initiator_socket<Pump> stream{"stream"};
  sc_core::sc_out<bool> link_sel{"link_sel"};

  /// Stops the simulation when the world asks for it, when an assertion of the RTL fires, or after
  /// `max_cycles` (0: never).
  Pump(sc_core::sc_module_name name, IHostSide& host, IBoardDevice& device, ISerialLine& uart,
       uint64_t max_cycles);

 private:
  static constexpr std::chrono::milliseconds kLongestSleep{1000};
  static constexpr size_t kWordsAhead =
      16384;  ///< words queued in the device's FIFO before the client has to wait
  static constexpr size_t kBytesAhead = 256;  ///< characters queued at the UART

  void run();
  [[nodiscard]] bool must_stop() const;
  /// Each returns whether anything moved or still has to.
  bool move_words();
  bool move_characters();
  uint32_t fifo_count(FifoRegister which);
  void transport(tlm::tlm_command command, FifoRegister address, std::span<uint32_t> words);

  IHostSide& host_;
  IBoardDevice& device_;
  ISerialLine& uart_;
  const uint64_t max_cycles_;
  uint64_t generation_ = 0;
  std::vector<uint8_t> partial_word_;
};

}  // namespace crucible::sim
