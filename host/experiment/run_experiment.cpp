#include "host/experiment/run_experiment.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/experiment/bracket.hpp"
#include "host/experiment/chance.hpp"
#include "host/experiment/hardware_queue.hpp"
#include "host/experiment/measurements.hpp"
#include "host/experiment/row_search.hpp"
#include "host/experiment/stopwatch.hpp"
#include "host/search/registry.hpp"

namespace crucible::experiment {
namespace {

/// The chip of the UART leg: random chip 0, but only the cells of the first bank deviate.
models::ChipOffsets first_bank_only(const Workbench& bench, models::ChipOffsets offsets) {
  const size_t cells =
      static_cast<size_t>(bench.geometry().rows) * static_cast<size_t>(bench.geometry().cols);
  std::fill(offsets.begin() + static_cast<std::ptrdiff_t>(cells), offsets.end(), int8_t{0});
  return offsets;
}

/// All that the job asks of the data is there.
void check_image_counts(const Workbench& bench) {
  const ExperimentConfig& config = bench.config();
  for (const int count :
       {config.images.model, config.images.hardware, config.images.uart, config.monte_carlo.images})
    static_cast<void>(bench.test_images(count));
  for (const SearchConfig& search : config.searches) {
    static_cast<void>(search.on == SearchOn::kTrain ? bench.training_images(config.images.search)
                                                    : bench.test_images(config.images.search));
    if (!search.tile.transparent)
      static_cast<void>(bench.training_images(search.tile.calibration_images));
  }
}

class MainJob {
 public:
  MainJob(Workbench& bench, IReporter& reporter)
      : bench_(bench), reporter_(reporter), brackets_(bench), measurements_(bench, reporter) {
    result_.config = bench.config();
    result_.device = measurements_.hardware().device().identity();
    result_.device_address = measurements_.hardware().address();
  }

  RunResult run() {
    const Stopwatch watch;
    timed("clean", [&] { clean(); });
    timed("monte_carlo", [&] { monte_carlo(); });
    for (const SearchConfig& config : bench_.config().searches) {
      if (ended()) break;
      timed("search " + config.name, [&] { search(config); });
    }
    if (reporter_.interrupted()) queue_.drop_waiting();
    timed("hardware after the searches", [&] { queue_.finish(); });
    result_.interrupted = reporter_.interrupted();
    result_.traffic = measurements_.hardware().traffic();
    result_.total_s = watch.seconds();
    return std::move(result_);
  }

 private:
  [[nodiscard]] bool ended() const { return reporter_.interrupted() || queue_.failed(); }

  template <class Stage>
  void timed(const std::string& name, const Stage& stage) {
    const Stopwatch watch;
    stage();
    result_.stage_s[name] = watch.seconds();
  }

  void clean() {
    result_.rows.push_back(clean_row(bench_));
    RowOutcome& row = result_.rows.back();
    queue_.add([this, &row] { result_.cells_programmed = measurements_.program(row.compiled); });
    evaluate_row(bench_, row);
    reporter_.line(fmt::format("model clean: {:.2f} % of {} test images",
                               100 * row.model.accuracy(), row.model.images()));
    queue_.add([this, &row] { measurements_.measure_row(row); });
  }

  void monte_carlo() {
    MonteCarloOutcome& outcome = result_.monte_carlo.emplace(chance_outcome(bench_));
    queue_chips(outcome);
    evaluate_chips(bench_, outcome, reporter_, [this] { return ended(); });
  }

  void queue_chips(MonteCarloOutcome& outcome) {
    if (measurements_.hardware().has_uart() && bench_.config().images.uart > 0) {
      queue_.add([this, &outcome] {
        if (reporter_.interrupted()) return;
        measurements_.uart_leg(outcome.compiled,
                               first_bank_only(bench_, draw_chip(bench_, outcome, 0)),
                               result_.uart.emplace());
      });
    }
    for (int chip = 0; chip < outcome.config.hardware_chips; ++chip) {
      outcome.hardware.push_back({.chip = chip, .hardware = {}});
      HardwareChip& measured = outcome.hardware.back();
      queue_.add([this, &outcome, &measured] {
        measurements_.measure_chip(outcome.compiled, draw_chip(bench_, outcome, measured.chip),
                                   outcome.config.images, measured);
      });
    }
  }

  void search(const SearchConfig& config) {
    result_.rows.push_back(search_row(bench_, config, result_.rows, reporter_));
    RowOutcome& row = result_.rows.back();
    evaluate_row(bench_, row);
    if (!reporter_.interrupted()) brackets_.add(row);
    reporter_.finish(
        "search " + config.name,
        fmt::format("search {}: {:.2f} % of {} test images on the model ({}{:.1f} s)", config.name,
                    100 * row.model.accuracy(), row.model.images(),
                    row.same_search_as.empty() ? "" : "as " + row.same_search_as + ", ",
                    row.search_s));
    queue_.add([this, &row] { measurements_.measure_row(row); });
  }

  Workbench& bench_;
  IReporter& reporter_;
  RunResult result_;
  Brackets brackets_;
  Measurements measurements_;
  HardwareQueue queue_;  ///< last: its jobs use everything above
};

}  // namespace

RunResult run_experiment(Workbench& bench, IReporter& reporter) {
  // What cannot work is said before anything starts.
  static_cast<void>(chance_box(bench));
  check_image_counts(bench);
  for (const SearchConfig& config : bench.config().searches) {
    static_cast<void>(search::find_method(config.method));
    static_cast<void>(
        models::make_box(bench.network(), config.bound, config.tile.realisation, config.tile.base));
  }
  return MainJob(bench, reporter).run();
}

}  // namespace crucible::experiment
