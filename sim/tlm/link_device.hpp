// The device's end of the host link on the board's bus: words or characters in, frames carried out
// in the time that rtl/link takes for them, words or characters out.
#pragma once

#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include <deque>
#include <systemc>

#include "host/link/frame_server.hpp"
#include "sim/systemc/fifo_target.hpp"
#include "sim/tlm/board_clock.hpp"
#include "sim/tlm/bus.hpp"
#include "sim/tlm/i_tlm_device.hpp"
#include "sim/tlm/word_receiver.hpp"

namespace crucible::sim {

class LinkDevice : public sc_core::sc_module, private IWordFifos, private models::IFrameTarget {
 public:
  tlm_utils::simple_target_socket<LinkDevice> stream{"stream"};  ///< FifoRegister
  tlm_utils::simple_initiator_socket<LinkDevice> bus{"bus"};
  sc_core::sc_in<bool> link_sel{"link_sel"};  ///< 1: the stream, 0: the UART

  LinkDevice(sc_core::sc_module_name name, const spec::HardwareConfig& config, ITlmDevice& device,
             const BoardClock& clock);

  /// A character that has arrived on the UART, and one without its stop bit. The device loses the
  /// character and counts that where too many wait.
  void receive(uint8_t character);
  void receive_damaged() { device_.note_error(spec::kErrorUartFrameMask); }
  /// The next character to send on the UART, if any.
  [[nodiscard]] std::optional<uint8_t> next_character();

  /// No frame is received, carried out or sent.
  [[nodiscard]] bool idle() const { return idle_ && in_.empty() && received_.empty(); }
  /// Notified when a response is there, and when the link has become idle.
  [[nodiscard]] const sc_core::sc_event& progress() const { return progress_; }

 private:
  /// A frame that pauses for so long is dropped.
  static constexpr uint64_t kPatience = uint64_t{1} << 20;

  void run();
  void on_link_sel();
  /// The next word of the stream, or of the characters that have arrived.
  [[nodiscard]] std::optional<uint32_t> next_word();
  /// Waits for a word; none comes where the patience with a frame ends.
  [[nodiscard]] std::optional<uint32_t> await_word();
  /// Waits on the UART until fewer responses are to be sent than the device keeps.
  void await_slot();
  void answer(const link::ReceivedFrame& frame);
  /// So many words of responses are sent.
  void sent(size_t words);
  /// Lets the cycles pass in which a frame's words are on the bus.
  void pass(uint64_t cycles) { wait(clock_.time(cycles)); }
  void b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
    access_fifos(*this, transaction, delay, clock_.period());
  }

  void push(std::span<const uint32_t> words) override;
  [[nodiscard]] size_t words_waiting() const override { return in_.size(); }
  [[nodiscard]] size_t words_received() const override { return out_.size(); }
  void pop(std::span<uint32_t> words) override;
  void clear() override;

  models::FrameResult read(uint32_t address, std::span<uint32_t> words) override;
  models::FrameResult write(uint32_t address, std::span<const uint32_t> words,
                            uint32_t step) override;
  models::FrameResult wait_idle(uint32_t cycles) override;
  [[nodiscard]] models::IErrorLog& errors() override { return device_; }

  ITlmDevice& device_;
  const BoardClock& clock_;
  sc_core::sc_time delay_;  ///< of accesses to the bus: the link does not run ahead
  BusInitiator initiator_;
  models::FrameAccess access_;
  link::FrameServer server_;
  WordReceiver receiver_;
  WordAligner aligner_;
  const size_t most_received_, kept_;
  std::deque<uint8_t> received_;      ///< characters that the link has not taken
  std::deque<uint32_t> in_, out_;     ///< in: the stream's
  std::deque<size_t> response_ends_;  ///< of responses, in words of `out_` from its front on
  std::deque<uint8_t> characters_;    ///< of the word that is being sent on the UART
  uint64_t flushes_ = 0;              ///< what was begun before the last one is not sent
  bool idle_ = true;
  sc_core::sc_event wake_, progress_, sent_;
};

}  // namespace crucible::sim
