#include "models/device/register_rules.hpp"

namespace crucible::models {

using spec::Status;

const spec::RegisterInfo* existing_register(uint32_t address, const spec::HardwareConfig& config) {
  const spec::RegisterInfo* found = spec::find_register(address);
  return found == nullptr || !has(config, found->needs) ? nullptr : found;
}

bool refused_while_busy(uint32_t address) {
  return (address >= spec::kRegInject && address <= spec::kRegJobStart) ||
         (address >= spec::kRegJobRead && address <= spec::kRegGenStart) ||
         (address >= spec::kRegSelftest && address <= spec::kRegSelftestRamp) ||
         (address >= spec::kRegEngineNetwork && address <= spec::kRegEngineStart) ||
         (address >= spec::kRegisterSpace && address < spec::kWindowMemory);
}

bool legal_register_value(const spec::RegisterInfo& at, uint32_t word) {
  if (at.one_to_clear) return true;
  uint32_t fields = 0;
  for (const spec::FieldInfo& part : at.fields) {
    const uint32_t value = field(word, part.mask, part.lsb);
    if (value < part.minimum || value > part.maximum) return false;
    fields |= part.mask;
  }
  if ((word & ~fields) != 0) return false;
  return at.address != spec::kRegGenStuck ||
         field(word, spec::kGenStuckOffMask, spec::kGenStuckOffLsb) +
                 field(word, spec::kGenStuckOnMask, spec::kGenStuckOnLsb) <=
             0xFFFF;
}

uint32_t error_bit(Status status) {
  switch (status) {
    case Status::kBadOp:
    case Status::kBadLength:
      return spec::kErrorBadOpMask;
    case Status::kBadAddress:
      return spec::kErrorBadAddressMask;
    case Status::kBadValue:
      return spec::kErrorBadValueMask;
    case Status::kBusy:
      return spec::kErrorBusyMask;
    case Status::kBadSession:
    case Status::kBadSequence:
      return spec::kErrorSequenceMask;
    case Status::kPayloadCrc:
      return spec::kErrorPcrcMask;
    case Status::kTimeout:
      return spec::kErrorTimeoutMask;
    case Status::kAccess:
      return spec::kErrorAccessMask;
    default:
      return 0;
  }
}

}  // namespace crucible::models
