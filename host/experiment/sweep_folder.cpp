#include "host/experiment/sweep_folder.hpp"

#include <fmt/format.h>

#include "host/experiment/text_file.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace fs = std::filesystem;

void SweepFolder::replace(const fs::path& file, const std::string& text) const {
  const fs::path fresh = file.string() + ".new";
  write_text(fresh, text);
  std::error_code failure;
  fs::rename(fresh, file, failure);
  if (failure) {
    throw Error(ErrorKind::kData,
                fmt::format("{}: cannot be replaced: {}", file.string(), failure.message()));
  }
}

Sweep SweepFolder::load(const SweepSettings& settings) const {
  Sweep sweep;
  try {
    sweep = sweep_from_json(nlohmann::ordered_json::parse(read_text(document())));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorKind::kData, fmt::format("{}: not a whole sweep ({}); begin anew with "
                                              "--restart",
                                              document().string(), error.what()));
  }
  std::string differences;
  for (const auto& [name, value] : settings) {
    const auto theirs = sweep.settings.find(name);
    if (theirs != sweep.settings.end() && theirs->second == value) continue;
    differences += fmt::format("\n  {}: the sweep has '{}', this command has '{}'", name,
                               theirs == sweep.settings.end() ? "nothing" : theirs->second, value);
  }
  if (!differences.empty()) {
    throw Error(ErrorKind::kMismatch,
                fmt::format("{}: made with other settings; resume with the same, begin anew with "
                            "--restart, or choose another --name{}",
                            document().string(), differences));
  }
  const auto timing = nlohmann::ordered_json::parse(
      fs::exists(path_ / "timing.json") ? read_text(path_ / "timing.json") : "", nullptr, false);
  if (timing.contains("seconds")) {
    sweep.seconds = timing["seconds"].get<std::map<std::string, double>>();
  }
  return sweep;
}

Sweep SweepFolder::open(const SweepSettings& settings, SweepStart start) const {
  const bool there = fs::exists(document());
  if (there && start == SweepStart::kResume) return load(settings);
  if (start == SweepStart::kResume) {
    throw Error(ErrorKind::kUsage,
                fmt::format("sweep: no {} to resume; leave out --resume", document().string()));
  }
  if (there && start == SweepStart::kNew) {
    throw Error(ErrorKind::kUsage,
                fmt::format("sweep: {} is there already; go on with --resume, begin anew with "
                            "--restart, or choose another --name",
                            document().string()));
  }
  if (!there && fs::exists(path_) && !fs::is_empty(path_)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("{}: is there already and is no sweep (no sweep.json); choose another "
                            "--name or --out, or remove it",
                            path_.string()));
  }
  std::error_code failure;
  fs::create_directories(path_, failure);
  if (failure) {
    throw Error(ErrorKind::kData,
                fmt::format("{}: cannot be created: {}; is there space and permission?",
                            path_.string(), failure.message()));
  }
  for (const char* old : {"search.checkpoint", "sweep.csv", "sweep.svg", "timing.json"}) {
    fs::remove(path_ / old, failure);
  }
  Sweep sweep;
  sweep.settings = settings;
  return sweep;
}

void SweepFolder::save(const Sweep& sweep) const {
  replace(document(), sweep_json(sweep).dump(2) + "\n");
  replace(path_ / "timing.json", nlohmann::ordered_json{{"seconds", sweep.seconds}}.dump(2) + "\n");
}

void SweepFolder::save_all(const Sweep& sweep) const {
  replace(path_ / "sweep.csv", sweep_csv(sweep));
  replace(path_ / "sweep.svg", sweep_svg(sweep));
  save(sweep);
}

}  // namespace crucible::experiment
