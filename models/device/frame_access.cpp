#include "models/device/frame_access.hpp"

#include "models/device/register_rules.hpp"

namespace crucible::models {

using spec::Status;

FrameResult FrameAccess::refuse(Status status) {
  errors_.note_error(error_bit(status));
  return {status, 0};
}

FrameResult FrameAccess::refuse_word(Status status, uint32_t detail) {
  errors_.note_refusal(error_bit(status), detail);
  return {status, detail};
}

FrameResult FrameAccess::read(uint32_t address, std::span<uint32_t> words) {
  if (words.empty() || words.size() > max_payload_) return refuse(Status::kBadLength);
  const BusResult result = bus_.read(address, words);
  if (result.status == Status::kOk) return {};
  return refuse_word(result.status, address + static_cast<uint32_t>(4 * result.index));
}

FrameResult FrameAccess::write(uint32_t address, std::span<const uint32_t> words, uint32_t step) {
  if (words.empty() || words.size() > max_payload_) return refuse(Status::kBadLength);
  const BusResult result = bus_.write(address, words, step);
  if (result.status == Status::kOk) return {};
  const uint32_t at = address + static_cast<uint32_t>(result.index) * step;
  const bool poke = result.status == Status::kBadValue && at == spec::kRegCellPoke;
  return refuse_word(result.status, poke ? words[result.index] : at);
}

}  // namespace crucible::models
