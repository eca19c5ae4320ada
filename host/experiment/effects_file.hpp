// An effects file (schema crucible.effects/1): what a tile does beyond its ideal products, in
// physical units. docs/effects.md has every key.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/driver/accelerator.hpp"
#include "models/mapping/placement.hpp"
#include "models/tile/chip_generator.hpp"
#include "models/tile/tile_settings.hpp"

namespace crucible::experiment {

/// The file's numbers as the tile holds them: rounded to the nearest value of each field.
struct EffectsPlan {
  std::filesystem::path file;
  models::EffectSettings settings;
  std::vector<int16_t> adc_offset;             ///< empty: zero
  models::ChipStuck stuck_map;                 ///< empty: none
  std::optional<driver::Generated> generated;  ///< what a chip's seed makes
  models::GeneratorSettings generator;         ///< its seed is the chip's
  std::optional<int> lsb_exp;                  ///< of generated offsets

  [[nodiscard]] bool makes_offsets() const {
    return generated && *generated != driver::Generated::kStuck;
  }
  [[nodiscard]] bool makes_stuck() const {
    return generated && *generated != driver::Generated::kOffsets;
  }
};

/// Throws crucible::Error: kUsage at file:line:column for an unknown, missing or contradicting key
/// and for a number that the tile cannot hold; kData naming file and entry for a table.
[[nodiscard]] EffectsPlan load_effects(const std::filesystem::path& file,
                                       const models::TileGeometry& geometry);

/// "generated offsets (truncated), drift": everything that the plan does; "nothing" where it does
/// nothing.
[[nodiscard]] std::string describe_plan(const EffectsPlan& plan);

}  // namespace crucible::experiment
