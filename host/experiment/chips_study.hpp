// Chips of an effects file, one a seed: accuracy of each on the model and, where there is one, on a
// device that makes the same chips from the same seeds. See docs/effects.md.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/experiment/effects_chip.hpp"
#include "host/experiment/i_reporter.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::experiment {

struct ChipsConfig {
  EffectsPlan plan;
  uint64_t first_seed = 1, last_seed = 100;
  int images = 200;  ///< spread evenly over the test images
  std::vector<double> quantiles{0.5, 0.1, 0.01};
  double confidence = 0.95;
  int threads = 0;
  std::string address;    ///< empty: the model alone
  bool on_board = false;  ///< firmware makes and counts the chips: seeds in, counts out
};

/// One chip on the model.
struct ChipOutcome {
  uint64_t seed = 0;
  int correct = 0;
  uint64_t pulses = 0, unverified = 0;
  models::TileCounters counters;
};

/// What the chips alone put on the wire where firmware counts them, looks for the answer included.
struct ChipsTraffic {
  uint64_t sent = 0, received = 0;
};

/// The same chips on a device: every logit and counter equal; counted by firmware, every count of
/// correct answers and the sum of every counter.
struct ChipsOnDevice {
  int chips = 0;
  port::PortStatistics traffic;           ///< of the whole campaign
  uint64_t campaign_bytes = 0;            ///< to the device, before the first chip
  driver::GenerationTraffic first, most;  ///< of the first chip, and the most of any later one
  std::optional<ChipsTraffic> on_board;
  double seconds = 0;
};

struct ChipsStudy {
  ChipsConfig config;
  std::string network, data, images, effects;
  int image_count = 0;
  double clean = 0;  ///< accuracy without effects on the same images
  std::vector<ChipOutcome> chips;
  std::optional<ChipsOnDevice> device;
  double model_s = 0;
  bool interrupted = false;

  [[nodiscard]] std::vector<double> accuracy() const;
};

/// Ends early, with a prefix of the chips, when the reporter is interrupted. Throws
/// crucible::Error: kUsage where nothing of the plan depends on a seed, kMismatch at the first
/// logit, counter or cell that differs between device and model.
[[nodiscard]] ChipsStudy study_chips(Workbench& bench, const ChipsConfig& config,
                                     IReporter& reporter);

[[nodiscard]] nlohmann::ordered_json chips_json(const ChipsStudy& study);
[[nodiscard]] std::string chips_text(const ChipsStudy& study);

}  // namespace crucible::experiment
