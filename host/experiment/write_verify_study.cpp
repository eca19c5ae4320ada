#include "host/experiment/write_verify_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "host/base/parallel.hpp"
#include "host/base/workers.hpp"
#include "host/experiment/stopwatch.hpp"
#include "host/experiment/study_settings.hpp"
#include "models/error.hpp"
#include "models/variation/slice_range.hpp"

namespace crucible::experiment {
namespace {

models::VariationBound bound_of(double tolerance) {
  return models::VariationBound::device_levels(tolerance, models::IdleDevice::kDrifts);
}

models::CellProgrammer programmer(const WriteVerifyConfig& config, double tolerance) {
  models::WriteVerifySettings device = config.device;
  device.tolerance = tolerance;
  return {device, config.search.tile.base};
}

/// One study under way.
class Runner {
 public:
  Runner(Workbench& bench, const WriteVerifyConfig& config, const std::filesystem::path& path,
         IReporter& reporter)
      : bench_(bench),
        config_(config),
        folder_(path, "write-verify", bench.workers()),
        reporter_(reporter) {}

  WriteVerifyStudy run(const StudySettings& settings, StudyStart start) {
    open(settings, start);
    for (const double tolerance : config_.tolerances) {
      if (!add_row(tolerance)) return study_;
    }
    study_.complete = true;
    folder_.save("write-verify.md", write_verify_text(study_));
    folder_.save(write_verify_json(study_), study_.seconds);
    return study_;
  }

 private:
  void open(const StudySettings& settings, StudyStart start) {
    const auto document = folder_.open(settings, start, {"write-verify.md"});
    study_.settings = settings;
    if (!document) {
      folder_.save(write_verify_json(study_), {});
      return;
    }
    try {
      study_ = write_verify_from_json(*document);
    } catch (const nlohmann::json::exception& error) {
      folder_.refuse(error.what());
    }
    study_.seconds = folder_.seconds();
  }

  [[nodiscard]] bool interrupted() const { return any(bench_.workers(), reporter_.interrupted()); }

  /// False once the study was interrupted.
  bool add_row(double tolerance) {
    for (const WriteVerifyRow& row : study_.rows) {
      if (row.tolerance == tolerance) return true;
    }
    if (interrupted()) return false;
    const Stopwatch watch;
    WriteVerifyRow row;
    row.tolerance = tolerance;
    // A pair of each slice moves by twice the tolerance, and slices weigh 1 + 4.
    row.weight_bound = 2 * tolerance * models::kSliceSum / 15;
    program_chips(row);
    if (!config_.search.method.empty()) {
      SearchConfig search = config_.search;
      search.name = row.name();
      search.bound = bound_of(tolerance);
      search::CheckpointFile checkpoint = folder_.checkpoint();
      row.worst = find_worst_case(bench_, search, config_.certify_images, checkpoint, reporter_);
      if (!row.worst) return false;
    }
    if (interrupted()) return false;
    study_.rows.push_back(row);
    study_.seconds[row.name()] = watch.seconds();
    folder_.save(write_verify_json(study_), study_.seconds);
    reporter_.finish(
        "write-verify",
        fmt::format("{}: {:.1f} pulses a cell, {} ({:.0f} s)", row.name(), row.mean_pulses,
                    row.worst ? "found " + found_text(*row.worst) + " %" : "no search",
                    watch.seconds()));
    return true;
  }

  void program_chips(WriteVerifyRow& row) {
    const models::CellProgrammer cells = programmer(config_, row.tolerance);
    const auto count = static_cast<size_t>(config_.chips);
    std::vector<models::ProgrammedChip> chips(count);
    const int threads = thread_count(bench_.config().threads, bench_.workers());
    parallel_shards(count, threads, [&](size_t chip, int) {
      chips[chip] = models::program_chip(bench_.network(), cells, bench_.config().seed + chip);
    });
    add_pulses(chips, row);
    const eval::LabelledImages images = bench_.test_images(config_.images);
    row.chips = config_.chips;
    row.images = images.count();
    row.lowest = 1;
    for (const models::ProgrammedChip& chip : chips) {
      const models::CompiledNetwork compiled =
          bench_.compile(config_.search.tile, models::offsets_lsb_exp(chip), true);
      const double accuracy =
          eval::evaluate_model(
              compiled, models::programmed_offsets(bench_.network(), compiled, chip, row.cut),
              images, threads, bench_.workers())
              .accuracy();
      row.mean += accuracy / config_.chips;
      row.lowest = std::min(row.lowest, accuracy);
    }
    const models::CompiledNetwork compiled = bench_.compile(config_.search.tile, 8, false);
    row.clean = eval::evaluate_model(compiled, models::ChipOffsets(compiled.geometry.cells(), 0),
                                     images, threads, bench_.workers())
                    .accuracy();
  }

  static void add_pulses(const std::vector<models::ProgrammedChip>& chips, WriteVerifyRow& row) {
    std::vector<int64_t> with_pulses;
    int64_t pulses = 0;
    for (const models::ProgrammedChip& chip : chips) {
      row.cells += chip.cells;
      row.not_converged += chip.not_converged;
      row.largest_deviation =
          std::max(row.largest_deviation, std::ldexp(chip.largest, -models::kDeviationExp));
      with_pulses.resize(std::max(with_pulses.size(), chip.with_pulses.size()));
      for (size_t n = 0; n < chip.with_pulses.size(); ++n) {
        with_pulses[n] += chip.with_pulses[n];
        pulses += static_cast<int64_t>(n) * chip.with_pulses[n];
      }
    }
    row.mean_pulses = static_cast<double>(pulses) / static_cast<double>(row.cells);
    row.median_pulses = pulses_quantile(with_pulses, 0.5);
    row.p99_pulses = pulses_quantile(with_pulses, 0.99);
    row.most_pulses = static_cast<int>(with_pulses.size()) - 1;
  }

  Workbench& bench_;
  const WriteVerifyConfig& config_;
  StudyFolder folder_;
  IReporter& reporter_;
  WriteVerifyStudy study_;
};

void check(const Workbench& bench, const WriteVerifyConfig& config) {
  if (config.tolerances.empty())
    throw Error(ErrorKind::kUsage, "write-verify: no tolerance; give at least one");
  if (config.chips < 1) {
    throw Error(ErrorKind::kUsage,
                fmt::format("write-verify: {} chips; it must be 1 or more", config.chips));
  }
  for (const double tolerance : config.tolerances) {
    static_cast<void>(programmer(config, tolerance));
    try {
      static_cast<void>(models::make_grid(bench.network(), bound_of(tolerance)));
    } catch (const Error& error) {
      throw Error(error.kind(),
                  fmt::format("write-verify: tolerance {:g}: {}", tolerance, error.what()));
    }
  }
}

StudySettings settings_of(const Workbench& bench, const WriteVerifyConfig& config) {
  StudySettings settings = common_settings(bench, config.search, "device", "drifts");
  settings["network"] = network_word(bench);
  std::vector<std::string> tolerances;
  for (const double tolerance : config.tolerances) tolerances.push_back(setting_word(tolerance));
  settings["tolerances"] = fmt::format("{}", fmt::join(tolerances, ", "));
  settings["pulse"] = setting_word(config.device.pulse);
  settings["cycle"] = setting_word(config.device.cycle);
  settings["device"] = setting_word(config.device.device);
  settings["erase"] = setting_word(config.device.erase);
  settings["most_pulses"] = std::to_string(config.device.most_pulses);
  settings["chips"] = std::to_string(config.chips);
  settings["chip_images"] = images_word(bench, bench.test_images(config.images));
  settings["certify_images"] = std::to_string(config.certify_images);
  return settings;
}

}  // namespace

std::string WriteVerifyRow::name() const { return fmt::format("tolerance {}", tolerance); }

int pulses_quantile(const std::vector<int64_t>& with_pulses, double share) {
  int64_t cells = 0, up_to = 0;
  for (const int64_t count : with_pulses) cells += count;
  for (size_t n = 0; n < with_pulses.size(); ++n) {
    up_to += with_pulses[n];
    if (static_cast<double>(up_to) >= share * static_cast<double>(cells))
      return static_cast<int>(n);
  }
  return static_cast<int>(with_pulses.size()) - 1;
}

WriteVerifyStudy study_write_verify(Workbench& bench, const WriteVerifyConfig& config,
                                    const std::filesystem::path& folder, StudyStart start,
                                    IReporter& reporter) {
  check(bench, config);
  return Runner(bench, config, folder, reporter).run(settings_of(bench, config), start);
}

}  // namespace crucible::experiment
