#include "tests/unit/firmware_board.hpp"

#include "models/error.hpp"

namespace crucible::board {

FirmwareBoard::FirmwareBoard(const spec::HardwareConfig& config) : model_(config) {}

void* FirmwareBoard::memory(uint32_t address) {
  const size_t offset = address - spec::kWindowMemory;
  if (address < spec::kWindowMemory || offset > 4 * model_.board_memory().size())
    throw Error(ErrorKind::kInternal, "firmware left the board memory");
  return reinterpret_cast<uint8_t*>(model_.board_memory().data()) + offset;
}

void FirmwareBoard::write(uint32_t address, std::span<const uint32_t> words) {
  model_.write(address, words);
  if (address == spec::kRegCoreCtrl) {
    const bool run = (words.front() & spec::kCoreCtrlRunMask) != 0;
    if (run && !running_) start();
    running_ = run;
  }
  if (address == spec::kRegDoorbell && running_) serve();
}

void FirmwareBoard::start() {
  const firmware::BusBinding binding(*this);
  fw_boot(&state_, kFreeFrom);
}

void FirmwareBoard::serve() {
  if (before_command && !before_command()) return;
  ++commands;
  const firmware::BusBinding binding(*this);
  fw_serve(&state_);
}

}  // namespace crucible::board
