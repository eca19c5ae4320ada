#include "host/experiment/on_board_search.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <optional>

#include "host/base/workers.hpp"
#include "host/experiment/start_firmware.hpp"
#include "host/search/device/blocks.hpp"
#include "host/search/registry.hpp"
#include "models/error.hpp"
#include "models/variation/slice_range.hpp"

namespace crucible::experiment {
namespace {

std::optional<fw_search_kind> find_kind(const std::string& method) {
  if (method == "spsa") return FW_SPSA;
  if (method == "block-flip") return FW_BLOCK_FLIP;
  return std::nullopt;
}

fw_search_kind kind_of(const std::string& method) {
  if (const std::optional<fw_search_kind> kind = find_kind(method)) return *kind;
  throw Error(ErrorKind::kUsage,
              fmt::format("search: firmware runs block-flip and spsa, not {}; leave out --on-board "
                          "for it",
                          method));
}

/// Mean |margin|, at least 1: margins far beyond it say no more of how near a point is to a wrong
/// answer.
int64_t mean_margin(std::span<const int64_t> logits, std::span<const uint8_t> labels) {
  const size_t classes = logits.size() / labels.size();
  double sum = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    int64_t other = std::numeric_limits<int64_t>::min();
    for (size_t c = 0; c < classes; ++c)
      if (c != labels[i]) other = std::max(other, logits[i * classes + c]);
    sum += std::abs(static_cast<double>(logits[i * classes + labels[i]] - other));
  }
  constexpr double kMost = 0x1p40;  // of firmware
  return static_cast<int64_t>(std::clamp(sum / static_cast<double>(labels.size()), 1.0, kMost));
}

board::BoardSearch make_search(const Workbench& bench, const SearchConfig& config,
                               const models::WeightBox& box) {
  board::BoardSearch wanted;
  wanted.kind = kind_of(config.method);
  wanted.measurements = static_cast<uint32_t>(
      search::scaled(search::find_device_method(config.method).measurements, config.settings));
  wanted.seed = bench.config().seed;
  size_t weights = 0;
  for (size_t l = 0; l < bench.network().layers.size(); ++l) {
    weights += bench.network().layers[l].weights.size();
    wanted.rules.push_back(models::move_rules(box, l));
  }
  const size_t step = search::sparse_step(weights);
  wanted.weights = static_cast<uint32_t>(
      wanted.kind == FW_SPSA ? std::max<size_t>(1, step / search::kSpsaThinner) : step);
  return wanted;
}

}  // namespace

bool runs_on_board(const std::string& method) { return find_kind(method).has_value(); }

OnBoardOutcome search_on_board(const Workbench& bench, const SearchConfig& config,
                               const models::WeightBox& box, const models::CompiledNetwork& truth,
                               eval::LabelledImages images, const models::WeightDelta& start,
                               driver::Accelerator& device, IReporter& reporter) {
  board::BoardSearch wanted = make_search(bench, config, box);
  if (bench.workers() != nullptr && bench.workers()->size() > 1)
    throw Error(ErrorKind::kUsage, "search: --on-board takes one process; leave out the ranks");
  const int banks = banks_in_use(truth);
  board::BoardRunner runner = start_firmware(device);
  runner.load(truth);
  const auto alive = [&](const char* what, uint32_t done, size_t total) {
    reporter.progress("search " + config.name,
                      static_cast<double>(done) / static_cast<double>(total), what);
    return !reporter.interrupted();
  };
  const auto count = static_cast<size_t>(images.count());
  const std::vector<int64_t> logits =
      runner.run(images.pixels, images.count(), 0,
                 [&](uint32_t done) { return alive("no change", done, count); });
  wanted.clip = mean_margin(logits, images.labels);
  runner.keep(images.pixels, images.labels);

  OnBoardOutcome outcome;
  outcome.clean_correct = eval::evaluation_of(truth, images, std::vector<int64_t>(logits)).correct;
  if (!start.empty())
    device.update_offsets(models::realise(bench.network(), truth, box, start), banks);
  const uint64_t before = device.port().statistics().bytes_sent;
  const board::BoardSearchResult found = runner.search(wanted, [&](uint32_t done) {
    return alive("on the board", done, wanted.measurements * count);
  });
  outcome.wire_bytes = device.port().statistics().bytes_sent - before;

  search::SearchResult& result = outcome.result.search;
  models::ChipOffsets offsets = device.read_offsets(banks);
  offsets.resize(truth.geometry.cells(), 0);
  result.delta = models::weight_change(bench.network(), truth, offsets, box.grid.lsb_exp, box.base);
  result.accuracy = static_cast<double>(found.best) / static_cast<double>(count);
  result.count_evaluations = found.correct.size() * count;
  outcome.result.device.measurements = found.correct.size();
  outcome.result.device.accepted = found.accepted;
  outcome.result.device.first_correct = static_cast<int>(found.correct.front());
  return outcome;
}

}  // namespace crucible::experiment
