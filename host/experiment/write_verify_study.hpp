// Write-verify as the origin of the bound: for each tolerance what it costs in pulses, what chips
// programmed so do, and the worst chip inside the bound that it gives. See docs/variation.md.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/experiment/study_folder.hpp"
#include "host/experiment/worst_case.hpp"
#include "models/variation/write_verify.hpp"

namespace crucible::experiment {

struct WriteVerifyConfig {
  std::vector<double> tolerances;      ///< levels
  models::WriteVerifySettings device;  ///< all but the tolerance
  SearchConfig search;                 ///< all but name and bound; no method: no search
  int chips = 4;                       ///< programmed from config.seed on
  int images = 1000;                   ///< test images of a programmed chip
  int certify_images = 0;              ///< first test images to certify; 0: none
};

struct WriteVerifyRow {
  double tolerance = 0;     ///< levels: the bound of every cell that converged, idle ones too
  double weight_bound = 0;  ///< the same as a fraction of a layer's w_max of 15 LSB, pairs moving
                            ///< apart: what an idle device adds is in it
  int chips = 0;
  int64_t cells = 0, not_converged = 0;  ///< of all chips
  double mean_pulses = 0;                ///< a cell
  int median_pulses = 0, p99_pulses = 0, most_pulses = 0;
  double largest_deviation = 0;  ///< levels, of cells that did not converge, too
  int64_t cut = 0;  ///< cells farther off than an offset register holds: programmed less far off
  int images = 0;
  double clean = 0, mean = 0, lowest = 0;  ///< accuracy of the chips on these images
  std::optional<WorstCase> worst;
  [[nodiscard]] std::string name() const;  ///< "tolerance T"
};

struct WriteVerifyStudy {
  StudySettings settings;
  std::vector<WriteVerifyRow> rows;
  bool complete = false;
  std::map<std::string, double> seconds;  ///< by row; differs from run to run
};

/// One row for each tolerance, in `folder`: write-verify.json is replaced atomically after each;
/// write-verify.md follows at the end; a search under way keeps its checkpoint beside them. An
/// interrupted study is returned with the rows so far. Throws crucible::Error: kUsage for values
/// out of range and for tolerances that the offsets cannot represent, before anything is
/// programmed; what find_worst_case() and StudyFolder throw.
[[nodiscard]] WriteVerifyStudy study_write_verify(Workbench& bench, const WriteVerifyConfig& config,
                                                  const std::filesystem::path& folder,
                                                  StudyStart start, IReporter& reporter);

/// Smallest number of pulses that a share of all cells does not exceed. with_pulses[n]: cells that
/// took n pulses.
[[nodiscard]] int pulses_quantile(const std::vector<int64_t>& with_pulses, double share);

[[nodiscard]] nlohmann::ordered_json write_verify_json(const WriteVerifyStudy& study);
/// The inverse of write_verify_json(). Throws nlohmann::json::exception.
[[nodiscard]] WriteVerifyStudy write_verify_from_json(const nlohmann::ordered_json& json);
/// The table in Markdown, without seconds.
[[nodiscard]] std::string write_verify_text(const WriteVerifyStudy& study);

}  // namespace crucible::experiment
