#include "host/train/weight_noise.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "host/base/parallel.hpp"
#include "host/base/random.hpp"
#include "host/train/shadow_network.hpp"

namespace crucible::train {
namespace {

constexpr uint64_t kNoiseStream = uint64_t{3} << 32;  // beside those of batches.cpp
constexpr size_t kShard = 8192;                       // weights; even

/// Two independent standard normal numbers from 64 random bits (G. E. P. Box, M. E. Muller 1958).
/// Half a unit in the last place keeps the logarithm finite.
std::pair<float, float> box_muller(uint64_t bits) {
  const double u = (static_cast<double>(bits >> 32) + 0.5) * 0x1p-32;
  const double turn =
      2 * std::numbers::pi * (static_cast<double>(bits & 0xFFFFFFFFU) + 0.5) * 0x1p-32;
  const double radius = std::sqrt(-2 * std::log(u));
  return {static_cast<float>(radius * std::cos(turn)), static_cast<float>(radius * std::sin(turn))};
}

}  // namespace

WeightNoise::WeightNoise(const models::QuantisedNetwork& network, double sigma,
                         std::optional<double> censor, uint64_t seed, int threads)
    : sigma_lsb_(sigma * ShadowNetwork::kMagnitude),
      censor_(censor),
      seed_(seed),
      threads_(thread_count(threads)) {
  for (const models::QuantisedLayer& layer : network.layers)
    delta_.emplace_back(layer.weights.size());
}

const models::WeightDelta& WeightNoise::perturb(int step, double strength, const GradientAt&) {
  const auto scale = static_cast<float>(sigma_lsb_ * strength);
  const float most =
      censor_ ? static_cast<float>(*censor_) : std::numeric_limits<float>::infinity();
  for (size_t l = 0; l < delta_.size(); ++l) {
    std::vector<float>& delta = delta_[l];
    const CounterRandom random(seed_ + l, kNoiseStream + static_cast<uint64_t>(step));
    parallel_shards((delta.size() + kShard - 1) / kShard, threads_, [&](size_t shard, int) {
      const size_t end = std::min(delta.size(), (shard + 1) * kShard);
      for (size_t i = shard * kShard; i < end; i += 2) {
        const auto [first, second] = box_muller(random.at(i / 2));
        delta[i] = std::min(first, most) * scale;
        if (i + 1 < end) delta[i + 1] = std::min(second, most) * scale;
      }
    });
  }
  return delta_;
}

}  // namespace crucible::train
