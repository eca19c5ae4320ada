// How far a device may drift: one type with its conventions, so that no raw double crosses an
// interface. See docs/variation.md.
#pragma once

#include <string>

namespace crucible::models {

enum class BoundConvention {
  kWeightFraction,   ///< |dw| <= value * w_max of the layer, per weight (the literature's box)
  kDeviceLevels,     ///< |dg| <= value levels, per device
  kDeviceFullScale,  ///< |dg| <= value * (2^K - 1) levels, per device
};

/// Whether the idle device of a differential pair (level 0) also drifts. It doubles the box if it
/// does.
enum class IdleDevice { kFixed, kDrifts };

class VariationBound {
 public:
  static VariationBound weight_fraction(double fraction);
  static VariationBound device_levels(double levels, IdleDevice idle);
  static VariationBound device_full_scale(double fraction, IdleDevice idle);

  [[nodiscard]] BoundConvention convention() const { return convention_; }
  [[nodiscard]] IdleDevice idle() const { return idle_; }
  [[nodiscard]] double value() const { return value_; }
  /// Largest move of one device in levels, in a layer whose largest |weight| is w_max weight LSB.
  [[nodiscard]] double levels(int w_max) const;
  /// The same bound scaled by a factor (for sweeps and continuation).
  [[nodiscard]] VariationBound scaled(double factor) const;
  /// For tables: "|dw| <= 0.03 w_max per weight".
  [[nodiscard]] std::string describe() const;

 private:
  VariationBound(BoundConvention convention, double value, IdleDevice idle);
  BoundConvention convention_;
  double value_;
  IdleDevice idle_;
};

}  // namespace crucible::models
