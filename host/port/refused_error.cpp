#include "host/port/refused_error.hpp"

#include <fmt/format.h>

#include "host/link/frame.hpp"
#include "host/port/refused_value.hpp"
#include "spec/gen/crucible_map.hpp"

namespace crucible::port {

namespace {

std::string describe_detail(const RefusedFrame& frame) {
  switch (frame.status) {
    case spec::Status::kBadAddress:
    case spec::Status::kBadValue:
    case spec::Status::kBusy:
    case spec::Status::kAccess:
      if (frame.op == spec::Op::kWriteFixed && frame.address == spec::kRegCellPoke &&
          frame.status == spec::Status::kBadValue) {
        return fmt::format(" by the poke 0x{:08x} (cell {}, offset {})", frame.detail,
                           frame.detail >> 8, static_cast<int8_t>(frame.detail & 0xFF));
      }
      return fmt::format(" at {}", describe_address(frame.detail));
    default:
      return "";
  }
}

/// What is wrong, and what to do.
std::string describe_reason(const RefusedFrame& frame) {
  if (frame.status == spec::Status::kBadValue && frame.word) {
    const std::string fault = describe_value(frame.detail, *frame.word);
    if (!fault.empty()) return fault + "; see docs/register_map.md";
  }
  return std::string(link::status_hint(frame.status));
}

std::string describe_progress(const RefusedFrame& frame) {
  if (frame.op != spec::Op::kWrite && frame.op != spec::Op::kWriteFixed) return "";
  std::string text = "; nothing of this frame was written";
  if (frame.step_words > frame.words) {
    text += fmt::format(" (of the burst's {} words, the first {} are written)", frame.step_words,
                        frame.words_done);
  }
  return text;
}

std::string describe_refusal(const std::string& device, const RefusedFrame& frame) {
  const std::string what =
      frame.op == spec::Op::kWaitIdle
          ? fmt::format("{} of {} cycles", spec::op_name(frame.op), frame.address)
          : fmt::format("{} of {} words at {}", spec::op_name(frame.op), frame.words,
                        describe_address(frame.address));
  std::string text = fmt::format("{}: the device refused {}: {}{}: {}{}", device, what,
                                 spec::status_name(frame.status), describe_detail(frame),
                                 describe_reason(frame), describe_progress(frame));
  if (frame.later_done > 0) {
    text += fmt::format("; {} later frame{} already under way, carried out by the device",
                        frame.later_done, frame.later_done == 1 ? " was" : "s were");
  }
  return text;
}

}  // namespace

std::string describe_address(uint32_t address) {
  if (const spec::RegisterInfo* known = spec::find_register(address))
    return fmt::format("0x{:08x} ({})", address, known->name);
  if (const spec::WindowInfo* window = spec::find_window(address)) {
    return fmt::format("0x{:08x} ({} word {})", address, window->name,
                       (address - window->address) / 4);
  }
  return fmt::format("0x{:08x}", address);
}

std::optional<uint32_t> refused_word(spec::Op op, uint32_t address,
                                     std::span<const uint32_t> payload, uint32_t detail) {
  if (op == spec::Op::kWriteFixed && payload.size() == 1) return payload[0];
  if (op != spec::Op::kWrite || detail < address || (detail - address) / 4 >= payload.size())
    return std::nullopt;
  return payload[(detail - address) / 4];
}

RefusedError::RefusedError(const std::string& device, const RefusedFrame& frame)
    : Error(frame.status == spec::Status::kTimeout ? ErrorKind::kTimeout : ErrorKind::kDevice,
            describe_refusal(device, frame)),
      frame_(frame) {}

}  // namespace crucible::port
