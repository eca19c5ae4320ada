// The register block of the in-process device: what reads give and what writes do, once they are
// checked.
#include "host/port/device_model.hpp"

namespace crucible::port {

uint32_t DeviceModel::read_register(uint32_t address) {
  const auto pack = [](int value, uint32_t lsb) { return static_cast<uint32_t>(value) << lsb; };
  switch (address) {
    case spec::kRegMagic:
      return spec::kMagicValue;
    case spec::kRegVersion:
      return spec::kMapMinor << spec::kVersionMapMinorLsb |
             spec::kMapMajor << spec::kVersionMapMajorLsb |
             spec::kProtocolVersion << spec::kVersionProtocolLsb;
    case spec::kRegMapHash:
      return spec::kMapHash;
    case spec::kRegConfigHash:
      return config_.hash;
    case spec::kRegGeomArray:
      return pack(config_.rows, spec::kGeomArrayRowsLsb) |
             pack(config_.cols, spec::kGeomArrayColsLsb);
    case spec::kRegGeomBanks:
      return pack(config_.banks, spec::kGeomBanksBanksLsb) |
             pack(config_.in_bits, spec::kGeomBanksInBitsLsb) |
             pack(config_.cell_bits, spec::kGeomBanksCellBitsLsb) |
             pack(config_.slices, spec::kGeomBanksSlicesLsb) |
             pack(config_.offset_bits, spec::kGeomBanksOffsetBitsLsb);
    case spec::kRegBuffers:
      return pack(config_.in_words, spec::kBuffersInWordsLsb) |
             pack(config_.out_words, spec::kBuffersOutWordsLsb);
    case spec::kRegLinkInfo:
      return pack(config_.kept, spec::kLinkInfoKeptLsb) |
             pack(config_.max_payload, spec::kLinkInfoMaxPayloadLsb);
    case spec::kRegScratch:
      return scratch_;
    case spec::kRegStatus:
      return busy() ? spec::kStatusBusyMask : 0;
    case spec::kRegError:
      return error_;
    case spec::kRegErrorAddr:
      return error_addr_;
    case spec::kRegInject:
      return inject_;
    case spec::kRegBase:
      return base_;
    case spec::kRegAdc:
      return adc_;
    case spec::kRegCyclesLo:
      cycles_hi_ = static_cast<uint32_t>(cycles_ >> 32);
      return static_cast<uint32_t>(cycles_);
    case spec::kRegCyclesHi:
      return cycles_hi_;
    case spec::kRegProducts:
      return products_;
    case spec::kRegSaturations:
      return saturations_;
    case spec::kRegBusyCycles:
      return busy_cycles_;
    default:
      return jobs_[(address - spec::kRegJobBank) / 4];
  }
}

void DeviceModel::write_register(uint32_t address, uint32_t word) {
  switch (address) {
    case spec::kRegScratch:
      scratch_ = word;
      break;
    case spec::kRegError:
      error_ &= ~word;
      error_addr_taken_ = error_addr_taken_ && error_ != 0;
      break;
    case spec::kRegCtrl:
      if ((word & spec::kCtrlClearCountersMask) != 0) products_ = saturations_ = busy_cycles_ = 0;
      break;
    case spec::kRegInject:
      inject_ = word;
      break;
    case spec::kRegBase:
      base_ = word;
      break;
    case spec::kRegAdc:
      adc_ = word;
      break;
    case spec::kRegJobStart:
      if ((word & spec::kJobStartStartMask) != 0) start_job();
      break;
    case spec::kRegCellPoke:
      memory_.poke(word);
      break;
    default:
      jobs_[(address - spec::kRegJobBank) / 4] = word;
      break;
  }
}

}  // namespace crucible::port
