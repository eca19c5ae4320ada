#include "host/experiment/in_loop.hpp"

#include <fmt/format.h>

#include <cmath>

#include "host/base/workers.hpp"
#include "host/certify/dead_zone.hpp"
#include "host/experiment/bracket.hpp"
#include "host/experiment/hardware.hpp"
#include "host/experiment/in_loop_evaluator.hpp"
#include "host/experiment/on_board_search.hpp"
#include "host/experiment/rank_address.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/row_search.hpp"
#include "host/experiment/stopwatch.hpp"
#include "host/search/device/readings.hpp"

namespace crucible::experiment {

namespace {

/// On every worker, so that none waits for the others. The floor of the box in the pipeline that
/// the program gave the device; the search is not told of it. A device that counts otherwise where
/// nothing moves is another pipeline.
void add_bracket(const Workbench& bench, const models::WeightBox& box,
                 const models::CompiledNetwork& truth, const eval::LabelledImages& images,
                 InLoopOutcome& outcome) {
  const BracketConfig& config = bench.config().bracket;
  if (config.images == 0) return;
  const certify::CertifyResult floor = certify::certify(
      bench.network(), truth, box, images.pixels, images.labels,
      {.relax = config.tight, .threads = thread_count(bench.config().threads, bench.workers())});
  if (floor.clean != outcome.clean_correct) return;
  const auto found = static_cast<int>(
      std::lround(outcome.result.search.accuracy * static_cast<double>(outcome.images)));
  outcome.bracket = make_bracket(floor, found, "search in the loop of " + outcome.device);
  outcome.bracket->tight = config.tight;
  outcome.bracket->trivial = certify::is_trivial(truth, box);
}

}  // namespace

InLoopOutcome search_in_loop(Workbench& bench, const SearchConfig& config,
                             const InLoopSettings& settings, IReporter& reporter,
                             search::CheckpointFile* checkpoint) {
  const Stopwatch watch;
  const models::WeightBox box =
      models::make_box(bench.network(), config.bound, config.tile.realisation, config.tile.base);
  const search::SearchProblem problem = search_problem(bench, config, box);
  const eval::LabelledImages images{problem.images, problem.labels};
  const models::CompiledNetwork known = bench.compile(config.tile, box.grid.lsb_exp, true);
  models::CompiledNetwork truth = known;
  if (settings.hidden_adc > 0)
    truth.common.adc_offset =
        random_adc_offsets(bench.geometry(), settings.hidden_adc, bench.config().seed);

  const search::Progress progress = search_progress(reporter, "search " + config.name);
  models::WeightDelta start;
  if (!settings.from.empty())
    start = search::run_search(problem, settings.from, {}, progress).delta;

  DeviceConfig mine = bench.config().device;
  mine.address = rank_address(mine.address, bench.workers());
  require_own_device(mine.address, bench.workers());
  Hardware hardware(mine);
  InLoopOutcome outcome;
  DeviceInLoop device(hardware.device(), bench.network(), truth, images, bench.workers());
  outcome.device = device.identity();
  outcome.images = images.count();
  outcome.on_board = settings.on_board;
  if (settings.on_board) {
    const OnBoardOutcome found =
        search_on_board(bench, config, box, truth, images, start, hardware.device(), reporter);
    outcome.clean_correct = found.clean_correct;
    outcome.result = found.result;
    outcome.wire_bytes = found.wire_bytes;
  } else {
    outcome.clean_correct = search::count_correct(
        device.measure(models::ChipOffsets(bench.geometry().cells(), 0), search::Read::kLogits),
        images.labels);
    outcome.result = search::run_device_search({problem, device, known, start}, config.method,
                                               config.settings, progress, checkpoint);
    outcome.wire_bytes = device.wire_bytes();
  }
  add_bracket(bench, box, truth, images, outcome);
  outcome.seconds = watch.seconds();
  outcome.row.config = config;
  outcome.row.search = outcome.result.search;
  outcome.row.compiled = known;
  outcome.row.offsets = models::realise(bench.network(), known, box, outcome.result.search.delta);
  outcome.row.steps = box.grid.steps;
  outcome.row.search_s = outcome.seconds;
  return outcome;
}

std::string in_loop_text(const InLoopOutcome& outcome, const SearchConfig& config) {
  const search::DeviceStatistics& device = outcome.result.device;
  const double images = outcome.images;
  std::string text = fmt::format(
      "\n{} on {}, {} images measured there\n"
      "  no change {:.2f} %, start {:.2f} %, found {:.2f} %\n"
      "  {} measurements, {} steps accepted, {} image gradients, {:.1f} s\n",
      config.method, outcome.device, outcome.images, 100 * outcome.clean_correct / images,
      100 * device.first_correct / images, 100 * outcome.result.search.accuracy,
      device.measurements, device.accepted, outcome.result.search.gradient_evaluations,
      outcome.seconds);
  text += outcome.bracket
              ? fmt::format("  {}\n", bracket_text(*outcome.bracket))
              : "  no certified floor: none asked for, or the device is not the pipeline that the "
                "certificate speaks of\n";
  if (device.accepted_bytes > 0)
    text += fmt::format(
        "  bytes for an accepted step: {:.0f}, of {} that send every offset: {:.4f}; with the "
        "rejected ones {:.4f}\n",
        static_cast<double>(device.accepted_bytes) / static_cast<double>(device.accepted),
        device.dense_bytes, device.accepted_share(), device.total_share());
  if (outcome.wire_bytes > 0)
    text += fmt::format("  on the wire {}: {} bytes\n",
                        outcome.on_board ? "while the board searched" : "for offsets",
                        outcome.wire_bytes);
  if (outcome.result.search.interrupted()) text += "  ended early: the best point found by then\n";
  return text;
}

nlohmann::ordered_json in_loop_json(const InLoopOutcome& outcome, const SearchConfig& config) {
  const search::DeviceStatistics& device = outcome.result.device;
  return {{"schema", "crucible.in-loop/1"},
          {"method", config.method},
          {"bound", config.bound.describe()},
          {"device", outcome.device},
          {"on_board", outcome.on_board},
          {"images", outcome.images},
          {"clean_correct", outcome.clean_correct},
          {"start_correct", device.first_correct},
          {"accuracy", outcome.result.search.accuracy},
          {"gradient_evaluations", outcome.result.search.gradient_evaluations},
          {"measurements", device.measurements},
          {"accepted", device.accepted},
          {"bytes",
           {{"accepted", device.accepted_bytes},
            {"all", device.bytes},
            {"every_offset", device.dense_bytes},
            {"accepted_share", device.accepted_share()},
            {"all_share", device.total_share()}}},
          {"bracket", outcome.bracket ? bracket_json(*outcome.bracket) : nlohmann::ordered_json()},
          {"interrupted", outcome.result.search.interrupted()},
          {"timing", {{"seconds", outcome.seconds}, {"wire_bytes", outcome.wire_bytes}}}};
}

}  // namespace crucible::experiment
