#include "models/device/job_cycles.hpp"

#include <algorithm>

namespace crucible::models {
namespace {

// rtl/core/README.md, "Latency".
constexpr uint64_t kLeadWithEffects = 3;
constexpr uint64_t kTail = 6, kTailWithEffects = 16;
constexpr uint64_t kHandshake = 1;
// rtl/serial/README.md, "Latency".
constexpr uint64_t kSerialTail = 14;
// With noise cell by cell: of a row beside its columns, and what the tail is shorter by, since the
// row's sums are there when its walk is done.
constexpr uint64_t kWalk = 12, kWalkTail = 4;

// cim_generator: a draw for eight cells; an access to a window; the look at the tolerance.
constexpr uint64_t kDraw = 7, kAccess = 3, kJudge = 1;
// cim_self_test: March C- reads five times and writes five times; five cycles a value of the ramp.
constexpr uint64_t kMarchAccesses = 10, kRampPhases = 5;
constexpr int kRampBits = 29;  // up to 2^29 LSB

uint64_t cells(const spec::HardwareConfig& config) {
  return static_cast<uint64_t>(config.banks) * static_cast<uint64_t>(config.rows) *
         static_cast<uint64_t>(config.cols);
}

uint64_t offset_words(const spec::HardwareConfig& config) { return cells(config) / 4; }

/// Cells of a word of LEVEL or STUCK.
uint64_t group(const spec::HardwareConfig& config) {
  return static_cast<uint64_t>(std::min(16, config.cols));
}

}  // namespace

JobTiming job_timing(const spec::HardwareConfig& config, const JobShape& job) {
  if (config.converters == 0) {  // the serial tile: a column after the other
    const uint64_t busy = uint64_t{job.count} * job.cols * (job.rows + kSerialTail);
    return {.slots = busy, .conversion = 0, .busy = busy, .overlaps = false};
  }
  const bool effects = config.effects != 0;
  const bool hold = 4 * config.cols > config.rows;  // as cim_tile chooses it
  const uint64_t groups = job.cols / static_cast<uint64_t>(config.converters);
  const uint64_t convert = groups + (effects ? kLeadWithEffects : 0);
  const uint64_t slot = hold ? std::max<uint64_t>(job.rows + 1, convert) : job.rows + 1 + convert;
  const uint64_t rows = uint64_t{job.rows} * (job.cell_noise ? job.cols + kWalk : 1);
  const uint64_t between = rows + slot - job.rows;  // from one vector to the next
  const uint64_t tail = (effects ? kTailWithEffects : kTail) - (job.cell_noise ? kWalkTail : 0);
  return {.slots = job.count * between,
          .conversion = groups + tail,
          .busy = (job.count - 1) * between + rows + groups + tail,
          .overlaps = hold && !job.cell_noise};
}

uint64_t job_cycles(const spec::HardwareConfig& config, const JobShape& job) {
  return kHandshake + job_timing(config, job).busy;
}

uint64_t offsets_cycles(const spec::HardwareConfig& config, uint64_t redraws) {
  return offset_words(config) * (kAccess + kDraw + kJudge + kAccess) + redraws * kDraw;
}

uint64_t stuck_cycles(const spec::HardwareConfig& config) {
  const uint64_t draws = group(config) == 16 ? 2 : 1;
  return cells(config) / group(config) * (draws * kDraw + kAccess);
}

uint64_t march_cycles(const spec::HardwareConfig& config) {
  return (2 * cells(config) / group(config) + offset_words(config)) * kMarchAccesses * kAccess;
}

uint64_t ramp_cycles(const spec::HardwareConfig& config, int bits, int shift) {
  const uint64_t values = uint64_t{1} << std::min(bits, kRampBits - shift);
  return values * static_cast<uint64_t>(config.cols) * kRampPhases;
}

}  // namespace crucible::models
