// The processor's peak of single-precision multiply-adds, by doing nothing else: what a gradient's
// speed is a fraction of.
#pragma once

#include <benchmark/benchmark.h>

#include "models/float_twin/lanes.hpp"

namespace crucible {

/// Multiply-adds of `rounds` rounds over registers alone.
inline int64_t multiply_add(int64_t rounds) {
  using models::lanes::kLanes;
  using models::lanes::Vec;
  constexpr int kChains = 10;  // hides the latency (4 clocks) on two pipes, and fits the registers
  Vec sums[kChains] = {};
  Vec a, b;
  for (int lane = 0; lane < kLanes; ++lane) {
    a[lane] = 0.5F;
    b[lane] = 1.0F;
  }
  benchmark::DoNotOptimize(a);
  benchmark::DoNotOptimize(b);
  for (int64_t round = 0; round < rounds; ++round) {
#pragma GCC unroll 10
    for (Vec& sum : sums) sum = sum * a + b;
  }
  for (Vec& sum : sums) benchmark::DoNotOptimize(sum);
  return rounds * kChains * kLanes;
}

}  // namespace crucible
