// Accuracy against the bound: one search for each bound of a grid or of a bisection, beside random
// chips and the certificate. See docs/sweep.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/experiment/i_reporter.hpp"
#include "host/experiment/run_result.hpp"
#include "host/experiment/study_folder.hpp"
#include "host/experiment/sweep_grid.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::experiment {

struct SweepConfig {
  double from = 1e-4, to = 1e-1;
  int points = 7;               ///< of the grid
  std::optional<double> reach;  ///< accuracy 0 .. 1: a bisection in place of the grid
  double resolution = 0.05;     ///< of the bisection: ratio of the bracket's ends minus 1
  std::string convention = "weight", idle;  ///< as make_bound() takes them
  SearchConfig search;                      ///< all but name and bound
  int chips = 0;                            ///< random chips for each bound, on monte_carlo.images
  int certify_images = 1000;   ///< first test images to certify for each bound; 0: none
  bool certify_tight = false;  ///< with the linear relaxation, up to 20 ms an image
};

struct RandomChips {
  int chips = 0, images = 0;
  double mean = 0, lowest = 0;  ///< accuracy, 0 .. 1
};

struct SweepPoint {
  double bound = 0;
  int lsb_exp = 0;             ///< one offset is worth 2^-lsb_exp level
  std::vector<int> steps;      ///< largest offset of a cell, per layer
  double search_accuracy = 0;  ///< of the float twin, on the search's images
  uint64_t gradient_evaluations = 0, count_evaluations = 0;
  int images = 0, correct = 0;  ///< in the integer pipeline
  std::optional<RandomChips> random;
  std::optional<AccuracyBracket> certified;
  [[nodiscard]] double accuracy() const {
    return images > 0 ? static_cast<double>(correct) / images : 0.0;
  }
};

using SweepSettings = StudySettings;

struct Sweep {
  SweepSettings settings;
  int clean_images = 0, clean_correct = 0;
  std::vector<SweepPoint> points;  ///< in the order in which they were searched
  std::optional<Bracket> bracket;  ///< of a bisection that has ended
  bool complete = false;
  std::map<std::string, double> seconds;  ///< by bound; differs from run to run
};

/// Works in `folder`: sweep.json is replaced atomically after each point, and holds the points so
/// far; sweep.csv and sweep.svg follow at the end; timing.json holds what differs from run to run;
/// a search under way keeps its checkpoint beside them. An interrupted sweep is returned with the
/// points so far, not complete. Throws crucible::Error: kUsage for a bound that the offsets cannot
/// represent (naming point and nearest bound, before anything is searched), for a folder that
/// already holds a sweep (kNew), holds none (kResume) or is something else; kMismatch naming each
/// setting that differs from the folder's; kData for damaged files.
[[nodiscard]] Sweep run_sweep(Workbench& bench, const SweepConfig& config,
                              const std::filesystem::path& folder, StudyStart start,
                              IReporter& reporter);

/// The words of everything that a sweep's result depends on.
[[nodiscard]] SweepSettings sweep_settings(const Workbench& bench, const SweepConfig& config);

[[nodiscard]] nlohmann::ordered_json sweep_json(const Sweep& sweep);
/// The inverse of sweep_json(). Throws nlohmann::json::exception.
[[nodiscard]] Sweep sweep_from_json(const nlohmann::ordered_json& json);
[[nodiscard]] std::string sweep_csv(const Sweep& sweep);
[[nodiscard]] std::string sweep_svg(const Sweep& sweep);
/// A table for the terminal, with the bracket of a bisection.
[[nodiscard]] std::string sweep_text(const Sweep& sweep);

}  // namespace crucible::experiment
