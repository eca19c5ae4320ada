#include "sim/systemc/pump.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "models/error.hpp"

namespace crucible::sim {

Pump::Pump(sc_core::sc_module_name name, IHostSide& host, IBoardDevice& device, ISerialLine& uart,
           uint64_t max_cycles)
    : sc_module(name), host_(host), device_(device), uart_(uart), max_cycles_(max_cycles) {
  SC_HAS_PROCESS(Pump);
  SC_THREAD(run);
}

bool Pump::must_stop() const {
  return host_.stop_requested() || device_.failed() ||
         (max_cycles_ != 0 && device_.cycle() >= max_cycles_);
}

void Pump::run() {
  while (true) {
    host_.poll();
    if (must_stop()) break;
    const bool fast = host_.socket().connected();
    link_sel.write(fast);
    const bool moved = fast ? move_words() : move_characters();
    if (!device_.asleep() || !uart_.idle()) {
      if (const auto spare = device_.spare_time(); spare.count() > 0 && !moved) host_.wait(spare);
      wait(device_.horizon(), device_.progress());
    } else if (link_sel.read() != fast) {
      wait(sc_core::SC_ZERO_TIME);  // until the device can see it
    } else if (!moved) {
      host_.wait(kLongestSleep);
    }
  }
  sc_core::sc_stop();
}

bool Pump::move_words() {
  IByteChannel& client = host_.socket();
  if (client.generation() !=
      generation_) {  // what the last client left unfinished is not the next one's
    generation_ = client.generation();
    partial_word_.clear();
    uint32_t any = 0;
    transport(tlm::TLM_WRITE_COMMAND, FifoRegister::kClear, {&any, 1});
  }
  bool moved = false;
  if (std::vector<uint32_t> words(fifo_count(FifoRegister::kReceived)); !words.empty()) {
    transport(tlm::TLM_READ_COMMAND, FifoRegister::kData, words);
    std::vector<uint8_t> bytes(words.size() * sizeof(uint32_t));
    std::memcpy(bytes.data(), words.data(), bytes.size());
    client.send(bytes);
    moved = true;
  }
  const size_t waiting = fifo_count(FifoRegister::kWaiting);
  if (client.has_input() && waiting < kWordsAhead) {
    const std::vector<uint8_t> bytes = client.take((kWordsAhead - waiting) * sizeof(uint32_t));
    partial_word_.insert(partial_word_.end(), bytes.begin(), bytes.end());
    std::vector<uint32_t> words(partial_word_.size() / sizeof(uint32_t));
    if (!words.empty()) {
      const size_t size = words.size() * sizeof(uint32_t);
      std::memcpy(words.data(), partial_word_.data(), size);
      partial_word_.erase(partial_word_.begin(),
                          partial_word_.begin() + static_cast<std::ptrdiff_t>(size));
      transport(tlm::TLM_WRITE_COMMAND, FifoRegister::kData, words);
    }
    moved = true;
  }
  return moved;
}

bool Pump::move_characters() {
  if (const uint32_t baud = host_.serial_baud(); baud > 0) uart_.set_baud(baud);
  IByteChannel& terminal = host_.serial();
  const std::vector<uint8_t> received = uart_.take();
  if (!received.empty()) terminal.send(received);
  const size_t waiting = uart_.bytes_waiting();
  if (!terminal.has_input() || waiting >= kBytesAhead) return !received.empty();
  uart_.send(terminal.take(kBytesAhead - waiting));
  return true;
}

uint32_t Pump::fifo_count(FifoRegister which) {
  uint32_t count = 0;
  transport(tlm::TLM_READ_COMMAND, which, {&count, 1});
  return count;
}

void Pump::transport(tlm::tlm_command command, FifoRegister address, std::span<uint32_t> words) {
  tlm::tlm_generic_payload transaction;
  transaction.set_command(command);
  transaction.set_address(static_cast<uint64_t>(address));
  transaction.set_data_ptr(reinterpret_cast<unsigned char*>(words.data()));
  transaction.set_data_length(static_cast<unsigned>(words.size_bytes()));
  transaction.set_streaming_width(static_cast<unsigned>(words.size_bytes()));
  // Loosely timed: the words' time passes in the device's own clocks.
  sc_core::sc_time delay = sc_core::SC_ZERO_TIME;
  stream->b_transport(transaction, delay);
  if (transaction.is_response_error()) {
    throw Error(ErrorKind::kInternal,
                fmt::format("board: {} of {} words at 0x{:x} failed: {}",
                            command == tlm::TLM_READ_COMMAND ? "read" : "write", words.size(),
                            static_cast<uint64_t>(address), transaction.get_response_string()));
  }
}

}  // namespace crucible::sim
