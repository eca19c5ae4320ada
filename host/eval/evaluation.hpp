// Logits and accuracy over many images: on the bit-exact twin with threads, or on any engine (a
// device) one chunk at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "host/base/i_workers.hpp"
#include "models/network/compiled_network.hpp"
#include "models/network/mvm_engine.hpp"
#include "models/network/twin_engine.hpp"

namespace crucible::eval {

/// A view of images with their labels; pixels: [count][image_size].
struct LabelledImages {
  std::span<const uint8_t> pixels;
  std::span<const uint8_t> labels;
  [[nodiscard]] int count() const { return static_cast<int>(labels.size()); }
  [[nodiscard]] size_t image_size() const {
    return labels.empty() ? 0 : pixels.size() / labels.size();
  }
  /// The first `images` of them, or all if there are fewer.
  [[nodiscard]] LabelledImages first(int images) const;
  /// `images` of them from `begin` on.
  [[nodiscard]] LabelledImages part(int begin, int images) const;
};

struct Evaluation {
  int classes = 0;
  int correct = 0;
  std::vector<int64_t> logits;     ///< [images][classes]
  std::vector<uint8_t> predicted;  ///< [images]
  models::TileCounters counters;   ///< of the twin; zero on other engines
  [[nodiscard]] int images() const { return static_cast<int>(predicted.size()); }
  [[nodiscard]] double accuracy() const;  ///< 0 .. 1
};

/// Called with the number of images done; returning false ends the evaluation with the images done
/// so far.
using Progress = std::function<bool(int done)>;

/// Evaluates one chip on the twin; `stuck` counts where the network's effects say so. The result
/// depends neither on `threads` (0: the machine's) nor
/// on the workers, who all make the call and get the whole result.
[[nodiscard]] Evaluation evaluate_model(const models::CompiledNetwork& network,
                                        const models::ChipOffsets& offsets, LabelledImages images,
                                        int threads, IWorkers* workers = nullptr,
                                        const models::ChipStuck& stuck = {});

/// Evaluates on any engine, `chunk` images at a time (0: all at once). Throws what the engine
/// throws.
[[nodiscard]] Evaluation evaluate_engine(const models::CompiledNetwork& network,
                                         models::IMvmEngine& engine, LabelledImages images,
                                         int chunk, const Progress& progress = {});

/// From logits [images][classes] that were computed elsewhere: the board. Throws as
/// evaluate_engine() for images that are not the network's.
[[nodiscard]] Evaluation evaluation_of(const models::CompiledNetwork& network,
                                       LabelledImages images, std::vector<int64_t> logits);

/// Throws crucible::Error(kMismatch) naming the first image and class whose logits differ, both
/// values, and how many differ. `b` may hold more images than `a`; its first ones are compared.
void require_equal_logits(const Evaluation& a, const std::string& name_a, const Evaluation& b,
                          const std::string& name_b);

}  // namespace crucible::eval
