// The register block of the in-process device: what reads give and what writes do, once they are
// checked.
#include "models/device/device_model.hpp"
#include "models/device/identity_registers.hpp"

namespace crucible::models {

uint32_t DeviceModel::read_register(uint32_t address) {
  if (address >= spec::kRegEngineInfo) return engine_.read(address);
  if (const auto word = identity_register(config_, address)) return *word;
  switch (address) {
    case spec::kRegStatus:
      return busy() ? spec::kStatusBusyMask : 0;
    case spec::kRegError:
      return error_;
    case spec::kRegErrorAddr:
      return error_addr_;
    case spec::kRegCyclesLo:
      cycles_hi_ = static_cast<uint32_t>(cycles_ >> 32);
      return static_cast<uint32_t>(cycles_);
    case spec::kRegCyclesHi:
      return cycles_hi_;
    case spec::kRegProducts:
      return counts_.products;
    case spec::kRegSaturations:
      return counts_.saturations;
    case spec::kRegBusyCycles:
      return busy_cycles_;
    case spec::kRegClamps:
      return counts_.clamps;
    case spec::kRegReads:
      return counts_.reads;
    case spec::kRegPulses:
      return counts_.pulses;
    case spec::kRegUnverified:
      return counts_.unverified;
    default:
      return at(address);
  }
}

void DeviceModel::write_register(uint32_t address, uint32_t word) {
  if (address >= spec::kRegEngineInfo) {
    if (address == spec::kRegEngineStart && word != 0)
      start_engine();
    else
      engine_.write(address, word);
    return;
  }
  switch (address) {
    case spec::kRegError:
      error_ &= ~word;
      error_addr_taken_ = error_addr_taken_ && error_ != 0;
      break;
    case spec::kRegCtrl:
      if ((word & spec::kCtrlClearCountersMask) == 0) break;
      counts_ = {};
      busy_cycles_ = 0;
      break;
    case spec::kRegJobStart:
      if (word != 0) start_job();
      break;
    case spec::kRegGenStart:
      generate((word & spec::kGenStartOffsetsMask) != 0, (word & spec::kGenStartStuckMask) != 0);
      break;
    case spec::kRegSelftest:
      self_test((word & spec::kSelftestMarchMask) != 0, (word & spec::kSelftestRampMask) != 0);
      break;
    case spec::kRegCellPoke:
      memory_.poke(word);
      break;
    default:
      at(address) = word;
      break;
  }
}

}  // namespace crucible::models
