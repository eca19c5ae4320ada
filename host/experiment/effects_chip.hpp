// One chip of an effects file: the network compiled with its effects, what its seed makes, and the
// same on a device.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "host/driver/accelerator.hpp"
#include "host/eval/evaluation.hpp"
#include "host/experiment/effects_file.hpp"
#include "models/network/compiled_network.hpp"

namespace crucible::experiment {

struct EffectsChip {
  models::ChipOffsets offsets;  ///< of all cells
  models::ChipStuck stuck;      ///< empty: none
  uint64_t pulses = 0, unverified = 0;
};

/// Switches the plan's effects on in a compiled network; generated offsets need its lsb_exp.
void add_effects(models::CompiledNetwork& network, const EffectsPlan& plan);

/// What the seed makes on the model; what it does not make is `offsets` and the plan's map.
[[nodiscard]] EffectsChip make_chip(const EffectsPlan& plan, const models::CompiledNetwork& network,
                                    uint64_t seed, models::ChipOffsets offsets);

/// Banks that a chip is programmed in: all where a seed makes it, since the device makes all of
/// them from their levels.
[[nodiscard]] int banks_of(const EffectsPlan& plan, const models::CompiledNetwork& network);

/// Levels, settings, and what no seed makes, with read-back. For many chips once.
void program_campaign(driver::Accelerator& device, const EffectsPlan& plan,
                      const models::CompiledNetwork& network, const EffectsChip& chip);

/// The chip that the seed makes, on the device; nothing where the plan generates nothing.
driver::GenerationTraffic generate_on(driver::Accelerator& device, const EffectsPlan& plan,
                                      uint64_t seed);

/// Reads every cell of the device back. Throws crucible::Error(kMismatch) naming the first that is
/// not the chip's. The chip's seed has made it.
void verify_chip(driver::Accelerator& device, const EffectsChip& chip);

/// Throws crucible::Error(kMismatch) naming the first counter of the device that is not the model's
/// (modulo 2^32). They were cleared before the chip was made and evaluated.
void require_equal_counters(const driver::DeviceCounters& device, const std::string& name,
                            const models::TileCounters& model, uint64_t pulses,
                            uint64_t unverified);

}  // namespace crucible::experiment
