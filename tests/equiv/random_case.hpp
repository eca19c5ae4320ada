// Random cells, settings and jobs over all that is legal, with the corners more often than chance
// would give them.
#pragma once

#include <random>
#include <vector>

#include "models/tile/chip_generator.hpp"
#include "models/tile/tile_twin.hpp"
#include "spec/gen/crucible_spec.hpp"
#include "tests/equiv/tile_device.hpp"

namespace crucible::sim {

class RandomCase {
 public:
  RandomCase(const spec::HardwareConfig& config, uint64_t seed) : config_(config), random_(seed) {}

  /// Uniform in low .. high, both ends included.
  int uniform(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }
  bool one_in(int n) { return uniform(1, n) == 1; }

  models::BankCells cells();
  int8_t offset();
  /// With effects where the configuration has them, in three of four cases.
  models::TileSettings settings();
  /// All at random, or one alone.
  models::EffectSettings effects();
  models::GeneratorSettings generator();
  /// A legal job of at most `max_count` vectors with any stride, also zero and overlapping.
  Job job(int max_count);
  std::vector<uint8_t> inputs(size_t count);

 private:
  /// A value of low .. high; every fourth is an end.
  int edgy(int low, int high) { return one_in(4) ? (one_in(2) ? low : high) : uniform(low, high); }

  const spec::HardwareConfig& config_;
  std::mt19937_64 random_;
};

}  // namespace crucible::sim
