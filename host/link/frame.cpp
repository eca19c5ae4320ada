#include "host/link/frame.hpp"

#include <fmt/format.h>

#include <span>

#include "host/link/crc32.hpp"
#include "models/error.hpp"

namespace crucible::link {

namespace {

void put_word(uint32_t word, std::vector<uint8_t>& bytes) {
  for (int i = 0; i < 4; ++i) bytes.push_back(static_cast<uint8_t>(word >> (8 * i)));
}

void put_crc(size_t from, std::vector<uint8_t>& bytes) {
  put_word(crc32(std::span(bytes).subspan(from)), bytes);
}

}  // namespace

std::string_view status_hint(Status status) {
  switch (status) {
    case Status::kOk:
      return "done";
    case Status::kBadOp:
      return "the device does not know this op; compare protocol versions with `crucible info`";
    case Status::kBadAddress:
      return "nothing is there; compare address and size with docs/register_map.md and the "
             "device's geometry";
    case Status::kBadValue:
      return "the value is outside its legal range; see docs/register_map.md";
    case Status::kBusy:
      return "the device is running a job, a generation or a self-test; wait until it is idle";
    case Status::kBadLength:
      return "the frame is empty or longer than LINK_INFO.max_payload";
    case Status::kTimeout:
      return "the tile was still busy after this many clock cycles; give it more, or make the job "
             "smaller";
    case Status::kBadSession:
      return "another program has started a session with this device; close it, or open the device "
             "again";
    case Status::kBadSequence:
      return "the device lost count of the frames (was it reset?); open it again";
    case Status::kPayloadCrc:
      return "the payload arrived damaged; check cable, baud rate and flow control";
    case Status::kAccess:
      return "it is read-only or write-only; see docs/register_map.md";
  }
  return "a status that this host does not know; compare protocol versions with `crucible info`";
}

bool carries_payload(uint8_t op, uint16_t length) {
  if (length == 0) return false;
  if ((op & kResponseBit) != 0) return true;
  return op == static_cast<uint8_t>(Op::kWrite) || op == static_cast<uint8_t>(Op::kWriteFixed);
}

size_t encoded_size(uint8_t op, uint16_t length) {
  return kHeaderBytes + (carries_payload(op, length) ? 4 * (size_t{length} + 1) : 0);
}

void encode(const Frame& frame, std::vector<uint8_t>& bytes) {
  const bool payload = carries_payload(frame.op, frame.length);
  if (frame.payload.size() != (payload ? frame.length : 0)) {
    throw Error(ErrorKind::kInternal,
                fmt::format("frame with op {} and length {} has a payload of {} words", frame.op,
                            frame.length, frame.payload.size()));
  }
  put_word(spec::kPreamble, bytes);
  const size_t header = bytes.size();
  put_word(frame.op | uint32_t{frame.status} << 8 | uint32_t{frame.length} << 16, bytes);
  put_word(frame.sequence | uint32_t{frame.session} << 16, bytes);
  put_word(frame.address, bytes);
  put_crc(header, bytes);
  if (!payload) return;
  const size_t first = bytes.size();
  for (const uint32_t word : frame.payload) put_word(word, bytes);
  put_crc(first, bytes);
}

}  // namespace crucible::link
