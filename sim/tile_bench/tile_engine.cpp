#include "sim/tile_bench/tile_engine.hpp"

#include <algorithm>

#include "models/network/bank_cells.hpp"

namespace crucible::sim {

void TileEngine::make_resident(int bank) {
  int& resident = resident_[static_cast<size_t>(bank) % resident_.size()];
  if (resident == bank) return;
  driver_.mark_transaction();
  driver_.program(bank % dut_.geometry.banks, models::bank_cells(job_.network, job_.offsets, bank));
  resident = bank;
}

void TileEngine::multiply(size_t layer, uint32_t /*first_vector*/, std::span<const uint8_t> x,
                          int count, std::span<int64_t> acc) {
  if (layer_ != layer) driver_.apply(job_.network.settings(layer));
  layer_ = layer;
  const models::CompiledLayer& compiled = job_.network.layers.at(layer);
  const auto inputs = static_cast<size_t>(compiled.shape.fan_in());
  const auto width = static_cast<size_t>(compiled.shape.out_channels);
  std::fill(acc.begin(), acc.end(), 0);
  for (const models::BankPlacement& bank : compiled.placement.banks) {
    make_resident(bank.bank);
    const int stride = (bank.inputs + 3) / 4;
    const int most =
        std::min(dut_.geometry.in_words / stride, dut_.geometry.out_words / bank.outputs);
    for (int first = 0; first < count; first += most) {
      const int now = std::min(most, count - first);
      std::vector<uint8_t> memory(4 * static_cast<size_t>(stride * now));
      for (int k = 0; k < now; ++k) {
        const auto vector =
            x.subspan(static_cast<size_t>(first + k) * inputs + bank.first_input, bank.inputs);
        std::copy(vector.begin(), vector.end(), memory.begin() + 4 * stride * k);
      }
      driver_.load(0, memory);
      const TileJob job{.bank = static_cast<uint32_t>(bank.bank % dut_.geometry.banks),
                        .rows = static_cast<uint32_t>(bank.inputs),
                        .cols = static_cast<uint32_t>(4 * bank.outputs),
                        .count = static_cast<uint32_t>(now),
                        .in = 0,
                        .stride = static_cast<uint32_t>(stride),
                        .out = 0};
      driver_.run(job);
      const std::vector<int64_t> results = driver_.results(job);
      for (size_t i = 0; i < results.size(); ++i) {
        const size_t vector = static_cast<size_t>(first) + i / static_cast<size_t>(bank.outputs);
        acc[vector * width + static_cast<size_t>(bank.first_output) +
            i % static_cast<size_t>(bank.outputs)] += results[i];
      }
      products_ += static_cast<uint64_t>(now);
    }
  }
}

}  // namespace crucible::sim
