// Boxes, and weight changes as offsets of cells and back.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "models/error.hpp"
#include "models/network/twin_engine.hpp"
#include "models/variation/weight_box.hpp"
#include "tests/unit/models_support.hpp"

namespace crucible::models {
namespace {

constexpr TileGeometry kTile{16, 16, 64};

struct Programmed {
  QuantisedNetwork network;
  CompiledNetwork compiled;
  WeightBox box;
};

Programmed programmed(uint64_t seed, const VariationBound& bound, Realisation realisation, int base,
                      const std::vector<LayerShape>& shapes = testing::small_shapes()) {
  testing::Random random(seed);
  QuantisedNetwork network = testing::random_network(random, shapes);
  WeightBox box = make_box(network, bound, realisation, base);
  TileSettings common;
  common.inject = true;
  common.lsb_exp = box.grid.lsb_exp;
  common.base = base;
  AdcPlan plan;
  plan.transparent = true;
  CompiledNetwork compiled = compile(network, kTile, common, plan);
  return {std::move(network), std::move(compiled), std::move(box)};
}

std::vector<VariationBound> all_bounds() {
  return {VariationBound::weight_fraction(0.03),
          VariationBound::weight_fraction(0.002),
          VariationBound::weight_fraction(0.16),
          VariationBound::device_levels(0.1, IdleDevice::kFixed),
          VariationBound::device_levels(0.1, IdleDevice::kDrifts),
          VariationBound::device_full_scale(0.15, IdleDevice::kDrifts),
          VariationBound::slice_levels({0.2, 0.01}, IdleDevice::kFixed),
          VariationBound::slice_levels({0.01, 0.2}, IdleDevice::kDrifts)};
}

/// Calls test(setup, seed) for all conventions, realisations and bases.
template <class Test>
void for_all(Test&& test) {
  uint64_t seed = 1;
  for (const auto& bound : all_bounds()) {
    for (const Realisation realisation : {Realisation::kActive, Realisation::kPair}) {
      for (const int base : {0, 3, 32, 255}) {
        SCOPED_TRACE(bound.describe() + ", base " + std::to_string(base) +
                     (realisation == Realisation::kPair ? ", pair" : ", active"));
        test(programmed(seed, bound, realisation, base), seed);
        ++seed;
      }
    }
  }
}

/// Somewhere in and around the box, often at its ends.
WeightDelta random_delta(testing::Random& random, const WeightBox& box) {
  WeightDelta delta = box.lo;
  for (size_t l = 0; l < delta.size(); ++l) {
    for (size_t i = 0; i < delta[l].size(); ++i) {
      const float t = static_cast<float>(random(-200, 1200)) / 1000.0F;
      delta[l][i] = box.lo[l][i] + t * (box.hi[l][i] - box.lo[l][i]);
    }
  }
  return delta;
}

TEST(WeightBox, IsTheLiteraturesBoxInThePairRealisationWithABase) {
  const Programmed s = programmed(1, VariationBound::weight_fraction(0.03), Realisation::kPair, 32);
  for (size_t l = 0; l < s.box.lo.size(); ++l) {
    const float bound =
        static_cast<float>(std::ldexp(5 * s.box.grid.steps[l], -s.box.grid.lsb_exp));
    const double wanted = 0.03 * s.network.w_max(l);
    EXPECT_LE(bound, wanted);
    EXPECT_GT(bound, wanted - std::ldexp(5.0, -s.box.grid.lsb_exp));
    for (size_t i = 0; i < s.box.lo[l].size(); ++i) {
      ASSERT_EQ(s.box.lo[l][i], -bound);
      ASSERT_EQ(s.box.hi[l][i], bound);
    }
  }
}

TEST(WeightBox, LosesOnlyUpwardMovesOfTopLevelsInThePairRealisationWithoutABase) {
  const Programmed s = programmed(2, VariationBound::weight_fraction(0.03), Realisation::kPair, 0);
  for (size_t l = 0; l < s.box.lo.size(); ++l) {
    const int steps = s.box.grid.steps[l];
    for (size_t i = 0; i < s.box.lo[l].size(); ++i) {
      const int weight = s.network.layers[l].weights[i];
      const int magnitude = std::abs(weight);
      const int up = (magnitude % 4 == 3 ? 0 : steps) + (magnitude / 4 == 3 ? 0 : 4 * steps);
      const double towards_zero = weight < 0 ? s.box.hi[l][i] : -s.box.lo[l][i];
      const double away = weight < 0 ? -s.box.lo[l][i] : s.box.hi[l][i];
      ASSERT_EQ(std::ldexp(towards_zero, s.box.grid.lsb_exp), 5 * steps) << "weight " << weight;
      ASSERT_EQ(std::ldexp(away, s.box.grid.lsb_exp), up) << "weight " << weight;
    }
  }
}

TEST(WeightBox, IsCutByTheRailsInTheActiveRealisationWithoutABase) {
  const Programmed s =
      programmed(3, VariationBound::weight_fraction(0.03), Realisation::kActive, 0);
  const auto& weights = s.network.layers[2].weights;
  const int steps = s.box.grid.steps[2];
  for (size_t i = 0; i < weights.size(); ++i) {
    const double lo = std::ldexp(s.box.lo[2][i], s.box.grid.lsb_exp);
    const double hi = std::ldexp(s.box.hi[2][i], s.box.grid.lsb_exp);
    if (weights[i] == 0) {
      ASSERT_EQ(lo, 0);
    }
    if (weights[i] == 2) {  // slice 1 is at level 0
      ASSERT_EQ(lo, -steps);
    }
    if (weights[i] == -2) {
      ASSERT_EQ(hi, steps);
    }
  }
}

TEST(WeightBox, IsTwiceAsWideWhenIdleDevicesDrift) {
  const Programmed fixed = programmed(4, VariationBound::device_levels(0.1, IdleDevice::kFixed),
                                      Realisation::kPair, 255);
  const Programmed drifts = programmed(4, VariationBound::device_levels(0.1, IdleDevice::kDrifts),
                                       Realisation::kPair, 255);
  for (size_t l = 0; l < fixed.box.lo.size(); ++l) {
    for (size_t i = 0; i < fixed.box.lo[l].size(); ++i) {
      ASSERT_EQ(drifts.box.lo[l][i], 2 * fixed.box.lo[l][i]);
      ASSERT_EQ(drifts.box.hi[l][i], 2 * fixed.box.hi[l][i]);
    }
  }
}

TEST(WeightBox, RefusesABaseThatTheRegisterCannotHold) {
  EXPECT_THROW((void)programmed(1, VariationBound::weight_fraction(0.03), Realisation::kPair, 256),
               Error);
  EXPECT_THROW((void)programmed(1, VariationBound::weight_fraction(0.03), Realisation::kPair, -1),
               Error);
}

TEST(Realise, IsInvertedByWeightChange) {
  for_all([](const Programmed& s, uint64_t seed) {
    testing::Random random(seed);
    const WeightDelta delta = random_delta(random, s.box);
    const ChipOffsets chip = realise(s.network, s.compiled, s.box, delta);
    const WeightDelta got =
        weight_change(s.network, s.compiled, chip, s.box.grid.lsb_exp, s.box.base);
    for (size_t l = 0; l < delta.size(); ++l) {
      for (size_t i = 0; i < delta[l].size(); ++i) {
        const double rounded = std::round(std::ldexp(double{delta[l][i]}, s.box.grid.lsb_exp));
        const double lo = std::ldexp(s.box.lo[l][i], s.box.grid.lsb_exp);
        const double hi = std::ldexp(s.box.hi[l][i], s.box.grid.lsb_exp);
        ASSERT_EQ(std::ldexp(got[l][i], s.box.grid.lsb_exp), std::clamp(rounded, lo, hi))
            << "seed " << seed << ", layer " << l << ", weight " << i;
      }
    }
  });
}

TEST(Realise, NeverMovesACellBeyondTheBound) {
  for_all([](const Programmed& s, uint64_t seed) {
    testing::Random random(seed + 1000);
    const ChipOffsets chip = realise(s.network, s.compiled, s.box, random_delta(random, s.box));
    const bool weights = s.box.bound.convention() == BoundConvention::kWeightFraction;
    const bool idle_moves = weights ? s.box.realisation == Realisation::kPair
                                    : s.box.bound.idle() == IdleDevice::kDrifts;
    size_t moved = 0;
    for (size_t l = 0; l < s.network.layers.size(); ++l) {
      const auto& layer = s.network.layers[l];
      for (int o = 0; o < layer.shape.out_channels; ++o) {
        for (int i = 0; i < layer.shape.fan_in(); ++i) {
          const bool negative = layer.weights[o * layer.shape.fan_in() + i] < 0;
          for (int slice = 0; slice < 2; ++slice) {
            for (const Polarity polarity : {Polarity::kPositive, Polarity::kNegative}) {
              const int8_t offset =
                  chip[cell_index(kTile, s.compiled.layers[l].placement, o, i, slice, polarity)];
              const bool idle = negative != (polarity == Polarity::kNegative);
              const int steps = s.box.grid.slice_steps.empty()
                                    ? s.box.grid.steps[l]
                                    : s.box.grid.slice_steps[l][static_cast<size_t>(slice)];
              ASSERT_LE(std::abs(offset), idle && !idle_moves ? 0 : steps);
              moved += offset != 0 ? 1 : 0;
            }
          }
        }
      }
    }
    EXPECT_EQ(moved, chip.size() - static_cast<size_t>(std::count(chip.begin(), chip.end(), 0)))
        << "a cell outside the network moved";
  });
}

TEST(Realise, PutsEveryCellAtItsLimitAtAVertexOfTheDeviceBox) {
  const Programmed s = programmed(7, VariationBound::device_levels(0.1, IdleDevice::kDrifts),
                                  Realisation::kPair, 255);
  const ChipOffsets chip = realise(s.network, s.compiled, s.box, s.box.hi);
  const auto& layer = s.network.layers[3];
  for (int o = 0; o < 4; ++o) {
    for (int i = 0; i < 9; ++i) {
      for (int slice = 0; slice < 2; ++slice) {
        const auto at = [&](Polarity polarity) {
          return chip[cell_index(kTile, s.compiled.layers[3].placement, o, i, slice, polarity)];
        };
        ASSERT_EQ(at(Polarity::kPositive), s.box.grid.steps[3]) << int{layer.weights[o * 9 + i]};
        ASSERT_EQ(at(Polarity::kNegative), -s.box.grid.steps[3]);
      }
    }
  }
}

TEST(Realise, GivesNoOffsetsForNoChange) {
  for_all([](const Programmed& s, uint64_t) {
    WeightDelta none = s.box.lo;
    for (auto& layer : none) std::fill(layer.begin(), layer.end(), 0.0F);
    const ChipOffsets chip = realise(s.network, s.compiled, s.box, none);
    ASSERT_EQ(std::count(chip.begin(), chip.end(), 0), static_cast<std::ptrdiff_t>(chip.size()));
  });
}

TEST(Realise, MovesTheProductsOfTheTransparentTileByExactlyTheChange) {
  for (const int base : {0, 32}) {
    const Programmed s = programmed(9, VariationBound::weight_fraction(0.03), Realisation::kPair,
                                    base, {testing::dense("fc", 40, 8)});
    testing::Random random(4);
    const WeightDelta delta = random_delta(random, s.box);
    const ChipOffsets chip = realise(s.network, s.compiled, s.box, delta);
    const WeightDelta change = weight_change(s.network, s.compiled, chip, s.box.grid.lsb_exp, base);
    TwinEngine engine(s.compiled, chip);
    const auto x = testing::random_inputs(random, 20, 40);
    std::vector<int64_t> acc(20 * 8);
    engine.multiply(0, 0, x, 20, acc);
    for (int k = 0; k < 20; ++k) {
      for (int o = 0; o < 8; ++o) {
        double expected = 0;
        for (int i = 0; i < 40; ++i) {
          const double weight =
              s.network.layers[0].weights[o * 40 + i] + double{change[0][o * 40 + i]};
          expected += x[k * 40 + i] * std::ldexp(weight, s.box.grid.lsb_exp);
        }
        ASSERT_EQ(static_cast<double>(acc[k * 8 + o]), expected);  // integers below 2^53
      }
    }
  }
}

TEST(Realise, RefusesWhatIsNoChangeOfThisNetwork) {
  const Programmed s = programmed(1, VariationBound::weight_fraction(0.03), Realisation::kPair, 32);
  WeightDelta delta = s.box.hi;
  delta[1][3] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW((void)realise(s.network, s.compiled, s.box, delta), Error);
  delta = s.box.hi;
  delta[2].pop_back();
  EXPECT_THROW((void)realise(s.network, s.compiled, s.box, delta), Error);
  delta = s.box.hi;
  delta[0][0] = std::numeric_limits<float>::infinity();
  EXPECT_NO_THROW((void)realise(s.network, s.compiled, s.box, delta));  // held by the box
  EXPECT_THROW((void)weight_change(s.network, s.compiled, ChipOffsets(3), 10, 32), Error);
  const Programmed other = programmed(1, VariationBound::weight_fraction(0.03), Realisation::kPair,
                                      32, {testing::dense("fc", 4, 2)});
  EXPECT_THROW((void)realise(s.network, other.compiled, s.box, s.box.hi), Error);
}

}  // namespace
}  // namespace crucible::models
