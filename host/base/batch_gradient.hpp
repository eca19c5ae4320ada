// Loss and gradient of the float twin over many images, on all threads of all workers. Shards are
// fixed and summed in order: the result depends neither on the number of threads nor of workers.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "host/base/workers.hpp"
#include "models/float_twin/float_twin.hpp"

namespace crucible {

/// Loss of one image: writes dLoss / dlogits (all zero where the image has no say) and returns the
/// loss.
using ImageLoss =
    std::function<double(std::span<const float> logits, int label, std::span<float> dlogits)>;

struct BatchResult {
  double loss = 0.0;  ///< sum over the images
  int correct = 0;    ///< the largest logit is the label's; the lowest index wins ties
};

/// logits[label] minus the largest other: positive where the image is classified right.
[[nodiscard]] float margin(std::span<const float> logits, int label);

/// The cross-entropy of the logits' softmax, as an ImageLoss.
double cross_entropy(std::span<const float> logits, int label, std::span<float> dlogits);

/// Borrows images ([n][input_size]), labels ([n]) and workers; they must outlive it. Not for use by
/// several threads at once. With workers every call is one that all of them make.
class BatchGradient {
 public:
  BatchGradient(const models::QuantisedNetwork& network, std::span<const uint8_t> images,
                std::span<const uint8_t> labels, int threads, IWorkers* workers = nullptr);

  /// Sums over images[index[i]]; gradient is overwritten. margins: empty, or [index.size()],
  /// filled. readings: as in FloatTwin::forward, of all the images.
  BatchResult gradient(const models::FloatTwin& twin, std::span<const int> index,
                       const ImageLoss& loss, models::NetworkGradient& gradient,
                       std::span<float> margins = {},
                       const models::LayerReadings* readings = nullptr);

  /// Forward only: the number of images classified right, and their margins.
  int count_correct(const models::FloatTwin& twin, std::span<const int> index,
                    std::span<float> margins = {});

  /// Largest output of each hidden layer over the images (FloatTwin::activation_maxima).
  [[nodiscard]] std::vector<float> activation_maxima(const models::FloatTwin& twin,
                                                     std::span<const int> index);

  [[nodiscard]] int count() const { return static_cast<int>(labels_.size()); }

 private:
  BatchResult run(const models::FloatTwin& twin, std::span<const int> index, const ImageLoss* loss,
                  std::span<float> margins, bool maxima,
                  const models::LayerReadings* readings = nullptr);
  /// The sum of all shards' gradients, on every worker.
  void add_up(models::NetworkGradient& gradient);

  std::span<const uint8_t> images_;
  std::span<const uint8_t> labels_;
  IWorkers* workers_;
  int threads_;
  size_t hidden_;  ///< layers
  size_t shards_used_ = 0;
  // By shard.
  std::vector<models::NetworkGradient> gradients_;
  std::vector<BatchResult> results_;
  std::vector<float> maxima_;  ///< [shard][hidden layer]
  std::vector<models::FloatWorkspace> workspaces_;
  std::vector<float> handed_on_;
};

}  // namespace crucible
