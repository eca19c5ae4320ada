// Where it hurts: by layer (searches that may move one layer alone), and to first order by bank and
// cell. See docs/sweep.md, "Layers, banks, cells".
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "host/experiment/i_reporter.hpp"
#include "host/experiment/sensitivity_map.hpp"
#include "host/experiment/study_folder.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::experiment {

/// What a search found, measured in the integer pipeline.
struct FoundChip {
  int images = 0, correct = 0;
  double search_accuracy = 0;  ///< of the float twin, on the search's images
  uint64_t gradient_evaluations = 0;
  models::WeightDelta delta;
};

struct LayerSensitivity {
  std::string name;
  FoundChip alone;  ///< only this layer's weights moved
  std::vector<models::BankPlacement> banks;
  CellMap clean, worst;  ///< at the network as it is, and at the chip found in the whole box
};

struct Sensitivity {
  SearchConfig config;
  StudySettings settings;                  ///< what a resumed study is compared with
  std::vector<models::LayerShape> shapes;  ///< of the network's layers
  std::string network, data;
  int clean_images = 0, clean_correct = 0;
  FoundChip all;  ///< every layer moved
  std::vector<LayerSensitivity> layers;
  bool interrupted = false;
};

/// Ends early when the reporter is interrupted: with the layers that are complete. The folder holds
/// every finished search and the checkpoint of the one under way; a study that is resumed gives the
/// same bytes as one never stopped. At the end it has sensitivity.json, <layer>_clean and
/// <layer>_worst each as .png and .npy, and <layer>_change.npy of the chip found in the whole box.
/// Throws crucible::Error for a bound that no grid holds or an unknown method, and what
/// StudyFolder::open() throws.
[[nodiscard]] Sensitivity study_sensitivity(Workbench& bench, const SearchConfig& config,
                                            const std::filesystem::path& folder, StudyStart start,
                                            IReporter& reporter);

[[nodiscard]] nlohmann::ordered_json sensitivity_json(const Sensitivity& study);
[[nodiscard]] std::string sensitivity_text(const Sensitivity& study);
/// A chip's numbers, without its change of the weights.
[[nodiscard]] nlohmann::ordered_json found_json(const FoundChip& chip);
[[nodiscard]] FoundChip found_from_json(const nlohmann::ordered_json& json);

}  // namespace crucible::experiment
