// See bound.hpp.
#include "models/variation/bound.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "models/error.hpp"
#include "models/variation/slice_range.hpp"

namespace crucible::models {

VariationBound::VariationBound(BoundConvention convention,
                               const std::array<double, kSlices>& values, IdleDevice idle)
    : convention_(convention), slices_(values), idle_(idle) {
  for (const double value : values) {
    if (std::isfinite(value) && value > 0.0) continue;
    throw Error(ErrorKind::kUsage,
                fmt::format("variation: a bound of {} makes no sense; it must be a positive number",
                            value));
  }
}

VariationBound VariationBound::weight_fraction(double fraction) {
  return {BoundConvention::kWeightFraction, {fraction, fraction}, IdleDevice::kFixed};
}

VariationBound VariationBound::device_levels(double levels, IdleDevice idle) {
  return {BoundConvention::kDeviceLevels, {levels, levels}, idle};
}

VariationBound VariationBound::device_full_scale(double fraction, IdleDevice idle) {
  return {BoundConvention::kDeviceFullScale, {fraction, fraction}, idle};
}

VariationBound VariationBound::slice_levels(const std::array<double, kSlices>& levels,
                                            IdleDevice idle) {
  return {BoundConvention::kSliceLevels, levels, idle};
}

double VariationBound::levels(int w_max) const {
  double most = 0.0;
  for (int slice = 0; slice < kSlices; ++slice) most = std::max(most, levels(w_max, slice));
  return most;
}

double VariationBound::levels(int w_max, int slice) const {
  const double value = slices_.at(static_cast<size_t>(slice));
  switch (convention_) {
    case BoundConvention::kWeightFraction:
      return value * w_max / kSliceSum;
    case BoundConvention::kDeviceLevels:
    case BoundConvention::kSliceLevels:
      return value;
    case BoundConvention::kDeviceFullScale:
      return value * kTopLevel;
  }
  return 0.0;
}

VariationBound VariationBound::scaled(double factor) const {
  VariationBound bound = *this;
  for (double& value : bound.slices_) value *= factor;
  return bound;
}

std::string VariationBound::describe() const {
  const char* idle = idle_ == IdleDevice::kDrifts ? "idle devices drift too" : "idle devices fixed";
  switch (convention_) {
    case BoundConvention::kWeightFraction:
      return fmt::format("|dw| <= {:g} w_max per weight", value());
    case BoundConvention::kDeviceLevels:
      return fmt::format("|dg| <= {:g} levels per device, {}", value(), idle);
    case BoundConvention::kDeviceFullScale:
      return fmt::format("|dg| <= {:g} of full scale ({} levels) per device, {}", value(),
                         kTopLevel, idle);
    case BoundConvention::kSliceLevels:
      return fmt::format("|dg| <= {:g} levels per device of slice 0 and {:g} of slice 1, {}",
                         slices_[0], slices_[1], idle);
  }
  return {};
}

}  // namespace crucible::models
