// See twin_engine.hpp.
#include "models/network/twin_engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "models/error.hpp"
#include "models/network/bank_cells.hpp"

namespace crucible::models {

struct TwinEngine::Prepared {
  struct Layer {
    LayerPlacement placement;
    int fan_in = 0;
    int outputs = 0;
    std::vector<std::unique_ptr<PreparedBank>> banks;
  };
  std::vector<Layer> layers;
};

TwinEngine::TwinEngine(const CompiledNetwork& network, const ChipOffsets& offsets, Kernel kernel,
                       const ChipStuck& stuck) {
  if ((network.common.inject || !offsets.empty()) && offsets.size() != network.geometry.cells()) {
    throw Error(ErrorKind::kUsage, fmt::format("twin: {} offsets for a tile of {} cells",
                                               offsets.size(), network.geometry.cells()));
  }
  if (!stuck.empty() && stuck.size() != network.geometry.cells()) {
    throw Error(ErrorKind::kUsage, fmt::format("twin: {} stuck states for a tile of {} cells",
                                               stuck.size(), network.geometry.cells()));
  }
  auto prepared = std::make_shared<Prepared>();
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const CompiledLayer& layer = network.layers[l];
    Prepared::Layer& out = prepared->layers.emplace_back();
    out.placement = layer.placement;
    out.fan_in = layer.shape.fan_in();
    out.outputs = layer.shape.out_channels;
    const TileSettings settings = network.settings(l);
    for (const BankPlacement& bank : layer.placement.banks) {
      const BankCells cells = bank_cells(network, offsets, bank.bank, stuck);
      out.banks.push_back(prepare_bank(cells, bank.inputs, 4 * bank.outputs, settings, kernel));
    }
  }
  prepared_ = std::move(prepared);
}

void TwinEngine::multiply(size_t layer, uint32_t first_vector, std::span<const uint8_t> x,
                          int count, std::span<int64_t> acc) {
  const Prepared::Layer& prepared = prepared_->layers.at(layer);
  if (prepared.banks.size() == 1) {
    prepared.banks.front()->multiply(first_vector, x, count, acc, counters_);
    return;
  }
  std::fill(acc.begin(), acc.end(), 0);
  int first_input = -1;
  for (size_t b = 0; b < prepared.banks.size(); ++b) {
    const BankPlacement& bank = prepared.placement.banks[b];
    if (bank.first_input != first_input) {  // banks of one row block follow each other
      first_input = bank.first_input;
      block_.resize(static_cast<size_t>(count) * bank.inputs);
      for (int k = 0; k < count; ++k) {
        std::memcpy(block_.data() + static_cast<size_t>(k) * bank.inputs,
                    x.data() + static_cast<size_t>(k) * prepared.fan_in + first_input,
                    static_cast<size_t>(bank.inputs));
      }
    }
    partial_.resize(static_cast<size_t>(count) * bank.outputs);
    prepared.banks[b]->multiply(first_vector, block_, count, partial_, counters_);
    for (int k = 0; k < count; ++k) {
      const int64_t* from = partial_.data() + static_cast<size_t>(k) * bank.outputs;
      int64_t* to = acc.data() + static_cast<size_t>(k) * prepared.outputs + bank.first_output;
      for (int o = 0; o < bank.outputs; ++o) to[o] += from[o];
    }
  }
}

}  // namespace crucible::models
