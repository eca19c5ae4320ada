// The folder of a study that is put away point by point and resumed: one document, replaced
// atomically, with the settings that it was made with.
#pragma once

#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/base/i_workers.hpp"
#include "host/search/checkpoint.hpp"

namespace crucible::experiment {

/// Everything that a study's result depends on, by name: what a resumed one is compared with.
using StudySettings = std::map<std::string, std::string>;

enum class StudyStart { kNew, kResume, kRestart };

class StudyFolder {
 public:
  /// kind: what the study calls itself; its document is <kind>.json, with an entry "settings".
  /// Where workers share the study, the first reads and writes, and all open.
  StudyFolder(std::filesystem::path path, std::string kind, IWorkers* workers = nullptr)
      : path_(std::move(path)), kind_(std::move(kind)), workers_(workers) {}

  /// The document of an earlier process, or none for a study that begins; then `stale` files are
  /// removed. Throws crucible::Error: kUsage for a folder that already holds a study (kNew), holds
  /// none (kResume) or is something else; kMismatch naming each setting that differs from the
  /// folder's, or between workers; kData for a damaged document.
  [[nodiscard]] std::optional<nlohmann::ordered_json> open(
      const StudySettings& settings, StudyStart start, const std::vector<std::string>& stale) const;
  /// Throws crucible::Error(kData): the document is not what its reader expects.
  [[noreturn]] void refuse(const std::string& why) const;
  /// Seconds by name, as they were put away; none where there are none.
  [[nodiscard]] std::map<std::string, double> seconds() const;

  /// Replaces the document atomically, then timing.json.
  void save(const nlohmann::ordered_json& document,
            const std::map<std::string, double>& seconds) const;
  /// Replaces another file atomically.
  void save(const std::string& name, const std::string& text) const;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  /// Of the search under way.
  [[nodiscard]] search::CheckpointFile checkpoint() const {
    return {checkpoint_path(), {}, workers_};
  }

 private:
  [[nodiscard]] std::filesystem::path document() const { return path_ / (kind_ + ".json"); }
  [[nodiscard]] std::filesystem::path checkpoint_path() const {
    return path_ / "search.checkpoint";
  }
  [[nodiscard]] nlohmann::ordered_json load(const StudySettings& settings) const;
  [[nodiscard]] std::optional<nlohmann::ordered_json> open_here(
      const StudySettings& settings, StudyStart start, const std::vector<std::string>& stale) const;

  std::filesystem::path path_;
  std::string kind_;
  IWorkers* workers_;
};

}  // namespace crucible::experiment
