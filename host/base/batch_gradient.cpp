#include "host/base/batch_gradient.hpp"

#include <algorithm>
#include <cmath>

#include "host/base/parallel.hpp"

namespace crucible {

namespace {

constexpr size_t kMostShards = 16;
constexpr float kNegligible =
    1e-12F;  // probability; smaller slopes would end as denormals, which are slow
constexpr size_t kShardUnit =
    16;  // images; shards are multiples of it, so that the twin's lanes are full

template <class Act>
void for_each_layer(models::NetworkGradient& gradient, const Act& act) {
  for (auto& layer : gradient.weights) act(layer);
  for (auto& layer : gradient.bias) act(layer);
}

}  // namespace

float margin(std::span<const float> logits, int label) {
  float other = -3.0e38F;
  for (int c = 0; c < static_cast<int>(logits.size()); ++c)
    if (c != label) other = std::max(other, logits[c]);
  return logits[label] - other;
}

double cross_entropy(std::span<const float> logits, int label, std::span<float> dlogits) {
  const float most = *std::max_element(logits.begin(), logits.end());
  float sum = 0.0F;
  for (size_t c = 0; c < logits.size(); ++c) sum += dlogits[c] = std::exp(logits[c] - most);
  for (float& d : dlogits) d = d < kNegligible * sum ? 0.0F : d / sum;
  const double loss = -std::log(std::max(dlogits[label], 1e-30F));
  dlogits[label] -= 1.0F;
  return loss;
}

BatchGradient::BatchGradient(const models::QuantisedNetwork& network,
                             std::span<const uint8_t> images, std::span<const uint8_t> labels,
                             int threads, IWorkers* workers)
    : images_(images),
      labels_(labels),
      workers_(workers),
      threads_(thread_count(threads, workers)),
      hidden_(network.layers.size() - 1),
      gradients_(kMostShards, models::NetworkGradient(network)),
      results_(kMostShards),
      maxima_(kMostShards * hidden_),
      workspaces_(static_cast<size_t>(threads_)) {}

BatchResult BatchGradient::run(const models::FloatTwin& twin, std::span<const int> index,
                               const ImageLoss* loss, std::span<float> margins, bool maxima,
                               const models::LayerReadings* readings) {
  const size_t units = (index.size() + kShardUnit - 1) / kShardUnit;
  shards_used_ = std::clamp<size_t>(units / 2, 1, kMostShards);
  const size_t classes = static_cast<size_t>(twin.classes());
  const auto begin_of = [&](size_t shard) {
    return std::min(index.size(), shard * units / shards_used_ * kShardUnit);
  };
  const Share mine = share_of(shards_used_, workers_);
  parallel_shards(mine.size(), threads_, [&](size_t which, int worker) {
    const size_t number = mine.first + which;
    BatchResult& result = results_[number] = {};
    const std::span<float> largest = std::span(maxima_).subspan(number * hidden_, hidden_);
    std::fill(largest.begin(), largest.end(), 0.0F);
    if (loss != nullptr) gradients_[number].set_zero();
    models::FloatWorkspace& workspace = workspaces_[static_cast<size_t>(worker)];
    std::vector<float> logits(models::FloatTwin::kChunk * classes), dlogits(logits.size());
    const size_t first = begin_of(number), last = begin_of(number + 1);
    for (size_t at = first; at < last; at += models::FloatTwin::kChunk) {
      const size_t count = std::min<size_t>(models::FloatTwin::kChunk, last - at);
      twin.forward(images_, index.subspan(at, count), workspace, logits, readings);
      if (maxima) twin.activation_maxima(workspace, largest);
      bool any = false;
      for (size_t i = 0; i < count; ++i) {
        const std::span<const float> out = std::span(logits).subspan(i * classes, classes);
        const int label = labels_[static_cast<size_t>(index[at + i])];
        result.correct += std::max_element(out.begin(), out.end()) - out.begin() == label;
        if (!margins.empty()) margins[at + i] = margin(out, label);
        if (loss == nullptr) continue;
        const std::span<float> slope = std::span(dlogits).subspan(i * classes, classes);
        result.loss += (*loss)(out, label, slope);
        any = any || std::any_of(slope.begin(), slope.end(), [](float d) { return d != 0.0F; });
      }
      if (any)
        twin.backward(std::span(dlogits).first(count * classes), workspace, gradients_[number]);
    }
  });
  gather_units(workers_, std::span(results_).first(shards_used_), shards_used_);
  if (maxima)
    gather_units(workers_, std::span(maxima_).first(shards_used_ * hidden_), shards_used_);
  if (worker_count(workers_) > 1 && !margins.empty()) {
    std::vector<size_t> ends;
    for (int rank = 0; rank < workers_->size(); ++rank)
      ends.push_back(begin_of(share_of(shards_used_, rank, workers_->size()).last) * sizeof(float));
    workers_->gather(std::as_writable_bytes(margins), ends);
  }
  BatchResult total;
  for (size_t number = 0; number < shards_used_; ++number) {
    total.loss += results_[number].loss;
    total.correct += results_[number].correct;
  }
  return total;
}

void BatchGradient::add_up(models::NetworkGradient& gradient) {
  const Share mine = share_of(shards_used_, workers_);
  const auto add = [&] {
    for (size_t number = mine.first; number < mine.last; ++number) gradient.add(gradients_[number]);
  };
  gradient.set_zero();
  if (worker_count(workers_) == 1) return add();
  // The sum so far goes from worker to worker, so that it is added in the order of the shards.
  size_t size = 0;
  for_each_layer(gradient, [&](std::vector<float>& layer) { size += layer.size(); });
  handed_on_.assign(size, 0.0F);
  const auto unpack = [&] {
    auto at = handed_on_.begin();
    for_each_layer(gradient, [&](std::vector<float>& layer) {
      std::copy_n(at, layer.size(), layer.begin());
      at += static_cast<std::ptrdiff_t>(layer.size());
    });
  };
  workers_->relay(std::as_writable_bytes(std::span(handed_on_)), [&] {
    unpack();
    add();
    auto at = handed_on_.begin();
    for_each_layer(gradient, [&](const std::vector<float>& layer) {
      at = std::copy(layer.begin(), layer.end(), at);
    });
  });
  unpack();
}

BatchResult BatchGradient::gradient(const models::FloatTwin& twin, std::span<const int> index,
                                    const ImageLoss& loss, models::NetworkGradient& gradient,
                                    std::span<float> margins,
                                    const models::LayerReadings* readings) {
  const BatchResult result = run(twin, index, &loss, margins, false, readings);
  add_up(gradient);
  return result;
}

int BatchGradient::count_correct(const models::FloatTwin& twin, std::span<const int> index,
                                 std::span<float> margins) {
  return run(twin, index, nullptr, margins, false).correct;
}

std::vector<float> BatchGradient::activation_maxima(const models::FloatTwin& twin,
                                                    std::span<const int> index) {
  run(twin, index, nullptr, {}, true);
  std::vector<float> maxima(hidden_, 0.0F);
  for (size_t number = 0; number < shards_used_; ++number)
    for (size_t l = 0; l < hidden_; ++l)
      maxima[l] = std::max(maxima[l], maxima_[number * hidden_ + l]);
  return maxima;
}

}  // namespace crucible
