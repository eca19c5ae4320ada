// See chip_generator.hpp.
#include "models/tile/chip_generator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "models/error.hpp"
#include "models/tile/rshift.hpp"
#include "models/tile/tile_noise.hpp"

namespace crucible::models {
namespace {

constexpr uint32_t kAttempts = 16;
constexpr size_t kCellsOfAWord = 4;  // the hardware draws for them at once

void check_range(const char* what, int64_t value, int64_t lowest, int64_t highest) {
  if (value >= lowest && value <= highest) return;
  throw Error(ErrorKind::kUsage, fmt::format("chip: {} is {}; it must be between {} and {}", what,
                                             value, lowest, highest));
}

void check(const GeneratorSettings& settings, size_t cells) {
  check_range("number of cells", static_cast<int64_t>(cells), 0, int64_t{1} << 29);
  check_range("limit", settings.limit, 128, 4095);
  check_range("rate of stuck cells", settings.off_rate + settings.on_rate, 0, 0xFFFF);
  check_range("tolerance", settings.tolerance, 0, 127);
  check_range("most pulses", settings.pulses, 0, 255);
}

/// One cell's draws.
class CellDraws {
 public:
  CellDraws(uint64_t seed, size_t cell)
      : seed_(seed), place_(static_cast<uint32_t>(cell / 8)), word_(static_cast<int>(cell % 8)) {}

  [[nodiscard]] uint32_t u(Draw tag, uint32_t i) const {
    return draw(seed_, tag, i, place_, word_);
  }
  [[nodiscard]] int32_t z(Draw tag, uint32_t i) const { return gauss(u(tag, i)); }

 private:
  uint64_t seed_;
  uint32_t place_;
  int word_;
};

/// Z, s3.12; and how many draws beyond the first it took.
int32_t shaped(const CellDraws& draws, const GeneratorSettings& settings, uint32_t& redraws) {
  const int32_t limit = settings.limit << 4;
  int32_t z = draws.z(Draw::kOffset, 0);
  switch (settings.kind) {
    case OffsetShape::kGaussian:
      return z;
    case OffsetShape::kTruncated:
      for (; redraws + 1 < kAttempts && std::abs(z) > limit; ++redraws)
        z = draws.z(Draw::kOffset, redraws + 1);
      return std::clamp(z, -limit, limit);
    case OffsetShape::kRightCensored:
      return std::min(z, limit);
  }
  return z;
}

}  // namespace

std::vector<int8_t> generate_offsets(std::span<const uint8_t> levels,
                                     const GeneratorSettings& settings, uint64_t& pulses,
                                     uint64_t& unverified, uint64_t* redraws) {
  check(settings, levels.size());
  std::vector<int8_t> offsets(levels.size());
  uint32_t most_redraws = 0, most_pulses = 0;  // of the word's cells
  for (size_t cell = 0; cell < levels.size(); ++cell) {
    check_range("level", levels[cell], 0, 3);
    const CellDraws draws(settings.seed, cell);
    uint32_t own_redraws = 0, own_pulses = 0;
    int64_t deviation =
        rshift(int64_t{shaped(draws, settings, own_redraws)} * settings.sigma[levels[cell]], 20);
    for (int pulse = 1; pulse <= settings.pulses; ++pulse) {
      if (std::abs(deviation) <= settings.tolerance) break;
      const int64_t step = rshift(
          int64_t{draws.z(Draw::kPulse, static_cast<uint32_t>(pulse))} * settings.pulse_sigma +
              (int64_t{settings.pulse_step} << 12),
          20);
      deviation -= deviation > 0 ? step : -step;
      ++pulses;
      ++own_pulses;
    }
    most_redraws = std::max(most_redraws, own_redraws);
    most_pulses = std::max(most_pulses, own_pulses);
    if (cell % kCellsOfAWord == kCellsOfAWord - 1) {
      if (redraws != nullptr) *redraws += most_redraws + most_pulses;
      most_redraws = most_pulses = 0;
    }
    if (settings.pulses > 0 && std::abs(deviation) > settings.tolerance) ++unverified;
    offsets[cell] = static_cast<int8_t>(std::clamp<int64_t>(deviation, -128, 127));
  }
  return offsets;
}

std::vector<uint8_t> generate_stuck(size_t cells, const GeneratorSettings& settings) {
  check(settings, cells);
  const uint32_t off = settings.off_rate, on = off + settings.on_rate;
  std::vector<uint8_t> stuck(cells);
  for (size_t cell = 0; cell < cells; ++cell) {
    const uint32_t h = CellDraws(settings.seed, cell).u(Draw::kStuck, 0) >> 16;
    stuck[cell] = h < off ? 1 : h < on ? 2 : 0;
  }
  return stuck;
}

}  // namespace crucible::models
