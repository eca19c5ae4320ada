#include "models/device/identity_registers.hpp"

namespace crucible::models {

std::optional<uint32_t> identity_register(const spec::HardwareConfig& config, uint32_t address) {
  const auto field = [](int value, uint32_t lsb) { return static_cast<uint32_t>(value) << lsb; };
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
      return config.hash;
    case spec::kRegGeomArray:
      return field(config.rows, spec::kGeomArrayRowsLsb) |
             field(config.cols, spec::kGeomArrayColsLsb);
    case spec::kRegGeomBanks:
      return field(config.banks, spec::kGeomBanksBanksLsb) |
             field(config.in_bits, spec::kGeomBanksInBitsLsb) |
             field(config.cell_bits, spec::kGeomBanksCellBitsLsb) |
             field(config.slices, spec::kGeomBanksSlicesLsb) |
             field(config.offset_bits, spec::kGeomBanksOffsetBitsLsb);
    case spec::kRegBuffers:
      return field(config.in_words, spec::kBuffersInWordsLsb) |
             field(config.out_words, spec::kBuffersOutWordsLsb);
    case spec::kRegLinkInfo:
      return field(config.kept, spec::kLinkInfoKeptLsb) |
             field(config.max_payload, spec::kLinkInfoMaxPayloadLsb);
    case spec::kRegFeatures:
      return field(config.effects, spec::kFeaturesEffectsLsb) |
             field(config.controller, spec::kFeaturesControllerLsb);
    default:
      return std::nullopt;
  }
}

}  // namespace crucible::models
