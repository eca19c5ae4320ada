// See bound.hpp.
#include "models/variation/bound.hpp"

#include <fmt/format.h>

#include <cmath>

#include "models/error.hpp"
#include "models/variation/slice_range.hpp"

namespace crucible::models {

VariationBound::VariationBound(BoundConvention convention, double value, IdleDevice idle)
    : convention_(convention), value_(value), idle_(idle) {
  if (std::isfinite(value) && value > 0.0) return;
  throw Error(
      ErrorKind::kUsage,
      fmt::format("variation: a bound of {} makes no sense; it must be a positive number", value));
}

VariationBound VariationBound::weight_fraction(double fraction) {
  return {BoundConvention::kWeightFraction, fraction, IdleDevice::kFixed};
}

VariationBound VariationBound::device_levels(double levels, IdleDevice idle) {
  return {BoundConvention::kDeviceLevels, levels, idle};
}

VariationBound VariationBound::device_full_scale(double fraction, IdleDevice idle) {
  return {BoundConvention::kDeviceFullScale, fraction, idle};
}

double VariationBound::levels(int w_max) const {
  switch (convention_) {
    case BoundConvention::kWeightFraction:
      return value_ * w_max / kSliceSum;
    case BoundConvention::kDeviceLevels:
      return value_;
    case BoundConvention::kDeviceFullScale:
      return value_ * kTopLevel;
  }
  return 0.0;
}

VariationBound VariationBound::scaled(double factor) const {
  return {convention_, value_ * factor, idle_};
}

std::string VariationBound::describe() const {
  const char* idle = idle_ == IdleDevice::kDrifts ? "idle devices drift too" : "idle devices fixed";
  switch (convention_) {
    case BoundConvention::kWeightFraction:
      return fmt::format("|dw| <= {:g} w_max per weight", value_);
    case BoundConvention::kDeviceLevels:
      return fmt::format("|dg| <= {:g} levels per device, {}", value_, idle);
    case BoundConvention::kDeviceFullScale:
      return fmt::format("|dg| <= {:g} of full scale ({} levels) per device, {}", value_, kTopLevel,
                         idle);
  }
  return {};
}

}  // namespace crucible::models
