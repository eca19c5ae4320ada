// Networks judged by the same table: clean accuracy, random chips, the worst chip found and the
// certified floor, at the same bounds. See docs/compare.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/experiment/chance_study.hpp"
#include "host/experiment/i_reporter.hpp"
#include "host/experiment/study_folder.hpp"
#include "host/experiment/workbench.hpp"
#include "host/experiment/worst_case.hpp"

namespace crucible::experiment {

struct CompareConfig {
  std::vector<double> bounds;
  std::string convention = "weight", idle;  ///< as make_bound() takes them
  SearchConfig search;                      ///< all but name and bound
  int chips = 400;                          ///< random chips of each row; 0: none
  int chip_images = 200;                    ///< spread evenly over the test images
  int chains = 50;                          ///< of the subset simulation for the tail; 0: none
  double confidence = 0.95;
  int certify_images = 200;  ///< first test images to certify; 0: none
};

/// The accuracy (0 .. 1) that a fraction q of all chips does not exceed.
struct ChipQuantile {
  double q = 0;
  std::optional<double> accuracy, lo, hi;  ///< empty where it cannot be said
  std::string by;                          ///< "chips" or "subset-simulation"
};

struct ChipColumns {
  int chips = 0, images = 0;
  double clean = 0, mean = 0, lowest = 0;  ///< accuracy on these images
  double mean_lo = 0, mean_hi = 0;         ///< equal to the mean where one chip was drawn
  std::vector<ChipQuantile> quantiles;     ///< of kPercentiles
};

struct CompareRow {
  std::string network;
  double bound = 0;
  std::vector<double> rms_over_w_max;  ///< of each layer
  WorstCase worst;
  std::optional<ChipColumns> chips;
  [[nodiscard]] std::string name() const;  ///< "network at bound"
};

struct Comparison {
  StudySettings settings;
  std::vector<CompareRow> rows;  ///< by bound, then by network
  bool complete = false;
  std::map<std::string, double> seconds;  ///< by row; differs from run to run
};

/// The networks of the zoo for the configuration's data: the plain one first, then the hardened.
[[nodiscard]] std::vector<std::string> zoo_networks(const data::Dataset& dataset);

/// One row for each bound and network, in `folder`: compare.json is replaced atomically after each
/// row; compare.md follows at the end; timing.json holds what differs from run to run; a search
/// under way keeps its checkpoint beside them. An interrupted comparison is returned with the rows
/// so far. The benches' workers share each row. Throws crucible::Error: kUsage for networks of one
/// name and for a bound that the offsets cannot represent, before anything is searched; what
/// find_worst_case() and StudyFolder throw.
[[nodiscard]] Comparison run_compare(const std::vector<std::unique_ptr<Workbench>>& benches,
                                     const CompareConfig& config,
                                     const std::filesystem::path& folder, StudyStart start,
                                     IReporter& reporter);

[[nodiscard]] nlohmann::ordered_json compare_json(const Comparison& comparison);
/// The inverse of compare_json(). Throws nlohmann::json::exception.
[[nodiscard]] Comparison compare_from_json(const nlohmann::ordered_json& json);
/// A table in Markdown for each bound, without seconds.
[[nodiscard]] std::string compare_text(const Comparison& comparison);

}  // namespace crucible::experiment
