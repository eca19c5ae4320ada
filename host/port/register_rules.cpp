#include "host/port/register_rules.hpp"

namespace crucible::port {

using spec::Status;

Access register_access(uint32_t address) {
  switch (address) {
    case spec::kRegScratch:
    case spec::kRegError:
    case spec::kRegInject:
    case spec::kRegBase:
    case spec::kRegAdc:
      return Access::kReadWrite;
    case spec::kRegCtrl:
    case spec::kRegJobStart:
    case spec::kRegCellPoke:
      return Access::kWriteOnly;
    case spec::kRegMagic:
    case spec::kRegVersion:
    case spec::kRegMapHash:
    case spec::kRegConfigHash:
    case spec::kRegGeomArray:
    case spec::kRegGeomBanks:
    case spec::kRegBuffers:
    case spec::kRegLinkInfo:
    case spec::kRegStatus:
    case spec::kRegErrorAddr:
    case spec::kRegCyclesLo:
    case spec::kRegCyclesHi:
    case spec::kRegProducts:
    case spec::kRegSaturations:
    case spec::kRegBusyCycles:
      return Access::kReadOnly;
    default:
      return address >= spec::kRegJobBank && address <= spec::kRegJobOut ? Access::kReadWrite
                                                                         : Access::kNone;
  }
}

bool refused_while_busy(uint32_t address) {
  return (address >= spec::kRegInject && address <= spec::kRegJobStart) ||
         address == spec::kRegCellPoke || address > kLastRegister;
}

bool legal_register_value(uint32_t address, uint32_t word) {
  switch (address) {
    case spec::kRegCtrl:
      return (word & ~spec::kCtrlClearCountersMask) == 0;
    case spec::kRegJobStart:
      return (word & ~spec::kJobStartStartMask) == 0;
    case spec::kRegInject: {
      const uint32_t lsb_exp = field(word, spec::kInjectLsbExpMask, spec::kInjectLsbExpLsb);
      return (word & ~(spec::kInjectEnableMask | spec::kInjectLsbExpMask)) == 0 &&
             lsb_exp >= spec::kInjectLsbExpMin && lsb_exp <= spec::kInjectLsbExpMax;
    }
    case spec::kRegBase:
      return (word & ~spec::kBaseBaseMask) == 0;
    case spec::kRegAdc: {
      const uint32_t bits = field(word, spec::kAdcBitsMask, spec::kAdcBitsLsb);
      const uint32_t shift = field(word, spec::kAdcShiftMask, spec::kAdcShiftLsb);
      return (word & ~(spec::kAdcShiftMask | spec::kAdcBitsMask | spec::kAdcTransparentMask)) ==
                 0 &&
             shift <= spec::kAdcShiftMax && bits >= spec::kAdcBitsMin && bits <= spec::kAdcBitsMax;
    }
    case spec::kRegScratch:
    case spec::kRegError:
      return true;
    default:
      return word <= 0xFFFF;  // the JOB registers
  }
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

}  // namespace crucible::port
