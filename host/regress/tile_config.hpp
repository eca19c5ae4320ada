// A user's tile as its YAML describes it (schema crucible.tile/1). docs/tile_contract.md explains
// every key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/tile/tile_contract.hpp"

namespace crucible::regress {

struct Tie {
  std::string port;
  int bits = 1;
  uint32_t value = 0;
};

struct TileNetwork {
  int images = 2;
  int calibration_images = 100;
  int adc_bits = 8;
  int base = 0;
};

struct TileConfig {
  std::string name;
  std::string top;  ///< module
  std::vector<std::filesystem::path> sources, include;
  models::ContractGeometry geometry;
  std::vector<std::pair<std::string, int64_t>> parameters;  ///< beside the geometry
  std::vector<const models::PortGroup*> groups;             ///< "base" and the effects declared
  std::vector<Tie> ties;
  std::vector<std::string> verilator;  ///< further arguments
  int cycles_per_vector = 0;
  int check_seconds = 60, build_seconds = 600, network_seconds = 600;
  int products = 2000;
  double idle = 0.1;
  bool has_network = false;
  TileNetwork network;

  [[nodiscard]] bool has(const std::string& group) const;
  /// The value of all ties, as they lie on the wrapper's port.
  [[nodiscard]] uint32_t tie_word() const;
};

/// `tile`: the file of the module, added to the sources. Throws crucible::Error(kUsage) at
/// file:line:column.
[[nodiscard]] TileConfig load_tile_config(const std::filesystem::path& file,
                                          const std::filesystem::path& tile);
/// Sets a tie from "port=value". Throws crucible::Error(kUsage).
void set_tie(TileConfig& config, const std::string& assignment);

}  // namespace crucible::regress
