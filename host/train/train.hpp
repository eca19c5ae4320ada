// Quantisation-aware training: 4-bit magnitudes with sign, 8-bit activations. The same seed gives
// the same weights for the same binary on the same instruction set, whatever the number of threads.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "host/data/dataset.hpp"
#include "host/train/hardening.hpp"
#include "models/network/network.hpp"

namespace crucible::train {

struct TrainOptions {
  std::string name = "lenet";
  uint64_t seed = 1;
  int epochs = 12;
  int batch = 100;
  double learning_rate =
      2e-3;                   ///< Adam, warmed up over the first epoch's start, then cosine to zero
  double weight_decay = 0.0;  ///< decoupled, per step and learning rate
  int max_shift = 1;          ///< training images move by up to so many pixels each way
  bool quantisation_aware = true;  ///< false: trained in float, quantised afterwards
  Hardening hardening;             ///< against device variation
  int threads = 0;                 ///< 0: the machine's
};

struct TrainPoint {
  int epoch = 0;          ///< finished epochs
  int step = 0;           ///< finished steps of all
  double loss = 0.0;      ///< mean cross-entropy over the last epoch, at the weights as perturbed
  double accuracy = 0.0;  ///< on the training images as they were seen, 0 .. 1; likewise
};

/// Called after each epoch; returning false ends the training, and the network as it is by then is
/// quantised and returned.
using Progress = std::function<bool(const TrainPoint& point, int planned_epochs)>;

struct TrainResult {
  models::QuantisedNetwork network;
  std::vector<TrainPoint> trace;
  bool interrupted = false;
};

/// The literature's LeNet for 28 x 28 images: conv 1-6 and 6-16 (3 x 3, pad 1, pooled), FC
/// 784-120-84-10; 105,918 weights.
[[nodiscard]] std::vector<models::LayerShape> lenet_shapes(int classes = 10);

/// Trains on `images` ([count][in_size] with labels) and nothing else. Throws
/// crucible::Error(kUsage) for options out of range, kData when images, labels and shapes do not
/// fit.
[[nodiscard]] TrainResult train(const std::vector<models::LayerShape>& shapes,
                                const data::ImageSet& images, const TrainOptions& options,
                                const Progress& progress);

}  // namespace crucible::train
