#include "host/experiment/result_folder.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include "host/experiment/convergence.hpp"
#include "host/experiment/network_folder.hpp"
#include "host/experiment/npy.hpp"
#include "host/experiment/result_json.hpp"
#include "host/experiment/result_table.hpp"
#include "host/experiment/text_file.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace fs = std::filesystem;
namespace {

void make_folder(const fs::path& folder) {
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) {
    throw Error(ErrorKind::kData,
                fmt::format("{}: cannot be created: {}; is there space and permission?",
                            folder.string(), failure.message()));
  }
}

void write_layers(const fs::path& folder, const models::CompiledNetwork& network) {
  make_folder(folder);
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const models::LayerShape& shape = network.layers[l].shape;
    save_npy<uint8_t>(
        folder / ("levels_" + shape.name + ".npy"),
        {static_cast<size_t>(shape.fan_in()), 4 * static_cast<size_t>(shape.out_channels)},
        layer_cells<uint8_t>(network, l, network.levels));
  }
}

void write_row(const fs::path& folder, const RowOutcome& row) {
  make_folder(folder);
  const models::CompiledNetwork& network = row.compiled;
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const models::LayerShape& shape = network.layers[l].shape;
    const auto outputs = static_cast<size_t>(shape.out_channels);
    save_npy<int8_t>(folder / ("offsets_" + shape.name + ".npy"),
                     {static_cast<size_t>(shape.fan_in()), 4 * outputs},
                     layer_cells<int8_t>(network, l, row.offsets));
    save_npy<int64_t>(folder / ("bias_" + shape.name + ".npy"), {outputs}, network.layers[l].bias);
  }
  // The logits of the images that the hardware sees too; the predictions of all.
  const auto classes = static_cast<size_t>(row.model.classes);
  const auto images = row.hardware.images() > 0 ? static_cast<size_t>(row.hardware.images())
                                                : row.model.predicted.size();
  save_npy<int64_t>(folder / "logits.npy", {images, classes},
                    std::span(row.model.logits).first(images * classes));
  save_npy<uint8_t>(folder / "predicted.npy", {row.model.predicted.size()}, row.model.predicted);
}

void write_all(const fs::path& folder, const Workbench& bench, const RunResult& result) {
  write_text(folder / "config.yaml", write_config(result.config));
  write_text(folder / "result.json", result_json(bench, result).dump(2) + "\n");
  write_text(folder / "timing.json", timing_json(bench, result).dump(2) + "\n");
  write_text(folder / "table.md", table_markdown(bench, result));
  write_text(folder / "convergence.csv", convergence_csv(result));
  write_text(folder / "convergence.svg", convergence_svg(result));
  save_network(folder / "network", bench.network());
  write_layers(folder / "cells", result.rows.front().compiled);
  for (const RowOutcome& row : result.rows) write_row(folder / "rows" / row.config.name, row);
}

/// Puts `fresh` where `folder` is or will be.
void replace(const fs::path& folder, const fs::path& fresh) {
  const fs::path old = folder.string() + fmt::format(".old-{}", ::getpid());
  if (fs::exists(folder)) fs::rename(folder, old);
  fs::rename(fresh, folder);
  fs::remove_all(old);
}

}  // namespace

template <class T>
std::vector<T> layer_cells(const models::CompiledNetwork& network, size_t layer,
                           std::span<const T> cells) {
  const models::CompiledLayer& l = network.layers[layer];
  std::vector<T> values;
  values.reserve(static_cast<size_t>(l.shape.weight_count()) * 4);
  for (int input = 0; input < l.shape.fan_in(); ++input) {
    for (int output = 0; output < l.shape.out_channels; ++output) {
      for (const auto polarity : {models::Polarity::kPositive, models::Polarity::kNegative}) {
        for (const int slice : {0, 1}) {
          values.push_back(cells[models::cell_index(network.geometry, l.placement, output, input,
                                                    slice, polarity)]);
        }
      }
    }
  }
  return values;
}
template std::vector<uint8_t> layer_cells(const models::CompiledNetwork&, size_t,
                                          std::span<const uint8_t>);
template std::vector<int8_t> layer_cells(const models::CompiledNetwork&, size_t,
                                         std::span<const int8_t>);

void write_result_folder(const fs::path& folder, const Workbench& bench, const RunResult& result) {
  if (fs::exists(folder) && !fs::is_empty(folder) && !fs::exists(folder / "result.json")) {
    throw Error(ErrorKind::kUsage, fmt::format("{}: is there already and is no result folder (no "
                                               "result.json); choose another --name or "
                                               "--out, or remove it",
                                               folder.string()));
  }
  const fs::path fresh = folder.string() + fmt::format(".part-{}", ::getpid());
  fs::remove_all(fresh);
  try {
    make_folder(fresh);
    write_all(fresh, bench, result);
    replace(folder, fresh);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(fresh, ignored);
    throw;
  }
}

}  // namespace crucible::experiment
