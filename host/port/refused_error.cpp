#include "host/port/refused_error.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "host/link/frame.hpp"

namespace crucible::port {

namespace {

struct NamedRegister {
  uint32_t address;
  std::string_view name;
};
constexpr NamedRegister kRegisters[] = {
    {spec::kRegMagic, "MAGIC"},
    {spec::kRegVersion, "VERSION"},
    {spec::kRegMapHash, "MAP_HASH"},
    {spec::kRegConfigHash, "CONFIG_HASH"},
    {spec::kRegGeomArray, "GEOM_ARRAY"},
    {spec::kRegGeomBanks, "GEOM_BANKS"},
    {spec::kRegBuffers, "BUFFERS"},
    {spec::kRegLinkInfo, "LINK_INFO"},
    {spec::kRegScratch, "SCRATCH"},
    {spec::kRegStatus, "STATUS"},
    {spec::kRegError, "ERROR"},
    {spec::kRegErrorAddr, "ERROR_ADDR"},
    {spec::kRegCtrl, "CTRL"},
    {spec::kRegInject, "INJECT"},
    {spec::kRegBase, "BASE"},
    {spec::kRegAdc, "ADC"},
    {spec::kRegJobBank, "JOB_BANK"},
    {spec::kRegJobRows, "JOB_ROWS"},
    {spec::kRegJobCols, "JOB_COLS"},
    {spec::kRegJobCount, "JOB_COUNT"},
    {spec::kRegJobIn, "JOB_IN"},
    {spec::kRegJobStride, "JOB_STRIDE"},
    {spec::kRegJobOut, "JOB_OUT"},
    {spec::kRegJobStart, "JOB_START"},
    {spec::kRegCyclesLo, "CYCLES_LO"},
    {spec::kRegCyclesHi, "CYCLES_HI"},
    {spec::kRegProducts, "PRODUCTS"},
    {spec::kRegSaturations, "SATURATIONS"},
    {spec::kRegBusyCycles, "BUSY_CYCLES"},
    {spec::kRegCellPoke, "CELL_POKE"},
};

struct NamedWindow {
  uint32_t address, bytes;
  std::string_view name;
};
constexpr NamedWindow kWindows[] = {
    {spec::kWindowAdcOffset, spec::kWindowAdcOffsetBytes, "ADC_OFFSET"},
    {spec::kWindowInput, spec::kWindowInputBytes, "INPUT"},
    {spec::kWindowOutputLo, spec::kWindowOutputLoBytes, "OUTPUT_LO"},
    {spec::kWindowOutputHi, spec::kWindowOutputHiBytes, "OUTPUT_HI"},
    {spec::kWindowLevel, spec::kWindowLevelBytes, "LEVEL"},
    {spec::kWindowOffset, spec::kWindowOffsetBytes, "OFFSET"},
};

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
                                 link::status_hint(frame.status), describe_progress(frame));
  if (frame.later_done > 0) {
    text += fmt::format("; {} later frame{} already under way, carried out by the device",
                        frame.later_done, frame.later_done == 1 ? " was" : "s were");
  }
  return text;
}

}  // namespace

std::string describe_address(uint32_t address) {
  for (const NamedRegister& known : kRegisters) {
    if (known.address == address) return fmt::format("0x{:08x} ({})", address, known.name);
  }
  for (const NamedWindow& window : kWindows) {
    if (address >= window.address && address - window.address < window.bytes) {
      return fmt::format("0x{:08x} ({} word {})", address, window.name,
                         (address - window.address) / 4);
    }
  }
  return fmt::format("0x{:08x}", address);
}

RefusedError::RefusedError(const std::string& device, const RefusedFrame& frame)
    : Error(frame.status == spec::Status::kTimeout ? ErrorKind::kTimeout : ErrorKind::kDevice,
            describe_refusal(device, frame)),
      frame_(frame) {}

}  // namespace crucible::port
