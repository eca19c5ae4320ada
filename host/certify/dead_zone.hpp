// The ADC's dead zone: deviations so small that no code changes, and the ties that have none. See
// docs/certify.md, "The dead zone".
#pragma once

#include "models/network/compiled_network.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::certify {

/// One layer's conversions of exactly known inputs, whatever they are.
struct DeadZone {
  /// Whether the sums of a chip without deviations can lie exactly on a tie. Such a code changes
  /// with the smallest deviation downwards.
  bool ties = false;
  /// Devices that move by less than this many levels change no code but those on a tie. 0 where
  /// every code follows its sum: with the transparent ADC, and with a step of one LSB.
  double levels = 0;
};

[[nodiscard]] DeadZone dead_zone(const models::CompiledNetwork& compiled, size_t layer);

/// Whether the box is inside the dead zone of every layer and there are no ties: then no chip of it
/// differs from the chip without deviations in anything, and every certificate is trivial.
[[nodiscard]] bool is_trivial(const models::CompiledNetwork& compiled,
                              const models::WeightBox& box);

}  // namespace crucible::certify
