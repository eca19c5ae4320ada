// Settings and counters that the benchmarks of the RTL share.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>

namespace crucible::bench {

/// Whether offsets reach the rails, so that conductances are clamped.
enum class Rails { kNear, kFar };

constexpr uint32_t kLsbExp = 10;    // offset LSB: 2^-10 level
constexpr uint32_t kAdcShift = 16;  // a code: 64 levels
constexpr uint32_t kAdcBits = 8;

/// BASE, unit 2^-8 level; far: as large as the largest offset.
constexpr uint8_t base(Rails rails) { return rails == Rails::kNear ? 0 : 32; }

/// Clock rate and products a second of CPU time.
inline void report(benchmark::State& state, double cycles, double vectors) {
  state.counters["Hz"] = benchmark::Counter(cycles, benchmark::Counter::kIsRate);
  state.counters["products/s"] = benchmark::Counter(vectors, benchmark::Counter::kIsRate);
  state.counters["cycles/product"] = cycles / vectors;
}

}  // namespace crucible::bench
