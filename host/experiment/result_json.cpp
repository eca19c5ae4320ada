#include "host/experiment/result_json.hpp"

#include <fmt/format.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cmath>
#include <ctime>
#include <fstream>

#include "host/base/program_version.hpp"
#include "host/base/workers.hpp"
#include "host/experiment/bracket.hpp"

namespace crucible::experiment {
namespace {

using Json = nlohmann::ordered_json;

uint32_t checksum(const std::vector<uint8_t>& bytes) {
  return static_cast<uint32_t>(crc32(0, bytes.data(), static_cast<uInt>(bytes.size())));
}

Json set_json(const data::ImageSet& set) {
  return {{"images", set.count()},
          {"images_crc32", fmt::format("{:08x}", checksum(set.images))},
          {"labels_crc32", fmt::format("{:08x}", checksum(set.labels))}};
}

Json layers_json(const Workbench& bench, const models::CompiledNetwork& compiled) {
  Json layers = Json::array();
  for (size_t l = 0; l < compiled.layers.size(); ++l) {
    const models::LayerShape& shape = compiled.layers[l].shape;
    const models::LayerPlacement& placement = compiled.layers[l].placement;
    const bool conv = shape.kind == models::LayerKind::kConv;
    Json layer = {{"name", shape.name}, {"kind", conv ? "conv" : "fc"}};
    if (conv) {
      layer["inputs"] = {shape.in_channels, shape.in_height, shape.in_width};
      layer["kernel"] = shape.kernel;
      layer["pad"] = shape.pad;
      layer["pool"] = shape.pool;
    } else {
      layer["inputs"] = shape.in_channels;
    }
    layer["fan_in"] = shape.fan_in();
    layer["outputs"] = shape.out_channels;
    layer["weights"] = shape.weight_count();
    layer["w_scale"] = bench.network().layers[l].w_scale;
    layer["x_scale"] = bench.network().layers[l].x_scale;
    layer["w_max"] = bench.network().w_max(l);
    layer["rms_over_w_max"] = rms_over_w_max(bench.network(), l);
    layer["block_rows"] = placement.block_rows;
    layer["row_blocks"] = placement.row_blocks;
    layer["column_blocks"] = placement.column_blocks;
    layer["first_bank"] = placement.banks.front().bank;
    layers.push_back(std::move(layer));
  }
  return layers;
}

Json row_layers_json(const RowOutcome& row) {
  Json layers = Json::array();
  for (size_t l = 0; l < row.compiled.layers.size(); ++l) {
    const models::CompiledLayer& layer = row.compiled.layers[l];
    layers.push_back({{"name", layer.shape.name},
                      {"transparent", layer.adc.transparent},
                      {"shift", layer.adc.shift},
                      {"bits", layer.adc.bits},
                      {"multiplier", layer.multiplier},
                      {"right_shift", layer.right_shift},
                      {"largest_offset", row.steps[l]}});
  }
  return layers;
}

Json row_json(const RowOutcome& row) {
  Json json = {{"name", row.config.name}};
  if (!row.is_clean()) {
    json["method"] = row.config.method;
    json["bound"] = bound_json(row.config.bound);
    json["realisation"] = realisation_word(row.config.tile.realisation);
    json["searched_on"] = row.config.on == SearchOn::kTrain ? "train" : "test";
    json["space"] = space_word(row.config.space);
    json["effort"] = row.config.settings.effort;
    if (!row.config.settings.loss.empty()) json["loss"] = row.config.settings.loss;
    if (!row.config.settings.optimiser.empty()) json["optimiser"] = row.config.settings.optimiser;
    if (!row.config.settings.start.empty()) json["start"] = row.config.settings.start;
    if (row.config.settings.restarts > 0) json["restarts"] = row.config.settings.restarts;
    if (!row.same_search_as.empty()) json["same_search_as"] = row.same_search_as;
    json["gradient_evaluations"] = row.search.gradient_evaluations;
    json["iterations"] = row.search.trace.empty() ? 0 : row.search.trace.back().iteration;
    json["search_accuracy"] = row.search.accuracy;
    json["count_evaluations"] = row.search.count_evaluations;
    if (row.cells)
      json["cells"] = {{"images", row.cells->images},
                       {"weight_by_weight_correct", row.cells->first_correct},
                       {"cell_by_cell_correct", row.cells->correct},
                       {"measurements", row.cells->measurements}};
    json["interrupted"] = row.search.interrupted();
    if (row.search.stop == search::Stop::kClock) json["stopped_by"] = "clock";
    if (row.search.stop == search::Stop::kReached) json["stopped_by"] = "accuracy";
  }
  json["tile"] = {{"inject", row.compiled.common.inject},
                  {"lsb_exp", row.compiled.common.lsb_exp},
                  {"base", row.compiled.common.base},
                  {"adc", row.config.tile.transparent ? "transparent" : "calibrated"}};
  json["model"] = evaluation_json(row.model);
  json["model"]["saturations"] = row.model.counters.saturations;
  if (row.bracket) json["bracket"] = bracket_json(*row.bracket);
  if (row.hardware.images() > 0) json["hardware"] = evaluation_json(row.hardware);
  json["layers"] = row_layers_json(row);
  return json;
}

Json monte_carlo_json(const MonteCarloOutcome& outcome, uint64_t seed) {
  Json quantiles;
  for (const double q : {0.01, 0.05, 0.25, 0.5, 0.75, 0.95}) {
    quantiles[fmt::format("{}", q)] = outcome.model.quantile(q);
  }
  Json json = {{"bound", bound_json(outcome.config.bound)},
               {"distribution", "Gaussian truncated at the bound"},
               {"sigma_over_bound", outcome.config.sigma},
               {"first_seed", seed},
               {"chips", outcome.model.accuracy.size()},
               {"images", outcome.images},
               {"mean", outcome.model.mean()},
               {"lowest", outcome.model.lowest()},
               {"quantiles", quantiles},
               {"accuracy", outcome.model.accuracy}};
  Json chips = Json::array();
  for (const HardwareChip& chip : outcome.hardware) {
    if (chip.hardware.images() == 0) continue;
    Json entry = {{"chip", chip.chip}};
    entry.update(evaluation_json(chip.hardware));
    chips.push_back(entry);
  }
  json["hardware"] = chips;
  return json;
}

Json traffic_json(const port::PortStatistics& traffic) {
  return {{"bytes_sent", traffic.bytes_sent},
          {"bytes_received", traffic.bytes_received},
          {"frames", traffic.frames},
          {"retries", traffic.retries}};
}

std::string processor() {
  std::ifstream in("/proc/cpuinfo");
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("model name")) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 32> text{};
  return {text.data(), std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts)};
}

}  // namespace

double rms_over_w_max(const models::QuantisedNetwork& network, size_t layer) {
  double sum = 0;
  for (const int8_t w : network.layers[layer].weights) sum += static_cast<double>(w) * w;
  const double mean = sum / static_cast<double>(network.layers[layer].weights.size());
  return std::sqrt(mean) / network.w_max(layer);
}

Json bound_json(const models::VariationBound& bound) {
  Json json;
  if (bound.convention() == models::BoundConvention::kSliceLevels) {
    json["values"] = bound.slice_values();
  } else {
    json["value"] = bound.value();
  }
  json["convention"] = convention_word(bound);
  if (const std::string idle = idle_word(bound); !idle.empty()) json["idle"] = idle;
  json["text"] = bound.describe();
  return json;
}

Json evaluation_json(const eval::Evaluation& evaluation) {
  return {{"images", evaluation.images()},
          {"correct", evaluation.correct},
          {"accuracy", evaluation.accuracy()}};
}

Json identity_json(const driver::Identity& identity) {
  return {{"config", identity.config_name},
          {"magic", fmt::format("{:08x}", identity.magic)},
          {"map", fmt::format("{}.{}", identity.map_major, identity.map_minor)},
          {"map_hash", fmt::format("{:08x}", identity.map_hash)},
          {"config_hash", fmt::format("{:08x}", identity.config_hash)},
          {"protocol", identity.protocol},
          {"rows", identity.geometry.rows},
          {"cols", identity.geometry.cols},
          {"banks", identity.geometry.banks},
          {"in_bits", identity.in_bits},
          {"cell_bits", identity.cell_bits},
          {"slices", identity.slices},
          {"offset_bits", identity.offset_bits},
          {"in_words", identity.in_words},
          {"out_words", identity.out_words},
          {"kept_responses", identity.kept_responses},
          {"max_payload", identity.max_payload},
          {"effects", identity.effects},
          {"memory_bytes", identity.memory_bytes}};
}

Json result_json(const Workbench& bench, const RunResult& result) {
  const data::Dataset& dataset = bench.dataset();
  Json json = {{"schema", "crucible.result/1"},
               {"program", {{"version", program_version()}, {"commit", program_commit()}}},
               {"name", result.config.name},
               {"seed", result.config.seed},
               {"interrupted", result.interrupted}};
  json["data"] = {{"name", dataset.name},
                  {"height", dataset.height},
                  {"width", dataset.width},
                  {"classes", dataset.classes},
                  {"train", set_json(dataset.train)},
                  {"test", set_json(dataset.test)}};
  json["device"] = identity_json(result.device);
  json["cells_programmed_and_verified"] = result.cells_programmed;
  json["network"] = {{"name", bench.network().name},
                     {"layers", layers_json(bench, result.rows.front().compiled)}};
  if (result.monte_carlo)
    json["monte_carlo"] = monte_carlo_json(*result.monte_carlo, result.config.seed);
  if (result.uart) {
    json["uart"] = evaluation_json(result.uart->hardware);
    json["uart"]["cells_read"] = result.uart->cells_read;
    json["uart"]["cells_changed"] = result.uart->cells_changed;
  }
  json["rows"] = Json::array();
  for (const RowOutcome& row : result.rows) json["rows"].push_back(row_json(row));
  return json;
}

Json timing_json(const Workbench& bench, const RunResult& result) {
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  Json json = {{"schema", "crucible.timing/1"},
               {"written", utc_now()},
               {"machine",
                {{"host", host.data()},
                 {"processor", processor()},
                 {"threads", thread_count(result.config.threads, bench.workers())},
                 {"ranks", worker_count(bench.workers())}}},
               {"device_address", result.device_address},
               {"data", bench.dataset().source},
               {"total_s", result.total_s},
               {"stages_s", result.stage_s},
               {"traffic", traffic_json(result.traffic)}};
  json["rows"] = Json::array();
  for (const RowOutcome& row : result.rows) {
    json["rows"].push_back({{"name", row.config.name},
                            {"search_s", row.search_s},
                            {"model_s", row.model_s},
                            {"bracket_s", row.bracket_s},
                            {"hardware_s", row.hardware_s}});
  }
  if (result.uart) {
    json["uart"] = {{"seconds", result.uart->seconds},
                    {"traffic", traffic_json(result.uart->traffic)}};
  }
  return json;
}

}  // namespace crucible::experiment
