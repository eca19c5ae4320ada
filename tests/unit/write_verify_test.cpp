// Write-verify against closed forms: counted pulses without spread, the erased device's
// distribution, and Wald's identity for the pulses of a device that is approached in small steps.
#include "models/variation/write_verify.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "models/error.hpp"
#include "models/variation/slice_range.hpp"

namespace crucible::models {
namespace {

constexpr int kBase = 64;          // a quarter of a level: rails play no part
constexpr double kUnit = 0x1p-18;  // level

WriteVerifySettings settings() {
  WriteVerifySettings s;
  s.tolerance = 0.0625;
  s.pulse = 0.125;
  s.cycle = s.device = s.erase = 0;
  return s;
}

/// One layer with every weight from -15 to 15, many times.
QuantisedNetwork every_weight() {
  QuantisedNetwork network;
  QuantisedLayer layer;
  layer.shape = {LayerKind::kFullyConnected, "fc", 310, 1, 1, 1, 0, 2, false};
  for (int i = 0; i < 620; ++i) layer.weights.push_back(static_cast<int8_t>(i % 31 - 15));
  layer.bias.resize(2);
  network.layers.push_back(layer);
  return network;
}

TEST(WriteVerify, WithoutSpreadTakesTheDistanceOverTheStep) {
  const CellProgrammer programmer(settings(), kBase);
  for (int level = 0; level <= 3; ++level) {
    const ProgrammedCell cell = programmer.program(level, 1, 7);
    // 8 pulses a level; the last but one is a whole step away, which is outside the tolerance.
    EXPECT_EQ(cell.pulses, 8 * level) << "level " << level;
    EXPECT_EQ(cell.deviation, 0);
    EXPECT_TRUE(cell.converged);
  }
  WriteVerifySettings wide = settings();
  wide.tolerance = 0.3;  // 0.75 levels are 0.25 away from level 1: 6 pulses
  const ProgrammedCell cell = CellProgrammer(wide, kBase).program(1, 1, 7);
  EXPECT_EQ(cell.pulses, 6);
  EXPECT_EQ(cell.deviation * kUnit, -0.25);
}

TEST(WriteVerify, GivesUpAtTheMostPulsesAndSaysSo) {
  WriteVerifySettings s = settings();
  s.pulse = 0.15;
  s.tolerance = 0.01;  // 0.9 and 1.05 in turn, for ever
  s.most_pulses = 20;
  const ProgrammedCell cell = CellProgrammer(s, kBase).program(1, 1, 7);
  EXPECT_EQ(cell.pulses, 20);
  EXPECT_FALSE(cell.converged);
  EXPECT_NEAR(std::abs(cell.deviation * kUnit), 0.075, 0.03);
}

TEST(WriteVerify, HoldsADeviceBetweenItsRails) {
  WriteVerifySettings s = settings();
  s.erase = 1;
  s.most_pulses = 0;
  const CellProgrammer programmer(s, 0);
  for (uint64_t cell = 0; cell < 200; ++cell) {
    const int32_t deviation = programmer.program(0, 1, cell).deviation;
    EXPECT_GE(deviation, 0);
    EXPECT_LE(deviation, 3 << kDeviationExp);
  }
}

// The number of cells within the tolerance is binomial; a normal number lies 4.5 standard
// deviations off with probability 7e-6. Rounding the normal numbers to 1/128 standard deviation
// moves the share by less than 0.0032, the density there times 1/128.
TEST(WriteVerify, LeavesAnErasedDeviceThatIsGoodEnough) {
  WriteVerifySettings s = settings();
  s.erase = 0.05;
  const CellProgrammer programmer(s, kBase);
  constexpr int kCells = 40'000;
  int untouched = 0;
  for (int cell = 0; cell < kCells; ++cell)
    untouched += programmer.program(0, 3, static_cast<uint64_t>(cell)).pulses == 0 ? 1 : 0;
  const double p = std::erf(0.0625 / 0.05 / std::sqrt(2.0));
  EXPECT_NEAR(untouched, kCells * p, 4.5 * std::sqrt(kCells * p * (1 - p)) + 0.0032 * kCells);
}

// While no pulse overshoots, g - step * pulses is a martingale (A. Wald 1944): its mean is 0, its
// variance (cycle * step)^2 times the mean number of pulses. 4.5 standard errors: 7e-6; steps are
// rounded down by less than a unit.
TEST(WriteVerify, ObeysWaldsIdentityInSmallSteps) {
  WriteVerifySettings s = settings();
  s.pulse = 0.05;
  s.cycle = 0.3;
  s.tolerance = 0.2;  // a pulse of eight times the mean would be needed to overshoot
  const CellProgrammer programmer(s, kBase);
  constexpr int kCells = 20'000;
  double drift = 0, pulses = 0;
  for (int cell = 0; cell < kCells; ++cell) {
    const ProgrammedCell done = programmer.program(2, 5, static_cast<uint64_t>(cell));
    ASSERT_TRUE(done.converged);
    drift += 2 + done.deviation * kUnit - s.pulse * done.pulses;
    pulses += done.pulses;
  }
  const double error = s.cycle * s.pulse * std::sqrt(pulses) / kCells;
  EXPECT_NEAR(drift / kCells, 0, 4.5 * error + 40 * kUnit);
  EXPECT_GT(pulses / kCells, 1.8 / s.pulse);  // at least up to the tolerance
}

TEST(WriteVerify, NeedsMorePulsesForASmallerTolerance) {
  WriteVerifySettings s;
  double before = 0;
  for (const double tolerance : {0.2, 0.05, 0.0125}) {
    s.tolerance = tolerance;
    const CellProgrammer programmer(s, kBase);
    double pulses = 0;
    for (uint64_t cell = 0; cell < 2000; ++cell) pulses += programmer.program(3, 5, cell).pulses;
    EXPECT_GT(pulses, before) << tolerance;
    before = pulses;
  }
}

TEST(WriteVerify, PutsEveryConvergedCellOfAChipInsideTheBoundOfItsTolerance) {
  const QuantisedNetwork network = every_weight();
  WriteVerifySettings s;
  const ProgrammedChip chip = program_chip(network, CellProgrammer(s, kBase), 9);
  size_t weights = 0;
  for (const QuantisedLayer& layer : network.layers) weights += layer.weights.size();
  ASSERT_EQ(chip.deviation.size(), 4 * weights);
  EXPECT_EQ(std::accumulate(chip.with_pulses.begin(), chip.with_pulses.end(), int64_t{0}),
            chip.cells);
  EXPECT_LE(chip.largest_converged * kUnit, s.tolerance);
  EXPECT_EQ(program_chip(network, CellProgrammer(s, kBase), 9).deviation, chip.deviation);
  EXPECT_NE(program_chip(network, CellProgrammer(s, kBase), 10).deviation, chip.deviation);
  EXPECT_LE(chip.largest >> (kDeviationExp - offsets_lsb_exp(chip)), kMostSteps);
}

TEST(WriteVerify, RefusesValuesOutOfRange) {
  const auto refuses = [](const WriteVerifySettings& s, int base = 0) {
    EXPECT_THROW(CellProgrammer(s, base), Error);
  };
  WriteVerifySettings s;
  s.tolerance = 0;
  refuses(s);
  s = {};
  s.pulse = 0;
  refuses(s);
  s = {};
  s.cycle = -0.1;
  refuses(s);
  s = {};
  s.most_pulses = -1;
  refuses(s);
  refuses({}, 256);
}

}  // namespace
}  // namespace crucible::models
