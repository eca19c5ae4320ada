// Image gradients a second of the float twin: what every search and the training spend their time
// on. The literature's LeNet.
#include <benchmark/benchmark.h>

#include <atomic>
#include <numeric>
#include <vector>

#include "bench/fma_peak.hpp"
#include "host/base/batch_gradient.hpp"
#include "host/base/parallel.hpp"
#include "host/data/dataset.hpp"
#include "host/search/loss/loss.hpp"
#include "host/search/objective.hpp"
#include "host/search/run_search.hpp"
#include "host/train/train.hpp"

namespace crucible {
namespace {

constexpr int kImages = 4096;

/// A LeNet after one epoch on generated digits: its activations are as sparse as a trained
/// network's.
struct Bench {
  data::Dataset data = data::generate_strokes(1, kImages, 0);
  models::QuantisedNetwork network;
  std::vector<int> all = std::vector<int>(kImages);
  Bench() {
    train::TrainOptions options;
    options.epochs = 1;
    network = train::train(train::lenet_shapes(), data.train, options, {}).network;
    std::iota(all.begin(), all.end(), 0);
  }
};

const Bench& bench() {
  static const Bench kBench;
  return kBench;
}

/// Multiply-adds that one image's gradient needs: forward, to the weights, and to the inputs of all
/// layers but the first. Behind a 2 x 2 maximum one position in four has a gradient.
double gradient_products(const models::QuantisedNetwork& network) {
  double products = 0.0;
  for (size_t l = 0; l < network.layers.size(); ++l) {
    const models::LayerShape& shape = network.layers[l].shape;
    const double all = static_cast<double>(shape.positions()) * shape.weight_count();
    const double slopes = shape.pool ? all / 4 : all;
    products += all + slopes + (l > 0 ? slopes : 0.0);
  }
  return products;
}

/// Multiply-adds a second on this many threads, each with nothing else to do.
void BM_PeakMultiplyAdd(benchmark::State& state) {
  constexpr int64_t kRounds = 4'000'000;
  const auto threads = static_cast<size_t>(state.range(0));
  std::atomic<int64_t> done = 0;
  for (auto _ : state)
    parallel_shards(threads, static_cast<int>(threads),
                    [&](size_t, int) { done += multiply_add(kRounds); });
  state.counters["multiply-adds/s"] =
      benchmark::Counter(static_cast<double>(done), benchmark::Counter::kIsRate);
}
BENCHMARK(BM_PeakMultiplyAdd)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(thread_count())
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void BM_Gradient(benchmark::State& state) {
  const Bench& b = bench();
  BatchGradient batch(b.network, b.data.train.images, b.data.train.labels,
                      static_cast<int>(state.range(0)));
  models::NetworkGradient gradient(b.network);
  const models::FloatTwin twin(b.network, models::float_weights(b.network));
  // A clamp that no image reaches: every image has a gradient, so none is skipped.
  const ImageLoss loss = search::clamped_margin({.temperature = 1e6F});
  for (auto _ : state) benchmark::DoNotOptimize(batch.gradient(twin, b.all, loss, gradient));
  state.counters["gradients/s"] =
      benchmark::Counter(kImages, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["multiply-adds/s"] = benchmark::Counter(
      kImages * gradient_products(b.network), benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_Gradient)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(thread_count())
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

void BM_Forward(benchmark::State& state) {
  const Bench& b = bench();
  BatchGradient batch(b.network, b.data.train.images, b.data.train.labels,
                      static_cast<int>(state.range(0)));
  const models::FloatTwin twin(b.network, models::float_weights(b.network));
  for (auto _ : state) benchmark::DoNotOptimize(batch.count_correct(twin, b.all));
  state.counters["images/s"] =
      benchmark::Counter(kImages, benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(BM_Forward)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(thread_count())
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// The whole method on 4,096 images at 0.03 of w_max.
void BM_MarginAscent(benchmark::State& state) {
  const Bench& b = bench();
  const models::WeightBox box = models::make_box(
      b.network, models::VariationBound::weight_fraction(0.03), models::Realisation::kPair, 0);
  const search::SearchProblem problem{b.network,           box, b.data.train.images,
                                      b.data.train.labels, 1,   0};
  double accuracy = 0.0;
  for (auto _ : state) accuracy = search::run_search(problem, "margin-ascent").accuracy;
  state.counters["accuracy"] = accuracy;
}
BENCHMARK(BM_MarginAscent)->UseRealTime()->Unit(benchmark::kSecond)->Iterations(1);

}  // namespace
}  // namespace crucible

BENCHMARK_MAIN();
