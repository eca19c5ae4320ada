// The folder of a sweep: what is there from an earlier process, and what this one adds.
#pragma once

#include <filesystem>

#include "host/experiment/sweep.hpp"

namespace crucible::experiment {

class SweepFolder {
 public:
  explicit SweepFolder(std::filesystem::path path) : path_(std::move(path)) {}

  /// The points so far, or none. Throws as run_sweep() does.
  [[nodiscard]] Sweep open(const SweepSettings& settings, SweepStart start) const;
  /// Replaces sweep.json atomically, then timing.json.
  void save(const Sweep& sweep) const;
  /// sweep.csv and sweep.svg as well.
  void save_all(const Sweep& sweep) const;
  /// Of the search under way.
  [[nodiscard]] std::filesystem::path checkpoint() const { return path_ / "search.checkpoint"; }

 private:
  [[nodiscard]] std::filesystem::path document() const { return path_ / "sweep.json"; }
  [[nodiscard]] Sweep load(const SweepSettings& settings) const;
  void replace(const std::filesystem::path& file, const std::string& text) const;

  std::filesystem::path path_;
};

}  // namespace crucible::experiment
