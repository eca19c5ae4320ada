// Every chip of a small box, one by one, and what a plain pipeline straight from docs/numerics.md
// makes of it: what certificates are held to.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "models/network/compiled_network.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::test {

/// A network, its box on a coarse grid (so that few steps matter), and both as compiled.
struct BoxedCase {
  std::string name;
  models::QuantisedNetwork network;
  models::WeightBox box;
  models::CompiledNetwork compiled;
};

struct CaseSettings {
  models::VariationBound bound = models::VariationBound::weight_fraction(0.03);
  models::Realisation realisation = models::Realisation::kPair;
  int base = 32;
  int lsb_exp = 8;
  int steps = 3;
  models::AdcPlan adc;              ///< step_exp of every layer, or transparent
  std::vector<int16_t> adc_offset;  ///< per physical column of a bank
  models::TileGeometry tile{8, 8, 8};
};

/// The box has exactly `steps` steps in every layer, whatever the bound's value is; the bound gives
/// the convention.
[[nodiscard]] BoxedCase boxed_case(const std::string& name, models::QuantisedNetwork network,
                                   const CaseSettings& settings);

/// Offsets of one weight's cells, [positive 0, positive 1, negative 0, negative 1].
using CellOffsets = std::array<int, 4>;
/// Everything that the cells of a weight can do in a box, from docs/variation.md: every integer
/// offset of every cell that moves.
[[nodiscard]] std::vector<CellOffsets> every_offset(const models::WeightBox& box, size_t layer,
                                                    int weight);

/// The integer pipeline in plain loops, with offsets given weight by weight.
class PlainPipeline {
 public:
  explicit PlainPipeline(const BoxedCase& boxed);
  void set(size_t layer, size_t weight, const CellOffsets& offsets);
  /// Activations of every layer but the last, [layer][channel, row, column], and the logits.
  struct Outcome {
    std::vector<std::vector<int64_t>> activations;
    std::vector<int64_t> logits;
  };
  void run(std::span<const uint8_t> image, Outcome& outcome) const;
  /// The same chip for the library's twin.
  [[nodiscard]] models::ChipOffsets chip() const;

 private:
  const BoxedCase& boxed_;
  std::vector<std::vector<CellOffsets>> offsets_;                 ///< [layer][weight]
  std::vector<std::vector<std::array<int64_t, 4>>> conductance_;  ///< 〃
};

/// Calls action(pipeline) for every chip of the box whose layers in `mask` vary (empty: all);
/// returns their number.
uint64_t for_every_chip(const BoxedCase& boxed, const std::vector<bool>& mask,
                        const std::function<void(const PlainPipeline&)>& action);

}  // namespace crucible::test
