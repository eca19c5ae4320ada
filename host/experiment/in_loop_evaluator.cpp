#include "host/experiment/in_loop_evaluator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "host/base/parallel.hpp"
#include "host/base/random.hpp"
#include "host/driver/cell_words.hpp"
#include "host/experiment/workbench.hpp"
#include "models/network/twin_engine.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::experiment {
namespace {

constexpr size_t kShard = 50;       ///< images of one thread at a time on the model
constexpr size_t kChunk = 10;       ///< images of one job on a device
constexpr int kModelPayload = 256;  ///< words: what the boards here take
constexpr size_t kWordBytes = 4;

/// Bytes on the wire of `words` written, cut into frames: header, payload and its CRC.
size_t frame_bytes(size_t words, size_t max_payload) {
  const size_t frames = (words + max_payload - 1) / max_payload;
  return kWordBytes * (words + frames * (spec::kHeaderWords + 1));
}

/// What of a tile's settings decides its answers beside its cells.
std::string tile_word(const models::CompiledNetwork& network) {
  std::string shifts;
  for (const models::CompiledLayer& layer : network.layers)
    shifts += fmt::format("{}{}", shifts.empty() ? "" : ",", layer.adc.shift);
  const models::AdcSettings& adc = network.layers.front().adc;
  return fmt::format(
      "base {}, {}", network.common.base,
      adc.transparent ? "transparent ADC" : fmt::format("{}-bit ADC >> {}", adc.bits, shifts));
}

/// Real logits in single precision. Where two sums round to one float, that of the predicted class
/// is made the larger, so that the largest float is the integers' winner.
void to_real(std::span<const int64_t> sums, double unit, std::span<float> logits) {
  for (size_t o = 0; o < sums.size(); ++o)
    logits[o] = static_cast<float>(static_cast<double>(sums[o]) * unit);
  const auto winner = static_cast<size_t>(models::predicted_class(sums));
  const auto largest = std::max_element(logits.begin(), logits.end());
  if (largest - logits.begin() != static_cast<std::ptrdiff_t>(winner))
    logits[winner] = std::nextafter(*largest, std::numeric_limits<float>::infinity());
}

uint32_t hash_of(const std::vector<int16_t>& values) {
  uint32_t hash = 2166136261U;  // FNV-1a
  for (const int16_t value : values) {
    for (const int shift : {0, 8}) {
      hash = (hash ^ ((static_cast<uint16_t>(value) >> shift) & 0xFFU)) * 16777619U;
    }
  }
  return hash;
}

}  // namespace

InLoopEvaluator::InLoopEvaluator(const models::QuantisedNetwork& network,
                                 const models::CompiledNetwork& truth, eval::LabelledImages images,
                                 int max_payload, IWorkers* workers)
    : truth_(truth),
      images_(images),
      max_payload_(static_cast<size_t>(max_payload)),
      banks_(banks_in_use(truth)),
      cells_(truth.geometry.cells() / static_cast<size_t>(truth.geometry.banks) *
             static_cast<size_t>(banks_)),
      workers_(workers) {
  const models::AdcSettings& adc = truth.layers.back().adc;
  const models::QuantisedLayer& last = network.layers.back();
  logit_unit_ = std::ldexp(last.w_scale * last.x_scale,
                           (adc.transparent ? 0 : adc.shift) - truth.common.lsb_exp);
}

size_t InLoopEvaluator::update_bytes(const models::ChipOffsets& from,
                                     const models::ChipOffsets& to) const {
  const driver::OffsetUpdate update =
      driver::plan_update(std::span(from).first(cells_), std::span(to).first(cells_), max_payload_);
  size_t bytes = frame_bytes(update.pokes.size(), max_payload_);
  for (const driver::OffsetUpdate::Burst& burst : update.bursts)
    bytes += frame_bytes(burst.words, max_payload_);
  return bytes;
}

size_t InLoopEvaluator::dense_bytes() const {
  return frame_bytes(cells_ / driver::kOffsetsPerWord, max_payload_);
}

models::LayerReadings InLoopEvaluator::space(search::Read read) const {
  models::LayerReadings readings;
  const auto count = static_cast<size_t>(images());
  readings.logits.resize(count * static_cast<size_t>(truth_.classes()));
  if (read == search::Read::kLogits) return readings;
  for (size_t l = 0; l + 1 < truth_.layers.size(); ++l)
    readings.activations.emplace_back(count *
                                      static_cast<size_t>(truth_.layers[l].shape.out_size()));
  return readings;
}

Share InLoopEvaluator::share() const {
  return share_of(static_cast<size_t>(images_.count()), workers_);
}

void InLoopEvaluator::gather(models::LayerReadings& readings) const {
  const auto count = static_cast<size_t>(images_.count());
  gather_units(workers_, std::span(readings.logits), count);
  for (auto& layer : readings.activations) gather_units(workers_, std::span(layer), count);
}

void InLoopEvaluator::run(models::IMvmEngine& engine, size_t first, size_t last,
                          models::LayerReadings& readings) const {
  const eval::LabelledImages part =
      images_.part(static_cast<int>(first), static_cast<int>(last - first));
  const auto classes = static_cast<size_t>(truth_.classes());
  std::vector<int64_t> logits(static_cast<size_t>(part.count()) * classes);
  models::LayerObserver observer;
  if (!readings.activations.empty()) {
    observer = [&](size_t layer, int from, std::span<const uint8_t> codes) {
      const auto size = static_cast<size_t>(truth_.layers[layer].shape.out_size());
      std::copy(codes.begin(), codes.end(),
                readings.activations[layer].begin() +
                    static_cast<std::ptrdiff_t>((first + static_cast<size_t>(from)) * size));
    };
  }
  models::run_pipeline(truth_, engine, part.pixels, part.count(), logits, observer,
                       static_cast<int>(first));
  for (size_t i = 0; i < logits.size(); i += classes)
    to_real(std::span<const int64_t>(logits).subspan(i, classes), logit_unit_,
            std::span(readings.logits).subspan(first * classes + i, classes));
}

ModelInLoop::ModelInLoop(const models::QuantisedNetwork& network,
                         const models::CompiledNetwork& truth, eval::LabelledImages images,
                         int threads, IWorkers* workers)
    : InLoopEvaluator(network, truth, images, kModelPayload, workers),
      threads_(thread_count(threads, workers)) {}

models::LayerReadings ModelInLoop::measure(const models::ChipOffsets& offsets, search::Read read) {
  models::LayerReadings readings = space(read);
  const models::TwinEngine chip(truth(), offsets);
  std::vector<models::TwinEngine> engines(static_cast<size_t>(threads_), chip);
  const Share mine = share();
  parallel_shards((mine.size() + kShard - 1) / kShard, threads_, [&](size_t shard, int thread) {
    const size_t first = mine.first + shard * kShard;
    run(engines[static_cast<size_t>(thread)], first, std::min(mine.last, first + kShard), readings);
  });
  gather(readings);
  return readings;
}

std::string ModelInLoop::identity() const {
  const models::TileGeometry& tile = truth().geometry;
  return fmt::format("model {}x{}x{}, {}, ADC offsets {:08x}", tile.rows, tile.cols, tile.banks,
                     tile_word(truth()), hash_of(truth().common.adc_offset));
}

DeviceInLoop::DeviceInLoop(driver::Accelerator& device, const models::QuantisedNetwork& network,
                           const models::CompiledNetwork& truth, eval::LabelledImages images,
                           IWorkers* workers)
    : InLoopEvaluator(network, truth, images, device.identity().max_payload, workers),
      device_(device) {
  device_.program_levels(truth.levels, banks());
  device_.update_offsets(models::ChipOffsets(truth.geometry.cells(), 0), banks());
}

models::LayerReadings DeviceInLoop::measure(const models::ChipOffsets& offsets, search::Read read) {
  models::LayerReadings readings = space(read);
  const uint64_t before = device_.port().statistics().bytes_sent;
  device_.update_offsets(offsets, banks());
  wire_bytes_ += device_.port().statistics().bytes_sent - before;
  driver::DeviceEngine engine(device_, truth());
  const Share mine = share();
  for (size_t first = mine.first; first < mine.last; first += kChunk)
    run(engine, first, std::min(mine.last, first + kChunk), readings);
  gather(readings);
  return readings;
}

std::string DeviceInLoop::identity() const {
  const driver::Identity& id = device_.identity();
  return fmt::format("{} map {:08x} config {:08x} {}x{}x{}, {}, ADC offsets {:08x}", id.config_name,
                     id.map_hash, id.config_hash, id.geometry.rows, id.geometry.cols,
                     id.geometry.banks, tile_word(truth()), hash_of(truth().common.adc_offset));
}

std::vector<int16_t> random_adc_offsets(const models::TileGeometry& geometry, double most,
                                        uint64_t seed) {
  CounterRandom random(seed);
  const int limit = static_cast<int>(std::lround(std::ldexp(most, 8)));
  std::vector<int16_t> offsets(static_cast<size_t>(geometry.cols));
  for (int16_t& offset : offsets) offset = static_cast<int16_t>(random.between(-limit, limit));
  return offsets;
}

}  // namespace crucible::experiment
