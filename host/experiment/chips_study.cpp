#include "host/experiment/chips_study.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/base/parallel.hpp"
#include "host/chance/image_subset.hpp"
#include "host/driver/effect_words.hpp"
#include "host/experiment/hardware.hpp"
#include "host/experiment/start_firmware.hpp"
#include "host/experiment/stopwatch.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

/// A chip's logits are kept where a device is compared with them.
struct ModelChip {
  ChipOutcome outcome;
  eval::Evaluation evaluation;
};

ModelChip evaluate_chip(const ChipsConfig& config, const models::CompiledNetwork& network,
                        eval::LabelledImages images, uint64_t seed) {
  const EffectsChip chip =
      make_chip(config.plan, network, seed, models::ChipOffsets(network.geometry.cells()));
  ModelChip result;
  result.evaluation = eval::evaluate_model(network, chip.offsets, images, 1, nullptr, chip.stuck);
  result.outcome = {seed, result.evaluation.correct, chip.pulses, chip.unverified,
                    result.evaluation.counters};
  return result;
}

/// All chips on the model, several at a time; false where the reporter was interrupted.
bool run_model(const ChipsConfig& config, const models::CompiledNetwork& network,
               eval::LabelledImages images, std::vector<ModelChip>& chips, IReporter& reporter) {
  const size_t total = config.last_seed - config.first_seed + 1;
  const auto threads = static_cast<size_t>(thread_count(config.threads));
  while (chips.size() < total) {
    const size_t first = chips.size(), batch = std::min(threads, total - first);
    chips.resize(first + batch);
    parallel_shards(batch, static_cast<int>(threads), [&](size_t shard, int) {
      const size_t index = first + shard;
      chips[index] = evaluate_chip(config, network, images, config.first_seed + index);
      if (config.address.empty()) chips[index].evaluation.logits.clear();
    });
    reporter.progress("chips on the model",
                      static_cast<double>(chips.size()) / static_cast<double>(total),
                      fmt::format("{} chips", chips.size()));
    if (reporter.interrupted()) return false;
  }
  return true;
}

/// The same chips on the device, each held to the model; false where it was interrupted.
bool run_device(const ChipsConfig& config, const std::string& hardware,
                const models::CompiledNetwork& network, eval::LabelledImages images,
                const std::vector<ModelChip>& chips, ChipsOnDevice& result, IReporter& reporter) {
  constexpr int kChunk = 10;
  const auto opened = open_device(config.address, hardware);
  driver::Accelerator& device = *opened;
  program_campaign(device, config.plan, network,
                   {models::ChipOffsets(network.geometry.cells()), {}, 0, 0});
  result.campaign_bytes = device.port().statistics().bytes_sent;
  driver::DeviceEngine engine(device, network);
  for (const ModelChip& chip : chips) {
    device.clear_counters();
    const driver::GenerationTraffic traffic = generate_on(device, config.plan, chip.outcome.seed);
    if (result.chips == 0) {
      // Once: every cell. Later chips are held to their logits and counters.
      verify_chip(device, make_chip(config.plan, network, chip.outcome.seed,
                                    models::ChipOffsets(network.geometry.cells())));
      result.first = traffic;
    } else {
      result.most.settings_bytes = std::max(result.most.settings_bytes, traffic.settings_bytes);
      result.most.chip_bytes = std::max(result.most.chip_bytes, traffic.chip_bytes);
      result.most.wait_bytes = std::max(result.most.wait_bytes, traffic.wait_bytes);
    }
    const std::string name = fmt::format("{}, chip {}", config.address, chip.outcome.seed);
    const eval::Evaluation measured = eval::evaluate_engine(
        network, engine, images, kChunk, [&](int) { return !reporter.interrupted(); });
    if (reporter.interrupted()) return false;
    eval::require_equal_logits(measured, name, chip.evaluation, "the model");
    require_equal_counters(device.counters(), name, chip.outcome.counters, chip.outcome.pulses,
                           chip.outcome.unverified);
    ++result.chips;
    result.traffic = device.port().statistics();
    reporter.progress("chips on " + config.address,
                      static_cast<double>(result.chips) / static_cast<double>(chips.size()),
                      fmt::format("{} chips", result.chips));
  }
  return true;
}

/// The same with firmware on the device, which makes the chips and counts. Throws where
/// interrupted.
void run_on_board(const ChipsConfig& config, const std::string& hardware,
                  const models::CompiledNetwork& network, eval::LabelledImages images,
                  const std::vector<ModelChip>& chips, ChipsOnDevice& result, IReporter& reporter) {
  const auto opened = open_device(config.address, hardware);
  driver::Accelerator& device = *opened;
  program_campaign(device, config.plan, network,
                   {models::ChipOffsets(network.geometry.cells()), {}, 0, 0});
  result.campaign_bytes = device.port().statistics().bytes_sent;
  // The generator's settings, and once every cell.
  result.first = generate_on(device, config.plan, config.first_seed);
  verify_chip(device, make_chip(config.plan, network, config.first_seed,
                                models::ChipOffsets(network.geometry.cells())));
  board::BoardRunner runner = start_firmware(device);
  runner.load(network);
  runner.keep(images.pixels, images.labels);
  std::vector<uint64_t> seeds;
  ChipOutcome sum;
  for (const ModelChip& chip : chips) {
    seeds.push_back(chip.outcome.seed);
    sum.counters += chip.outcome.counters;
    sum.pulses += chip.outcome.pulses;
    sum.unverified += chip.outcome.unverified;
  }
  device.clear_counters();
  const port::PortStatistics before = device.port().statistics();
  const auto total = static_cast<double>(chips.size() * static_cast<size_t>(images.count()));
  const std::vector<uint32_t> counts =
      runner.count_chips(seeds, *config.plan.generated, [&](uint32_t done) {
        reporter.progress("chips on " + config.address, done / total, "counted by firmware");
        return !reporter.interrupted();
      });
  result.traffic = device.port().statistics();
  result.on_board = {result.traffic.bytes_sent - before.bytes_sent,
                     result.traffic.bytes_received - before.bytes_received};
  for (size_t i = 0; i < chips.size(); ++i) {
    if (counts[i] == static_cast<uint32_t>(chips[i].outcome.correct)) continue;
    throw Error(ErrorKind::kMismatch,
                fmt::format("{}, chip {}: firmware counts {} correct answers, the model {}",
                            config.address, seeds[i], counts[i], chips[i].outcome.correct));
  }
  require_equal_counters(device.counters(), config.address + ", all chips", sum.counters,
                         sum.pulses, sum.unverified);
  result.chips = static_cast<int>(chips.size());
}

void check(const ChipsConfig& config) {
  if (config.last_seed < config.first_seed) {
    throw Error(ErrorKind::kUsage, fmt::format("chips: the seeds {} .. {} are none",
                                               config.first_seed, config.last_seed));
  }
  if (config.on_board && config.address.empty())
    throw Error(ErrorKind::kUsage, "chips: --on-board is of a device; name one with --address");
  if (config.plan.generated) return;
  throw Error(ErrorKind::kUsage,
              fmt::format("chips: nothing in {} depends on a chip's seed; give 'offsets', or "
                          "'stuck' with rates",
                          config.plan.file.string()));
}

}  // namespace

std::vector<double> ChipsStudy::accuracy() const {
  std::vector<double> accuracy;
  for (const ChipOutcome& chip : chips)
    accuracy.push_back(static_cast<double>(chip.correct) / image_count);
  return accuracy;
}

ChipsStudy study_chips(Workbench& bench, const ChipsConfig& config, IReporter& reporter) {
  check(config);
  ChipsStudy study;
  study.config = config;
  study.network = bench.network().name;
  study.data = bench.dataset().name;
  const chance::ImageSubset subset(bench.test_images(bench.dataset().test.count()), config.images);
  study.images = subset.description();
  study.image_count = subset.images().count();
  models::CompiledNetwork network =
      bench.compile(bench.config().tile, config.plan.lsb_exp.value_or(8), false);
  study.clean = eval::evaluate_model(network, {}, subset.images(), config.threads).accuracy();
  add_effects(network, config.plan);
  study.effects = describe_plan(config.plan);

  const Stopwatch model_watch;
  std::vector<ModelChip> chips;
  study.interrupted = !run_model(config, network, subset.images(), chips, reporter);
  study.model_s = model_watch.seconds();
  for (const ModelChip& chip : chips) study.chips.push_back(chip.outcome);
  if (config.address.empty() || study.interrupted) return study;
  const Stopwatch device_watch;
  study.device.emplace();
  const std::string& hardware = bench.config().device.hardware;
  if (config.on_board)
    run_on_board(config, hardware, network, subset.images(), chips, *study.device, reporter);
  else
    study.interrupted =
        !run_device(config, hardware, network, subset.images(), chips, *study.device, reporter);
  study.device->seconds = device_watch.seconds();
  return study;
}

}  // namespace crucible::experiment
