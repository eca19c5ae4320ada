#include "host/search/search_space.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/base/random.hpp"
#include "models/error.hpp"

namespace crucible::search {

SearchSpace::SearchSpace(const models::QuantisedNetwork& network, const models::WeightBox& box)
    : box_(box) {
  const size_t layers = network.layers.size();
  if (box.lo.size() != layers || box.hi.size() != layers)
    throw Error(
        ErrorKind::kUsage,
        fmt::format(
            "search: the box has {} layers, network '{}' has {}; make the box for this network",
            box.lo.size(), network.name, layers));
  for (size_t l = 0; l < layers; ++l) {
    const size_t count = network.layers[l].weights.size();
    if (box.lo[l].size() != count || box.hi[l].size() != count)
      throw Error(
          ErrorKind::kUsage,
          fmt::format(
              "search: layer {} of the box has {} weights, the network's has {}; make the box "
              "for this network",
              l, box.lo[l].size(), count));
    farthest_.push_back(0.0F);
    centre_.emplace_back(count);
    half_.emplace_back(count);
    for (size_t i = 0; i < count; ++i) {
      const float lo = box.lo[l][i], hi = box.hi[l][i];
      if (!(lo <= 0.0F && hi >= 0.0F))
        throw Error(
            ErrorKind::kUsage,
            fmt::format("search: weight {} of layer {} may change by {} to {}; 0 must lie between",
                        i, l, lo, hi));
      farthest_[l] = std::max({farthest_[l], -lo, hi});
      centre_[l][i] = 0.5F * (lo + hi);
      half_[l][i] = 0.5F * (hi - lo);
    }
    fraction_.push_back(farthest_[l] / static_cast<double>(std::max(1, network.w_max(l))));
  }
}

Point SearchSpace::origin() const {
  Point z = centre_;
  for_each_coordinate([](float& c, const float& h) { c = h > 0.0F ? -c / h : 0.0F; }, z, half_);
  return z;
}

Point SearchSpace::random_vertex(uint64_t seed, uint64_t stream) const {
  CounterRandom random(seed, stream);
  Point z = half_;
  for_each_coordinate([&](float& c) { c = (random.next() & 1U) != 0 ? 1.0F : -1.0F; }, z);
  return z;
}

Point SearchSpace::random_point(uint64_t seed, uint64_t stream) const {
  CounterRandom random(seed, stream);
  Point z = half_;
  for_each_coordinate([&](float& c) { c = 2 * random.unit() - 1; }, z);
  return z;
}

Point SearchSpace::snapped(const Point& z) const {
  Point vertex = z;
  for_each_coordinate([](float& c) { c = c > 0.0F ? 1.0F : c < 0.0F ? -1.0F : 0.0F; }, vertex);
  return vertex;
}

models::WeightDelta SearchSpace::delta(const Point& z, Walls walls) const {
  models::WeightDelta result = centre_;
  for_each_coordinate([](float& d, const float& at, const float& half) { d += half * at; }, result,
                      z, half_);
  for (size_t l = 0; l < result.size(); ++l) {
    const auto limit = [&](float wall) {
      return walls == Walls::kOpen && wall >= farthest_[l] ? HUGE_VALF : wall;
    };
    for (size_t i = 0; i < result[l].size(); ++i)
      result[l][i] = std::clamp(result[l][i], -limit(-box_.lo[l][i]), limit(box_.hi[l][i]));
  }
  return result;
}

models::WeightDelta SearchSpace::on_grid(models::WeightDelta delta) const {
  const auto lsb = static_cast<float>(std::ldexp(1.0, -box_.grid.lsb_exp));
  for_each_coordinate([&](float& d, const float& lo,
                          const float& hi) { d = std::clamp(std::round(d / lsb) * lsb, lo, hi); },
                      delta, box_.lo, box_.hi);
  return delta;
}

void SearchSpace::scale_gradient(models::WeightDelta& gradient) const {
  for_each_coordinate([](float& g, const float& half) { g *= half; }, gradient, half_);
}

double SearchSpace::deviation(const models::WeightDelta& delta) const {
  double most = 0.0;
  for (size_t l = 0; l < delta.size(); ++l)
    for (const float d : delta[l])
      if (d != 0.0F) most = std::max(most, std::abs(d) / static_cast<double>(farthest_[l]));
  return most;
}

}  // namespace crucible::search
