// Linear relaxation, backwards from the margins: every activation is held between two linear
// functions of its sum, or between constants where these are tighter, and the margin is written in
// terms of ever earlier layers. What neighbouring layers have in common then cancels, which
// intervals cannot see. After H. Zhang et al., "Efficient neural network robustness certification
// with general activation functions" (CROWN), NeurIPS 2018, and G. Singh et al., "An abstract
// domain for certifying neural networks" (DeepPoly), POPL 2019, here with intervals on the weights
// and with the rounding of activations. See docs/certify.md, "Linear relaxation".
//
// Floating point, rounded outwards: see "Rounding" there.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "host/certify/activation_lines.hpp"
#include "host/certify/interval_pass.hpp"

namespace crucible::certify {

/// For the transparent ADC. One for each thread.
class Relaxation {
 public:
  /// `network` must outlive it.
  explicit Relaxation(const BoxedNetwork& network);

  /// Whether coefficients stay exact: no input feeds too many sums. No tile's network does.
  [[nodiscard]] static bool is_exact(const BoxedNetwork& network);

  /// Raises the lower bounds `margins` of logit[label] - logit[o] where the relaxation is tighter.
  /// `box` and `ideal` have run the image on the box and on the chip without deviations.
  void tighten(const IntervalPass& box, const IntervalPass& ideal, int label,
               std::span<int64_t> margins);
  /// Narrows the sums of the fully connected layers before the last by the relaxation of the layers
  /// before them, and with them all that follows in `box`.
  void narrow(IntervalPass& box, const IntervalPass& ideal);

 private:
  static constexpr int kWidth = 16;  ///< objectives that are bounded together
  using Row = std::array<double, kWidth>;
  /// Where one input of a patch lies, from the patch's corner in the padded image.
  struct Tap {
    int channel, row, column;
  };
  struct Layer {
    std::vector<Tap> taps;       ///< [fan_in]
    std::vector<double> weight;  ///< [fan_in][outputs], in 2^-lsb_exp level
    /// What the changes of its weights add to a sum, [positions][outputs].
    std::vector<double> noise_low, noise_high;
  };

  void find_noise(size_t layer, const LayerState& box);
  void clear(size_t inputs);
  void add(size_t objective, double term);
  /// Lower bounds of constant + coefficients * (activations before `layer`), into best_.
  void descend(size_t layer, const IntervalPass& box, const IntervalPass& ideal);
  void conclude(const LayerState* inputs, const LayerState* ideal);
  void substitute(size_t layer, const LayerState& box, const LayerState& ideal);
  void sums_to_inputs(size_t layer);

  const BoxedNetwork& network_;
  std::vector<Layer> layers_;
  std::vector<ActivationLines> lines_;     ///< of all layers but the last
  std::vector<Row> coefficients_;          ///< of activations
  std::vector<Row> sums_;                  ///< of sums, [positions * outputs]
  Row constant_{}, magnitude_{}, best_{};  ///< magnitude: sum of the terms' magnitudes
};

}  // namespace crucible::certify
