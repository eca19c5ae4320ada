// See write_verify.hpp.
#include "models/variation/write_verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "models/error.hpp"
#include "models/tile/cell.hpp"
#include "models/variation/chip_cells.hpp"
#include "models/variation/philox.hpp"

namespace crucible::models {
namespace {

constexpr int kNormal = 128;    // one standard deviation of the normal numbers
constexpr int kTruncation = 4;  // in standard deviations
constexpr int kShareExp = 8;    // shares of a step are multiples of 2^-8
constexpr int kSlowest = 4;     // no device's mean step is below a quarter of all devices'
constexpr uint32_t kStream = 0x77726974;  // beside the distributions of random chips

int32_t to_units(double levels) {
  return static_cast<int32_t>(std::floor(std::ldexp(levels, kDeviationExp) + 1e-9));
}

int32_t to_share(double share) {
  return static_cast<int32_t>(std::lround(std::ldexp(share, kShareExp)));
}

void require(bool good, const char* name, double value, const char* range) {
  if (good) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("write-verify: {} is {}; it must be {}", name, value, range));
}

/// Number `draw` of a cell.
uint64_t random_bits(uint64_t seed, uint64_t cell, uint32_t draw) {
  const PhiloxCounter words =
      philox({static_cast<uint32_t>(cell), static_cast<uint32_t>(cell >> 32), kStream, draw},
             {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
  return uint64_t{words[0]} << 32 | words[1];
}

}  // namespace

CellProgrammer::CellProgrammer(const WriteVerifySettings& s, int base)
    : base_(base),
      tolerance_(0),
      pulse_(0),
      erase_(0),
      cycle_(0),
      device_(0),
      most_pulses_(s.most_pulses),
      normal_(kTruncation * kNormal, 1.0 / kTruncation) {
  require(base >= 0 && base <= 255, "base", base, "0 .. 255 (2^-8 level)");
  require(s.tolerance >= 1e-5 && s.tolerance <= 1, "tolerance", s.tolerance, "1e-5 .. 1 level");
  require(s.pulse >= 1e-4 && s.pulse <= 3, "pulse", s.pulse, "1e-4 .. 3 levels");
  require(s.cycle >= 0 && s.cycle <= 2, "cycle", s.cycle, "0 .. 2 (share of a step)");
  require(s.device >= 0 && s.device <= 1, "device", s.device, "0 .. 1 (share of a step)");
  require(s.erase >= 0 && s.erase <= 1, "erase", s.erase, "0 .. 1 level");
  require(s.most_pulses >= 0 && s.most_pulses <= 100'000, "most_pulses", s.most_pulses,
          "0 .. 100000");
  tolerance_ = to_units(s.tolerance);
  pulse_ = to_units(s.pulse);
  erase_ = to_units(s.erase);
  cycle_ = to_share(s.cycle);
  device_ = to_share(s.device);
}

int32_t CellProgrammer::spread(int32_t mean, int32_t share, uint64_t uniform) const {
  const int64_t one = int64_t{kNormal} << kShareExp;
  const int64_t factor = one + int64_t{share} * normal_.draw(uniform);
  return static_cast<int32_t>(mean * factor / one);
}

ProgrammedCell CellProgrammer::program(int level, uint64_t seed, uint64_t cell) const {
  const CellScale scale{kDeviationExp, base_};
  const int32_t target = scale.target(level), top = scale.upper_rail();
  const int64_t erased =
      scale.target(0) + int64_t{erase_} * normal_.draw(random_bits(seed, cell, 0)) / kNormal;
  // A device that hardly moves would never arrive; such are sorted out.
  const int32_t step =
      std::max(pulse_ / kSlowest, spread(pulse_, device_, random_bits(seed, cell, 1)));
  ProgrammedCell result;
  auto g = static_cast<int32_t>(std::clamp<int64_t>(erased, 0, top));
  while (true) {
    result.deviation = g - target;
    result.converged = std::abs(result.deviation) <= tolerance_;
    if (result.converged || result.pulses == most_pulses_) return result;
    const int32_t moved =
        spread(step, cycle_, random_bits(seed, cell, static_cast<uint32_t>(2 + result.pulses)));
    g = std::clamp(result.deviation < 0 ? g + moved : g - moved, 0, top);
    ++result.pulses;
  }
}

ProgrammedChip program_chip(const QuantisedNetwork& network, const CellProgrammer& programmer,
                            uint64_t seed) {
  ProgrammedChip chip;
  for (const QuantisedLayer& layer : network.layers) {
    for (const int8_t weight : layer.weights) {
      for (int slice = 0; slice < kSlices; ++slice) {
        for (const int level : {slice_level(std::abs(int{weight}), slice), 0}) {
          const ProgrammedCell cell =
              programmer.program(level, seed, static_cast<uint64_t>(chip.cells));
          ++chip.cells;
          chip.deviation.push_back(cell.deviation);
          const auto pulses = static_cast<size_t>(cell.pulses);
          if (chip.with_pulses.size() <= pulses) chip.with_pulses.resize(pulses + 1);
          ++chip.with_pulses[pulses];
          const int32_t size = std::abs(cell.deviation);
          chip.largest = std::max(chip.largest, size);
          if (cell.converged) chip.largest_converged = std::max(chip.largest_converged, size);
          chip.not_converged += cell.converged ? 0 : 1;
        }
      }
    }
  }
  return chip;
}

int offsets_lsb_exp(const ProgrammedChip& chip) {
  int lsb_exp = kDeviationExp;
  while (lsb_exp > 8 && chip.largest >> (kDeviationExp - lsb_exp) > kMostSteps) --lsb_exp;
  return lsb_exp;
}

ChipOffsets programmed_offsets(const QuantisedNetwork& network, const CompiledNetwork& compiled,
                               const ProgrammedChip& chip, int64_t& cut) {
  check_same_network(network, compiled);
  ChipOffsets offsets(compiled.geometry.cells(), 0);
  const int32_t unit = int32_t{1} << (kDeviationExp - compiled.common.lsb_exp);
  size_t next = 0;
  const auto place = [&](size_t cell) {
    const int32_t offset = chip.deviation.at(next++) / unit;
    const int32_t held = std::clamp(offset, -128, 127);
    cut += held != offset ? 1 : 0;
    offsets[cell] = static_cast<int8_t>(held);
  };
  for (size_t l = 0; l < network.layers.size(); ++l) {
    for_each_weight(network, compiled, l, [&](size_t, const WeightCells& cells) {
      for (int s = 0; s < kSlices; ++s) {
        place(cells.active[s]);
        place(cells.idle[s]);
      }
    });
  }
  return offsets;
}

}  // namespace crucible::models
