// The folder of a study of sensitivity: the searches that an earlier process finished, and what
// this one adds.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "host/experiment/sensitivity.hpp"
#include "host/experiment/study_folder.hpp"

namespace crucible::experiment {

/// Chips by what was moved: a layer's name, or kAllLayers.
using FoundChips = std::map<std::string, FoundChip>;
inline constexpr const char* kAllLayers = "all layers";

class SensitivityFolder {
 public:
  explicit SensitivityFolder(std::filesystem::path path)
      : folder_(std::move(path), "sensitivity") {}

  /// The searches so far, or none. Throws as StudyFolder::open().
  [[nodiscard]] FoundChips open(const models::QuantisedNetwork& network,
                                const StudySettings& settings, StudyStart start) const;
  /// Puts a finished search away: its numbers, and of the whole box the chip's change of the
  /// weights, <layer>_change.npy. Replaces sensitivity.json atomically, last.
  void save(const Sensitivity& study, const FoundChips& found) const;
  /// The maps, and sensitivity.json as that of a study never stopped.
  void save_all(const Sensitivity& study) const;
  [[nodiscard]] search::CheckpointFile checkpoint() const { return folder_.checkpoint(); }

 private:
  StudyFolder folder_;
};

}  // namespace crucible::experiment
