// How far a device may drift: one type with its conventions, so that no raw double crosses an
// interface. See docs/variation.md.
#pragma once

#include <array>
#include <string>

namespace crucible::models {

inline constexpr int kSlices = 2;  ///< cells of one polarity of a weight

enum class BoundConvention {
  kWeightFraction,   ///< |dw| <= value * w_max of the layer, per weight (the literature's box)
  kDeviceLevels,     ///< |dg| <= value levels, per device
  kDeviceFullScale,  ///< |dg| <= value * (2^K - 1) levels, per device
  kSliceLevels,      ///< |dg| <= value of its slice, levels, per device
};

/// Whether the idle device of a differential pair (level 0) also drifts. It doubles the box if it
/// does.
enum class IdleDevice { kFixed, kDrifts };

class VariationBound {
 public:
  static VariationBound weight_fraction(double fraction);
  static VariationBound device_levels(double levels, IdleDevice idle);
  static VariationBound device_full_scale(double fraction, IdleDevice idle);
  /// A tolerance for each slice, the least significant first.
  static VariationBound slice_levels(const std::array<double, kSlices>& levels, IdleDevice idle);

  [[nodiscard]] BoundConvention convention() const { return convention_; }
  [[nodiscard]] IdleDevice idle() const { return idle_; }
  /// With a tolerance for each slice, the least significant one's.
  [[nodiscard]] double value() const { return slices_[0]; }
  /// The value of each slice: all alike but in convention kSliceLevels.
  [[nodiscard]] const std::array<double, kSlices>& slice_values() const { return slices_; }
  /// Largest move of one device in levels, in a layer whose largest |weight| is w_max weight LSB.
  [[nodiscard]] double levels(int w_max) const;
  /// The same of one slice's devices.
  [[nodiscard]] double levels(int w_max, int slice) const;
  /// The same bound scaled by a factor (for sweeps and continuation).
  [[nodiscard]] VariationBound scaled(double factor) const;
  /// For tables: "|dw| <= 0.03 w_max per weight".
  [[nodiscard]] std::string describe() const;
  friend bool operator==(const VariationBound&, const VariationBound&) = default;

 private:
  VariationBound(BoundConvention convention, const std::array<double, kSlices>& values,
                 IdleDevice idle);
  BoundConvention convention_;
  std::array<double, kSlices> slices_;
  IdleDevice idle_;
};

}  // namespace crucible::models
