// The folder of a sweep: what is there from an earlier process, and what this one adds.
#pragma once

#include <filesystem>

#include "host/experiment/study_folder.hpp"
#include "host/experiment/sweep.hpp"

namespace crucible::experiment {

class SweepFolder {
 public:
  explicit SweepFolder(std::filesystem::path path) : folder_(std::move(path), "sweep") {}

  /// The points so far, or none. Throws as run_sweep() does.
  [[nodiscard]] Sweep open(const SweepSettings& settings, StudyStart start) const;
  /// Replaces sweep.json atomically, then timing.json.
  void save(const Sweep& sweep) const;
  /// sweep.csv and sweep.svg as well.
  void save_all(const Sweep& sweep) const;
  /// Of the search under way.
  [[nodiscard]] search::CheckpointFile checkpoint() const { return folder_.checkpoint(); }

 private:
  StudyFolder folder_;
};

}  // namespace crucible::experiment
