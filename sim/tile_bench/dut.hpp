// What the bench is told about the tile: the JSON that `crucible regress` writes from the user's
// configuration.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/tile/tile_contract.hpp"

namespace crucible::sim {

struct Dut {
  models::ContractGeometry geometry;
  std::vector<const models::PortGroup*> groups;  ///< those that it has, "base" first
  uint64_t cycles_per_vector = 0;                ///< more is a hang
  uint64_t products = 0;                         ///< of each random check
  double idle = 0;                               ///< chance of an idle cycle before a request
  uint32_t tie = 0;                              ///< extra inputs, held constant

  [[nodiscard]] const models::PortGroup* find(const std::string& group) const;
  [[nodiscard]] bool has(const std::string& group) const { return find(group) != nullptr; }
  /// Inputs that the tile sees: the planes that exist.
  [[nodiscard]] uint8_t input_mask() const {
    return static_cast<uint8_t>((1 << geometry.in_bits) - 1);
  }
};

/// Throws crucible::Error(kData).
[[nodiscard]] Dut load_dut(const std::string& file);

}  // namespace crucible::sim
