// How long the tile works, by the sequencer of rtl/core and the masters of rtl/inject.
#pragma once

#include <cstdint>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::models {

/// The shape of a job: rows and physical columns in use, vectors.
struct JobShape {
  uint32_t rows = 0, cols = 0, count = 0;
  bool cell_noise = false;  ///< noise cell by cell: column after column of every row
};

/// When a job that is offered at once after another one is taken, and when it has ended; in cycles
/// of the tile from the job's handshake on.
struct JobTiming {
  uint64_t slots = 0;       ///< the rows of all vectors are read
  uint64_t conversion = 0;  ///< what a next job's rows must not be shorter than to be taken then
  uint64_t busy = 0;        ///< until the last result is written
  bool overlaps = false;    ///< a next job may be taken before that
};
[[nodiscard]] JobTiming job_timing(const spec::HardwareConfig& config, const JobShape& job);

/// Cycles in which the device is busy with a job, as BUSY_CYCLES counts them: from the start's
/// handshake to the last busy cycle of the tile. Exact.
[[nodiscard]] uint64_t job_cycles(const spec::HardwareConfig& config, const JobShape& job);

/// Cycles of a generated chip: of offsets with so many redraws (chip_generator.hpp), of stuck
/// cells. Exact.
[[nodiscard]] uint64_t offsets_cycles(const spec::HardwareConfig& config, uint64_t redraws);
[[nodiscard]] uint64_t stuck_cycles(const spec::HardwareConfig& config);

/// Cycles of a self-test: of a march over sound memories; of a ramp with these bits of a code and
/// this shift. Exact.
[[nodiscard]] uint64_t march_cycles(const spec::HardwareConfig& config);
[[nodiscard]] uint64_t ramp_cycles(const spec::HardwareConfig& config, int bits, int shift);

}  // namespace crucible::models
