#include "host/driver/identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::driver {

namespace {

[[noreturn]] void refuse(const port::IPort& port, const std::string& reason) {
  throw Error(ErrorKind::kDevice,
              fmt::format("{}: the device does not fit this host: {}", port.describe(), reason));
}

constexpr int field(uint32_t word, uint32_t mask, uint32_t lsb) {
  return static_cast<int>((word & mask) >> lsb);
}

/// Throws unless what the device has (word, number) is what a configuration or this host asks for.
void demand(const port::IPort& port, const char* what, int device, int host,
            const std::string& whose) {
  if (device == host) return;
  refuse(port,
         fmt::format(
             "{} is {} on the device and {} in {}; use the bitstream and the host of one version",
             what, device, host, whose));
}

void check_numbers(const port::IPort& port, const Identity& id) {
  const std::string host = "this host's numerics";
  demand(port, "in_bits", id.in_bits, 8, host);
  demand(port, "cell_bits", id.cell_bits, 2, host);
  demand(port, "slices", id.slices, 2, host);
  demand(port, "offset_bits", id.offset_bits, 8, host);
  const auto& [rows, cols, banks] = id.geometry;
  if (rows < 1 || cols < 4 || cols % 4 != 0 || banks < 1 || id.in_words < (rows + 3) / 4 ||
      id.out_words < cols / 4) {
    refuse(port, fmt::format("its geometry of {} rows, {} columns, {} banks, {} input and {} "
                             "output words is impossible",
                             rows, cols, banks, id.in_words, id.out_words));
  }
}

void check_config(const port::IPort& port, const Identity& id, const spec::HardwareConfig& config) {
  const std::string whose = fmt::format("configuration '{}', whose hash it has", config.name);
  demand(port, "rows", id.geometry.rows, config.rows, whose);
  demand(port, "cols", id.geometry.cols, config.cols, whose);
  demand(port, "banks", id.geometry.banks, config.banks, whose);
  demand(port, "in_words", id.in_words, config.in_words, whose);
  demand(port, "out_words", id.out_words, config.out_words, whose);
  demand(port, "kept", id.kept_responses, config.kept, whose);
  demand(port, "max_payload", id.max_payload, config.max_payload, whose);
  demand(port, "effects", id.effects ? 1 : 0, config.effects, whose);
  demand(port, "memory_bytes", id.memory_bytes, config.memory_bytes, whose);
}

}  // namespace

Identity read_identity(port::IPort& port) {
  Identity id;
  id.magic = port.read_word(spec::kRegMagic);
  if (id.magic != spec::kMagicValue) {
    refuse(
        port,
        fmt::format("MAGIC is 0x{:08x} on the device and 0x{:08x} here; is this a Crucible device?",
                    id.magic, spec::kMagicValue));
  }
  const uint32_t version = port.read_word(spec::kRegVersion);
  id.map_minor = field(version, spec::kVersionMapMinorMask, spec::kVersionMapMinorLsb);
  id.map_major = field(version, spec::kVersionMapMajorMask, spec::kVersionMapMajorLsb);
  id.protocol = field(version, spec::kVersionProtocolMask, spec::kVersionProtocolLsb);
  if (id.map_major != static_cast<int>(spec::kMapMajor) ||
      id.protocol != static_cast<int>(spec::kProtocolVersion)) {
    refuse(port, fmt::format("it has register map {}.{} and protocol {}, this host {}.{} and {}; "
                             "use the bitstream and the host of one version",
                             id.map_major, id.map_minor, id.protocol, spec::kMapMajor,
                             spec::kMapMinor, spec::kProtocolVersion));
  }
  std::array<uint32_t, 6> words{};
  port.read(spec::kRegMapHash, words);
  const auto [map_hash, config_hash, array, banks, buffers, link] = words;
  id.map_hash = map_hash;
  id.config_hash = config_hash;
  if (id.map_hash != spec::kMapHash) {
    refuse(port, fmt::format("the fingerprint of its register map is 0x{:08x}, this host's "
                             "0x{:08x} (map {}.{}); use the bitstream and the host of one version",
                             id.map_hash, spec::kMapHash, spec::kMapMajor, spec::kMapMinor));
  }
  id.geometry.rows = field(array, spec::kGeomArrayRowsMask, spec::kGeomArrayRowsLsb);
  id.geometry.cols = field(array, spec::kGeomArrayColsMask, spec::kGeomArrayColsLsb);
  id.geometry.banks = field(banks, spec::kGeomBanksBanksMask, spec::kGeomBanksBanksLsb);
  id.in_bits = field(banks, spec::kGeomBanksInBitsMask, spec::kGeomBanksInBitsLsb);
  id.cell_bits = field(banks, spec::kGeomBanksCellBitsMask, spec::kGeomBanksCellBitsLsb);
  id.slices = field(banks, spec::kGeomBanksSlicesMask, spec::kGeomBanksSlicesLsb);
  id.offset_bits = field(banks, spec::kGeomBanksOffsetBitsMask, spec::kGeomBanksOffsetBitsLsb);
  id.in_words = field(buffers, spec::kBuffersInWordsMask, spec::kBuffersInWordsLsb);
  id.out_words = field(buffers, spec::kBuffersOutWordsMask, spec::kBuffersOutWordsLsb);
  id.kept_responses = field(link, spec::kLinkInfoKeptMask, spec::kLinkInfoKeptLsb);
  id.max_payload = field(link, spec::kLinkInfoMaxPayloadMask, spec::kLinkInfoMaxPayloadLsb);
  const uint32_t features = port.read_word(spec::kRegFeatures);
  id.effects = (features & spec::kFeaturesEffectsMask) != 0;
  if ((features & spec::kFeaturesControllerMask) != 0)
    id.memory_bytes = static_cast<int>(port.read_word(spec::kRegMemoryInfo));
  check_numbers(port, id);
  const auto known = std::find_if(
      spec::kConfigs.begin(), spec::kConfigs.end(),
      [&](const spec::HardwareConfig& config) { return config.hash == id.config_hash; });
  if (known != spec::kConfigs.end()) {
    check_config(port, id, *known);
    id.config_name = known->name;
  }
  return id;
}

}  // namespace crucible::driver
