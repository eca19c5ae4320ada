#include "host/train/train.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "host/base/batch_gradient.hpp"
#include "host/train/batches.hpp"
#include "host/train/shadow_network.hpp"
#include "models/error.hpp"

namespace crucible::train {

using models::Activations;
using models::FloatTwin;

namespace {

constexpr int kCalibrationImages = 4096;  // the first ones of the training set
constexpr double kFloatShare = 0.5;  // of the epochs, before weights and activations are rounded
constexpr int kWarmUpSteps = 200;

void check(const std::vector<models::LayerShape>& shapes, const data::ImageSet& images,
           const TrainOptions& options) {
  const auto refuse = [](const std::string& what) {
    throw Error(ErrorKind::kUsage, "train: " + what);
  };
  if (shapes.size() < 2) refuse(fmt::format("{} layers; at least two are needed", shapes.size()));
  if (options.epochs < 1) refuse(fmt::format("epochs is {}; it must be 1 or more", options.epochs));
  if (options.batch < 1 || options.batch > images.count())
    refuse(fmt::format("batch is {}; it must be 1 .. {} (the training images)", options.batch,
                       images.count()));
  if (!(options.learning_rate > 0))
    refuse(fmt::format("learning_rate is {}; it must be above 0", options.learning_rate));
  if (!(options.weight_decay >= 0))
    refuse(fmt::format("weight_decay is {}; it must be 0 or more", options.weight_decay));
  if (options.max_shift < 0 ||
      options.max_shift >= std::min(shapes[0].in_height, shapes[0].in_width))
    refuse(fmt::format("max_shift is {}; it must be 0 or more and less than the image",
                       options.max_shift));
  const size_t pixels = static_cast<size_t>(shapes.front().in_size()) * images.labels.size();
  if (images.images.size() != pixels)
    throw Error(
        ErrorKind::kData,
        fmt::format("train: {} bytes of images; {} labels and layer '{}' need {}",
                    images.images.size(), images.labels.size(), shapes.front().name, pixels));
  const auto most = std::max_element(images.labels.begin(), images.labels.end());
  if (*most >= shapes.back().out_channels)
    throw Error(
        ErrorKind::kData,
        fmt::format("train: label {} of image {}; layer '{}' has {} classes", *most,
                    most - images.labels.begin(), shapes.back().name, shapes.back().out_channels));
}

double learning_rate(const TrainOptions& options, int step, int steps) {
  const double warm_up = std::min(1.0, (step + 1.0) / std::min(kWarmUpSteps, steps));
  return options.learning_rate * warm_up * 0.5 * (1 + std::cos(std::numbers::pi * step / steps));
}

/// base += delta; an empty delta is none.
void add(models::WeightDelta& base, const models::WeightDelta& delta) {
  for (size_t l = 0; l < delta.size(); ++l)
    for (size_t i = 0; i < base[l].size(); ++i) base[l][i] += delta[l][i];
}

/// The weights that a step computes with, before it perturbs them.
models::WeightDelta base_weights(const ShadowNetwork& shadow, bool rounded) {
  return rounded ? models::float_weights(shadow.quantised()) : shadow.unrounded();
}

/// The gradient of a batch at the perturbed weights, which is taken as that of the weights
/// themselves.
BatchResult step_gradient(const models::QuantisedNetwork& network, const models::WeightDelta& base,
                          bool rounded, BatchGradient& batch, std::span<const int> index,
                          IPerturbation* perturbation, int step, double strength,
                          models::NetworkGradient& gradient) {
  const auto gradient_at = [&](const models::WeightDelta& delta, models::NetworkGradient& at) {
    models::WeightDelta moved = base;
    add(moved, delta);
    const FloatTwin twin(network, moved, rounded ? Activations::kCodes : Activations::kReal);
    return batch.gradient(twin, index, cross_entropy, at);
  };
  if (perturbation == nullptr) return gradient_at({}, gradient);
  const auto ascent = [&](const models::WeightDelta& delta, models::NetworkGradient& at) {
    static_cast<void>(gradient_at(delta, at));
  };
  return gradient_at(perturbation->perturb(step, strength, ascent), gradient);
}

/// Scales the activations so that the largest one on the first training images, with the weights as
/// they are used, is code 255.
void calibrate(ShadowNetwork& shadow, BatchGradient& plain, bool rounded) {
  std::vector<int> index(static_cast<size_t>(std::min(kCalibrationImages, plain.count())));
  std::iota(index.begin(), index.end(), 0);
  const FloatTwin twin(shadow.quantised(), base_weights(shadow, rounded), Activations::kReal);
  shadow.set_activation_maxima(plain.activation_maxima(twin, index));
}

}  // namespace

TrainResult train(const std::vector<models::LayerShape>& shapes, const data::ImageSet& images,
                  const TrainOptions& options, const Progress& progress) {
  check(shapes, images, options);
  ShadowNetwork shadow(options.name, shapes, options.seed);
  Batches batches(images, shapes[0].in_height, shapes[0].in_width, options.batch, options.max_shift,
                  options.seed);
  BatchGradient plain(shadow.quantised(), images.images, images.labels, options.threads);
  BatchGradient shifted(shadow.quantised(), batches.pixels(), batches.labels(), options.threads);
  std::vector<int> all(static_cast<size_t>(options.batch));
  std::iota(all.begin(), all.end(), 0);
  models::NetworkGradient gradient(shadow.quantised());
  const std::unique_ptr<IPerturbation> perturbation =
      make_perturbation(options.hardening, shadow.quantised(), options.seed, options.threads);

  TrainResult result;
  const int steps = options.epochs * batches.per_epoch();
  const int float_epochs =
      options.quantisation_aware ? static_cast<int>(kFloatShare * options.epochs) : options.epochs;
  TrainPoint point;
  for (int epoch = 0; epoch < options.epochs && !result.interrupted; ++epoch) {
    const bool rounded = epoch >= float_epochs;
    if (rounded) calibrate(shadow, plain, true);
    batches.start_epoch(epoch);
    BatchResult sum;
    for (int number = 0; number < batches.per_epoch(); ++number) {
      batches.fill(number);
      const BatchResult batch =
          step_gradient(shadow.quantised(), base_weights(shadow, rounded), rounded, shifted, all,
                        perturbation.get(), point.step,
                        strength_at(options.hardening, point.step, steps), gradient);
      sum.loss += batch.loss;
      sum.correct += batch.correct;
      shadow.step(gradient, 1.0 / options.batch, learning_rate(options, point.step, steps),
                  options.weight_decay);
      ++point.step;
    }
    const double seen = 1.0 * batches.per_epoch() * options.batch;
    point.epoch = epoch + 1;
    point.loss = sum.loss / seen;
    point.accuracy = sum.correct / seen;
    result.trace.push_back(point);
    result.interrupted = progress && !progress(point, options.epochs) && epoch + 1 < options.epochs;
  }
  calibrate(shadow, plain, true);
  result.network = shadow.quantised();
  return result;
}

}  // namespace crucible::train
