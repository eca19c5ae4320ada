// Networks from elsewhere: float weights (a PyTorch LeNet, say) quantised after training. See
// docs/results.md.
#pragma once

#include <filesystem>
#include <vector>

#include "host/eval/evaluation.hpp"
#include "models/network/network.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::experiment {

/// A float network scaled for the tile: `network` holds the quantised weights, `exact` the same
/// weights before rounding, in weight LSB.
struct ImportedNetwork {
  models::QuantisedNetwork network;
  models::WeightDelta exact;
  std::vector<float> exact_first_bias;  ///< with the input mean folded in by the exact weights
  bool was_float = false;
  /// The input mean was folded into the first bias although the layer pads: outputs at the border
  /// differ from the original's.
  bool border_approximated = false;
};

/// Reads a folder of schema crucible.network/1 (taken as it is) or crucible.float_network/1:
/// w_<layer>.npy float32 [out][in][k][k] or [out][in], b_<layer>.npy float32 [out]; weights become
/// round(w / (max |w| / 15)), activation scales come from the largest activation over `calibration`
/// (training images). Throws crucible::Error (kUsage, kData) naming the file.
[[nodiscard]] ImportedNetwork import_network(const std::filesystem::path& folder,
                                             eval::LabelledImages calibration);

/// Accuracy of the float network itself on images: weights before rounding, activations not
/// rounded.
[[nodiscard]] double float_accuracy(const ImportedNetwork& imported, eval::LabelledImages images);

}  // namespace crucible::experiment
