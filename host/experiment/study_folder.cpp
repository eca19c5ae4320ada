#include "host/experiment/study_folder.hpp"

#include <fmt/format.h>

#include "host/base/workers.hpp"
#include "host/experiment/text_file.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace fs = std::filesystem;

void StudyFolder::refuse(const std::string& why) const {
  throw Error(ErrorKind::kData, fmt::format("{}: not a whole {} ({}); begin anew with --restart",
                                            document().string(), kind_, why));
}

nlohmann::ordered_json StudyFolder::load(const StudySettings& settings) const {
  nlohmann::ordered_json json;
  StudySettings theirs;
  try {
    json = nlohmann::ordered_json::parse(read_text(document()));
    theirs = json.at("settings").get<StudySettings>();
  } catch (const nlohmann::json::exception& error) {
    refuse(error.what());
  }
  std::string differences;
  for (const auto& [name, value] : settings) {
    const auto found = theirs.find(name);
    if (found != theirs.end() && found->second == value) continue;
    differences += fmt::format("\n  {}: the {} has '{}', this command has '{}'", name, kind_,
                               found == theirs.end() ? "nothing" : found->second, value);
  }
  if (differences.empty()) return json;
  throw Error(ErrorKind::kMismatch,
              fmt::format("{}: made with other settings; resume with the same, begin anew with "
                          "--restart, or choose another --name{}",
                          document().string(), differences));
}

std::map<std::string, double> StudyFolder::seconds() const {
  if (!is_first(workers_)) return {};
  const fs::path file = path_ / "timing.json";
  const auto timing =
      nlohmann::ordered_json::parse(fs::exists(file) ? read_text(file) : "", nullptr, false);
  if (!timing.contains("seconds")) return {};
  return timing["seconds"].get<std::map<std::string, double>>();
}

std::optional<nlohmann::ordered_json> StudyFolder::open(
    const StudySettings& settings, StudyStart start, const std::vector<std::string>& stale) const {
  require_equal_facts(workers_, kind_, settings);
  std::optional<nlohmann::ordered_json> document;
  if (is_first(workers_)) document = open_here(settings, start, stale);
  const std::string text = text_of_first(workers_, document ? document->dump() : "");
  if (is_first(workers_) || text.empty()) return document;
  return nlohmann::ordered_json::parse(text);
}

std::optional<nlohmann::ordered_json> StudyFolder::open_here(
    const StudySettings& settings, StudyStart start, const std::vector<std::string>& stale) const {
  const bool there = fs::exists(document());
  if (there && start == StudyStart::kResume) return load(settings);
  if (start == StudyStart::kResume) {
    throw Error(ErrorKind::kUsage,
                fmt::format("{}: no {} to resume; leave out --resume", kind_, document().string()));
  }
  if (there && start == StudyStart::kNew) {
    throw Error(ErrorKind::kUsage,
                fmt::format("{}: {} is there already; go on with --resume, begin anew with "
                            "--restart, or choose another --name",
                            kind_, document().string()));
  }
  if (!there && fs::exists(path_) && !fs::is_empty(path_)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("{}: is there already and is no {} (no {}.json); choose another "
                            "--name or --out, or remove it",
                            path_.string(), kind_, kind_));
  }
  std::error_code failure;
  fs::create_directories(path_, failure);
  if (failure) {
    throw Error(ErrorKind::kData,
                fmt::format("{}: cannot be created: {}; is there space and permission?",
                            path_.string(), failure.message()));
  }
  for (const std::string& old : stale) fs::remove(path_ / old, failure);
  fs::remove(path_ / "timing.json", failure);
  fs::remove(checkpoint_path(), failure);
  return std::nullopt;
}

void StudyFolder::save(const nlohmann::ordered_json& document,
                       const std::map<std::string, double>& seconds) const {
  save(kind_ + ".json", document.dump(2) + "\n");
  save("timing.json", nlohmann::ordered_json{{"seconds", seconds}}.dump(2) + "\n");
}

void StudyFolder::save(const std::string& name, const std::string& text) const {
  if (!is_first(workers_)) return;
  const fs::path file = path_ / name, fresh = file.string() + ".new";
  write_text(fresh, text);
  std::error_code failure;
  fs::rename(fresh, file, failure);
  if (failure) {
    throw Error(ErrorKind::kData,
                fmt::format("{}: cannot be replaced: {}", file.string(), failure.message()));
  }
}

}  // namespace crucible::experiment
