// Effects, generated chips and stuck cells as the words of registers and windows hold them.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/mapping/placement.hpp"
#include "models/tile/chip_generator.hpp"
#include "models/tile/tile_settings.hpp"

namespace crucible::driver {

/// EFFECTS.
[[nodiscard]] uint32_t effects_word(const models::EffectSettings& effects);
/// NOISE_SEED_LO .. DRIFT_23. Throws crucible::Error(kUsage) for a variance beyond its field.
[[nodiscard]] std::array<uint32_t, 6> noise_and_drift_words(const models::EffectSettings& effects);
/// GEN_SIGMA_01 .. GEN_SEED_HI. Fields out of range are left to the device to refuse.
[[nodiscard]] std::array<uint32_t, 7> generator_words(const models::GeneratorSettings& settings);

/// Windows (the address of the first word) and all of their words.
using TableWords = std::map<uint32_t, std::vector<uint32_t>>;
/// The tables that the effects in use read; an empty table of the settings is zeros. Throws
/// crucible::Error(kUsage) for a table of another size than the tile's, or a loss above 2^15 - 1.
[[nodiscard]] TableWords effect_tables(const models::EffectSettings& effects,
                                       const models::TileGeometry& geometry);

/// "drift, noise of reads": what the settings switch on; empty where nothing is.
[[nodiscard]] std::string describe_effects(const models::EffectSettings& effects);

}  // namespace crucible::driver
