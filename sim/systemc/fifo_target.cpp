#include "sim/systemc/fifo_target.hpp"

#include <cstring>
#include <vector>

namespace crucible::sim {

void access_fifos(IWordFifos& fifos, tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay,
                  const sc_core::sc_time& word_time) {
  constexpr unsigned kWord = sizeof(uint32_t);
  const unsigned length = transaction.get_data_length();
  unsigned char* const data = transaction.get_data_ptr();
  if (length == 0 || length % kWord != 0 || transaction.get_byte_enable_ptr() != nullptr) {
    transaction.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return;
  }
  const auto address = static_cast<FifoRegister>(transaction.get_address());
  const unsigned words = length / kWord;
  transaction.set_response_status(tlm::TLM_OK_RESPONSE);
  if (transaction.is_write() && address == FifoRegister::kData) {
    std::vector<uint32_t> values(words);
    std::memcpy(values.data(), data, length);
    fifos.push(values);
  } else if (transaction.is_write() && address == FifoRegister::kClear && words == 1) {
    fifos.clear();
  } else if (transaction.is_read() && address == FifoRegister::kData &&
             words <= fifos.words_received()) {
    std::vector<uint32_t> values(words);
    fifos.pop(values);
    std::memcpy(data, values.data(), length);
  } else if (transaction.is_read() && words == 1 &&
             (address == FifoRegister::kReceived || address == FifoRegister::kWaiting)) {
    const auto count = static_cast<uint32_t>(
        address == FifoRegister::kReceived ? fifos.words_received() : fifos.words_waiting());
    std::memcpy(data, &count, kWord);
  } else {
    transaction.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
  }
  delay += words * word_time;
}

}  // namespace crucible::sim
