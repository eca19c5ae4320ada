// Write-verify: a device programmed by pulses until a read finds it close enough to its target.
// Where the bound comes from. See docs/variation.md, "Write-verify".
#pragma once

#include <cstdint>
#include <vector>

#include "models/network/compiled_network.hpp"
#include "models/network/network.hpp"
#include "models/variation/chip_distribution.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::models {

/// Conductances in levels. The pulse is T. Gokmen and Y. Vlasov's (Frontiers in Neuroscience 10
/// (2016) 333): a step of the same mean wherever the device stands, with Gaussian spread from
/// device to device and from pulse to pulse.
struct WriteVerifySettings {
  double tolerance = 0.05;  ///< stop at |g - target| <= tolerance
  double pulse = 0.1;       ///< mean step of a pulse
  double cycle = 0.3;       ///< standard deviation from pulse to pulse, as a share of the step
  double device = 0.3;      ///< and from device to device
  double erase = 0.1;       ///< standard deviation of the erased device around level 0
  int most_pulses = 200;    ///< then it is left where it is
};

/// Deviations are integers in this unit, 2^-18 level: the finest LSB of an offset.
inline constexpr int kDeviationExp = 18;

struct ProgrammedCell {
  int32_t deviation = 0;  ///< g - target, rails included
  int pulses = 0;
  bool converged = false;
};

/// Immutable; threads may share it.
class CellProgrammer {
 public:
  /// base: conductance of level 0 above the lower rail, 2^-8 level. Throws crucible::Error(kUsage)
  /// for values out of range.
  CellProgrammer(const WriteVerifySettings& settings, int base);
  /// A function of (settings, level, seed, cell) alone.
  [[nodiscard]] ProgrammedCell program(int level, uint64_t seed, uint64_t cell) const;
  /// The tolerance in units of 2^-18 level, rounded down.
  [[nodiscard]] int32_t tolerance() const { return tolerance_; }

 private:
  [[nodiscard]] int32_t spread(int32_t mean, int32_t share, uint64_t uniform) const;

  int base_;
  int32_t tolerance_, pulse_, erase_;  ///< 2^-18 level
  int32_t cycle_, device_;             ///< 2^-8 of the step
  int most_pulses_;
  TruncatedGaussian normal_;  ///< standard deviation kNormal, truncated at 4 of them
};

/// All cells of a network, programmed one by one.
struct ProgrammedChip {
  std::vector<int32_t> deviation;    ///< [4 * weight + 2 * slice + idle], 2^-18 level
  std::vector<int64_t> with_pulses;  ///< cells that took so many pulses
  int64_t cells = 0, not_converged = 0;
  int32_t largest = 0;            ///< |deviation|
  int32_t largest_converged = 0;  ///< of cells that converged: at most the tolerance
};
[[nodiscard]] ProgrammedChip program_chip(const QuantisedNetwork& network,
                                          const CellProgrammer& programmer, uint64_t seed);

/// The finest lsb_exp whose offsets hold every deviation of the chip; 8 where none does.
[[nodiscard]] int offsets_lsb_exp(const ProgrammedChip& chip);
/// Offsets of all cells, rounded towards zero. `compiled` has the lsb_exp that they are in; what it
/// cannot hold is held at -128 or 127 and counted in `cut`.
[[nodiscard]] ChipOffsets programmed_offsets(const QuantisedNetwork& network,
                                             const CompiledNetwork& compiled,
                                             const ProgrammedChip& chip, int64_t& cut);

}  // namespace crucible::models
