// Speed of the bit-exact twin on one core: the quantised LeNet on the full tile, one bank alone,
// preparing a chip. Images are MNIST's test images where they are found, else the generated digits;
// weights are random.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "host/data/dataset.hpp"
#include "models/network/twin_engine.hpp"
#include "models/variation/random_chip.hpp"

namespace {

using namespace crucible::models;  // NOLINT(google-build-using-namespace)

constexpr TileGeometry kFull{128, 64, 72};
constexpr int kImages = 512;
constexpr int kBase = 32;
constexpr int kPixels = 28 * 28;

std::vector<LayerShape> lenet_shapes() {
  return {{LayerKind::kConv, "conv1", 1, 28, 28, 3, 1, 6, true},
          {LayerKind::kConv, "conv2", 6, 14, 14, 3, 1, 16, true},
          {LayerKind::kFullyConnected, "fc1", 784, 1, 1, 1, 0, 120, false},
          {LayerKind::kFullyConnected, "fc2", 120, 1, 1, 1, 0, 84, false},
          {LayerKind::kFullyConnected, "fc3", 84, 1, 1, 1, 0, 10, false}};
}

/// Weights with the spread of trained ones (most small, the largest 15), activations of about half
/// zeros.
QuantisedNetwork lenet() {
  std::mt19937_64 random(1);
  std::normal_distribution<double> normal(0.0, 3.5);
  QuantisedNetwork network;
  network.name = "lenet";
  double x_scale = 1.0 / 255;
  for (const LayerShape& shape : lenet_shapes()) {
    QuantisedLayer layer{shape, {}, std::vector<float>(shape.out_channels, 0.0F), 0.02, x_scale};
    for (int i = 0; i < shape.weight_count(); ++i) {
      layer.weights.push_back(
          static_cast<int8_t>(std::clamp(std::lround(normal(random)), -15L, 15L)));
    }
    layer.weights.front() = 15;
    x_scale *= layer.w_scale * 3.5 * 1.5 * std::sqrt(shape.fan_in());
    network.layers.push_back(std::move(layer));
  }
  return network;
}

struct Workload {
  QuantisedNetwork network = lenet();
  std::string source;
  std::vector<uint8_t> images;
  AdcPlan plan;
  WeightBox box =
      make_box(network, VariationBound::weight_fraction(0.03), Realisation::kPair, kBase);
  CompiledNetwork compiled;
  ChipOffsets chip;

  Workload() {
    const auto folder = crucible::data::find_mnist("");
    const auto data = folder ? crucible::data::load_mnist(*folder)
                             : crucible::data::generate_strokes(1, 1, kImages);
    source = data.name;
    images.assign(data.test.images.begin(), data.test.images.begin() + kImages * kPixels);
    plan = calibrate_adc(network, kFull, kBase, 8, images, kImages);
    compiled = compiled_with(false);
    chip = random_chip(network, compiled, box, Distribution::kTruncatedGaussian, 0.5, 1);
  }

  [[nodiscard]] CompiledNetwork compiled_with(bool transparent) const {
    TileSettings common;
    common.inject = true;
    common.lsb_exp = box.grid.lsb_exp;
    common.base = kBase;
    AdcPlan with = plan;
    with.transparent = transparent;
    return compile(network, kFull, common, with);
  }
};

const Workload& workload() {
  static const Workload once;
  return once;
}

bool skip_without(benchmark::State& state, Kernel kernel) {
  if (has_kernel(kernel)) return false;
  state.SkipWithError("this machine lacks the instructions");
  return true;
}

/// Images a second through the whole integer pipeline, offsets on; `items_per_second` is the
/// figure.
void lenet_images(benchmark::State& state, Kernel kernel, bool transparent,
                  const EffectSettings& effects = {}, int images = kImages) {
  if (skip_without(state, kernel)) return;
  const Workload& work = workload();
  CompiledNetwork compiled = work.compiled_with(transparent);
  compiled.common.effects = effects;
  TwinEngine engine(compiled, work.chip, kernel);
  std::vector<int64_t> logits(static_cast<size_t>(images) * 10);
  const auto pixels = std::span(work.images).first(static_cast<size_t>(images) * kPixels);
  for (auto _ : state) {
    run_pipeline(compiled, engine, pixels, images, logits);
    benchmark::DoNotOptimize(logits.data());
  }
  state.SetItemsProcessed(state.iterations() * images);
  state.SetLabel(work.source);
}

/// The same with effects, on the best kernel.
void lenet_effects(benchmark::State& state, const EffectSettings& effects, int images) {
  lenet_images(state, best_kernel(), false, effects, images);
}

EffectSettings constant_effects() {
  EffectSettings effects;
  effects.drift = effects.attenuation = effects.dac = true;
  effects.drift_loss = {0x1000, 0x1000, 0x1000, 0x1000};
  effects.row_loss.assign(kFull.rows, 0x200);
  effects.dac_offset.assign(kFull.rows, 1);
  return effects;
}

EffectSettings converter_errors() {
  EffectSettings effects;
  effects.adc_gain = effects.adc_inl = true;
  effects.adc_gain_error.assign(kFull.cols, 0x300);
  effects.adc_inl_steps.assign(16 * kFull.cols, 5);
  return effects;
}

EffectSettings read_noise(ReadNoise mode) {
  EffectSettings effects;
  effects.noise = mode;
  effects.noise_seed = 1;
  effects.noise_cell = 4096;
  effects.noise_slope = 4096;
  return effects;
}

/// Products a second of a full bank (128 x 64, 8 planes) with random inputs that are half zeros.
void bank_products(benchmark::State& state, Kernel kernel) {
  if (skip_without(state, kernel)) return;
  constexpr int kVectors = 256;
  std::mt19937_64 random(2);
  BankCells cells{kFull.rows, kFull.cols, {}, {}};
  for (int i = 0; i < kFull.rows * kFull.cols; ++i) {
    cells.levels.push_back(static_cast<uint8_t>(random() % 4));
    cells.offsets.push_back(static_cast<int8_t>(random() % 255));
  }
  TileSettings settings;
  settings.inject = true;
  settings.lsb_exp = 10;
  settings.base = kBase;
  settings.adc = {false, 10, 8};
  const auto bank = prepare_bank(cells, kFull.rows, kFull.cols, settings, kernel);
  std::vector<uint8_t> x(static_cast<size_t>(kVectors) * kFull.rows);
  for (auto& value : x) value = random() % 2 == 0 ? 0 : static_cast<uint8_t>(random());
  std::vector<int64_t> out(static_cast<size_t>(kVectors) * kFull.outputs());
  TileCounters counters;
  for (auto _ : state) {
    bank->multiply(0, x, kVectors, out, counters);
    benchmark::DoNotOptimize(out.data());
  }
  state.SetItemsProcessed(state.iterations() * kVectors);
}

/// Chips a second: offsets of a random chip, and a twin prepared with them.
void draw_chip(benchmark::State& state) {
  const Workload& work = workload();
  uint64_t seed = 1;
  for (auto _ : state) {
    benchmark::DoNotOptimize(random_chip(work.network, work.compiled, work.box,
                                         Distribution::kTruncatedGaussian, 0.5, seed++));
  }
  state.SetItemsProcessed(state.iterations());
}

void prepare_chip(benchmark::State& state) {
  const Workload& work = workload();
  for (auto _ : state) benchmark::DoNotOptimize(TwinEngine(work.compiled, work.chip));
  state.SetItemsProcessed(state.iterations());
}

void calibrate(benchmark::State& state) {
  const Workload& work = workload();
  for (auto _ : state) {
    benchmark::DoNotOptimize(calibrate_adc(work.network, kFull, kBase, 8, work.images, kImages));
  }
  state.SetItemsProcessed(state.iterations() * kImages);
}

BENCHMARK_CAPTURE(lenet_images, portable, Kernel::kPortable, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet_images, avx2, Kernel::kAvx2, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet_images, avx512, Kernel::kAvx512, false)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet_images, transparent, Kernel::kPortable, true)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet_effects, constant, constant_effects(), kImages)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet_effects, adc, converter_errors(), kImages)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet_effects, column_noise, read_noise(ReadNoise::kColumn), kImages)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(lenet_effects, cell_noise, read_noise(ReadNoise::kCell), 8)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(bank_products, portable, Kernel::kPortable);
BENCHMARK_CAPTURE(bank_products, avx2, Kernel::kAvx2);
BENCHMARK_CAPTURE(bank_products, avx512, Kernel::kAvx512);
BENCHMARK(draw_chip)->Unit(benchmark::kMillisecond);
BENCHMARK(prepare_chip)->Unit(benchmark::kMillisecond);
BENCHMARK(calibrate)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
