#include "sim/tlm/bus.hpp"

namespace crucible::sim {

namespace {
constexpr unsigned kWord = sizeof(uint32_t);
}

models::BusResult BusInitiator::read(uint32_t address, std::span<uint32_t> words) {
  return transport(tlm::TLM_READ_COMMAND, address, reinterpret_cast<unsigned char*>(words.data()),
                   words.size(), words.size_bytes());
}

models::BusResult BusInitiator::write(uint32_t address, std::span<const uint32_t> words,
                                      uint32_t step) {
  // The payload's pointer is not const; a target does not write through it on a write.
  auto* const data = reinterpret_cast<unsigned char*>(const_cast<uint32_t*>(words.data()));
  return transport(tlm::TLM_WRITE_COMMAND, address, data, words.size(),
                   step == 0 ? kWord : words.size_bytes());
}

models::BusResult BusInitiator::transport(tlm::tlm_command command, uint32_t address,
                                          unsigned char* data, size_t words,
                                          size_t streaming_width) {
  tlm::tlm_generic_payload transaction;
  BusExtension extension;
  transaction.set_command(command);
  transaction.set_address(address);
  transaction.set_data_ptr(data);
  transaction.set_data_length(static_cast<unsigned>(words * kWord));
  transaction.set_streaming_width(static_cast<unsigned>(streaming_width));
  transaction.set_extension(&extension);
  socket_->b_transport(transaction, delay_);
  transaction.clear_extension(&extension);
  return extension.result;
}

void serve_burst(models::IBusTarget& target, tlm::tlm_generic_payload& transaction) {
  const unsigned length = transaction.get_data_length();
  const bool fixed = transaction.get_streaming_width() == kWord;
  if (transaction.get_byte_enable_ptr() != nullptr) {
    transaction.set_response_status(tlm::TLM_BYTE_ENABLE_ERROR_RESPONSE);
    return;
  }
  if (length == 0 || length % kWord != 0 ||
      (transaction.get_streaming_width() < length && !(fixed && transaction.is_write()))) {
    transaction.set_response_status(tlm::TLM_BURST_ERROR_RESPONSE);
    return;
  }
  const auto address = static_cast<uint32_t>(transaction.get_address());
  const std::span words(reinterpret_cast<uint32_t*>(transaction.get_data_ptr()), length / kWord);
  const models::BusResult result = transaction.is_read()
                                       ? target.read(address, words)
                                       : target.write(address, words, fixed ? 0 : kWord);
  if (auto* extension = transaction.get_extension<BusExtension>()) extension->result = result;
  switch (result.status) {
    case spec::Status::kOk:
      transaction.set_response_status(tlm::TLM_OK_RESPONSE);
      break;
    case spec::Status::kBadAddress:
      transaction.set_response_status(tlm::TLM_ADDRESS_ERROR_RESPONSE);
      break;
    default:
      transaction.set_response_status(tlm::TLM_GENERIC_ERROR_RESPONSE);
      break;
  }
}

}  // namespace crucible::sim
