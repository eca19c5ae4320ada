// ADC steps from training images, layer by layer: a layer sees what the layers before it give with
// their steps.
#include <fmt/format.h>

#include <algorithm>

#include "models/error.hpp"
#include "models/network/bank_cells.hpp"
#include "models/network/compiled_network.hpp"
#include "models/network/layer_runner.hpp"
#include "models/network/twin_engine.hpp"

namespace crucible::models {
namespace {

constexpr int kFinest = -8, kCoarsest = 9;
constexpr int kLsbExp = 8;  ///< without offsets, codes do not depend on it

/// Largest column sum of a layer over input vectors [count][fan_in], in 2^-8 level.
int64_t largest_sum(const std::vector<std::unique_ptr<PreparedBank>>& banks,
                    const CompiledLayer& layer, std::span<const uint8_t> x, int count) {
  const size_t fan_in = layer.shape.fan_in();
  std::vector<uint8_t> block;
  int64_t largest = 0;
  for (size_t b = 0; b < banks.size(); ++b) {
    const BankPlacement& bank = layer.placement.banks[b];
    block.clear();
    for (int k = 0; k < count; ++k) {
      const auto rows = x.subspan(k * fan_in + bank.first_input, bank.inputs);
      block.insert(block.end(), rows.begin(), rows.end());
    }
    largest = std::max(largest, banks[b]->largest_sum(block, count));
  }
  return largest;
}

/// Smallest exponent e with 1.1 * sum / 2^e <= 2^bits - 1; sum in 2^-8 level.
int smallest_step(int64_t sum, int bits, const std::string& layer) {
  const int64_t largest_code = (int64_t{1} << bits) - 1;
  for (int step = kFinest; step <= kCoarsest; ++step) {
    if (11 * sum <= 10 * largest_code * (int64_t{1} << (step + 8))) return step;
  }
  throw Error(
      ErrorKind::kUsage,
      fmt::format("calibration: layer '{}' has column sums up to {} levels, too much for {} "
                  "ADC bits with steps up to 2^{} levels; use more bits or fewer rows",
                  layer, static_cast<double>(sum) / 256.0, bits, kCoarsest));
}

}  // namespace

AdcPlan calibrate_adc(const QuantisedNetwork& network, const TileGeometry& geometry, int base,
                      int bits, std::span<const uint8_t> images, int count) {
  AdcPlan plan;
  plan.bits = bits;
  plan.step_exp.assign(network.layers.size(), 0);
  TileSettings common;
  common.lsb_exp = kLsbExp;
  common.base = base;

  std::vector<uint8_t> activations(images.begin(), images.end());
  for (size_t l = 0; l < network.layers.size(); ++l) {
    // Compiled anew for each layer: its own step is found here, the later ones do not matter yet.
    const CompiledNetwork compiled = compile(network, geometry, common, plan);
    const CompiledLayer& layer = compiled.layers[l];
    const size_t in_size = layer.shape.in_size();
    if (activations.size() != count * in_size || count < 1) {
      throw Error(
          ErrorKind::kUsage,
          fmt::format("calibration: {} bytes for {} images of {} bytes; give at least one image",
                      activations.size(), count, in_size));
    }
    std::vector<std::unique_ptr<PreparedBank>> banks;
    for (const BankPlacement& bank : layer.placement.banks) {
      banks.push_back(prepare_bank(bank_cells(compiled, {}, bank.bank), bank.inputs,
                                   4 * bank.outputs, compiled.settings(l)));
    }
    LayerRunner runner(layer, l);
    int64_t largest = 0;
    const int step = runner.images_per_call();
    const auto each_part = [&](auto&& action) {
      for (int k = 0; k < count; k += step) {
        const int n = std::min(step, count - k);
        action(k, n, std::span<const uint8_t>(activations).subspan(k * in_size, n * in_size));
      }
    };
    each_part([&](int, int n, std::span<const uint8_t> part) {
      const auto x = runner.vectors(part, n);
      largest = std::max(largest, largest_sum(banks, layer, x, n * layer.shape.positions()));
    });
    plan.step_exp[l] = smallest_step(largest, bits, layer.shape.name);
    if (l + 1 == network.layers.size()) break;

    const CompiledNetwork calibrated = compile(network, geometry, common, plan);
    TwinEngine engine(calibrated, {});
    LayerRunner calibrated_runner(calibrated.layers[l], l);
    const size_t out_size = layer.shape.out_size();
    std::vector<uint8_t> next(count * out_size);
    each_part([&](int k, int n, std::span<const uint8_t> part) {
      calibrated_runner.run(engine, k, part, n,
                            std::span(next).subspan(k * out_size, n * out_size));
    });
    activations = std::move(next);
  }
  return plan;
}

}  // namespace crucible::models
