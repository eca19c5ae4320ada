// The devices that a search has in its loop: one behind a port, and the bit-exact model. Workers
// have a device each, which hold the same chip and measure their share of the images.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/base/workers.hpp"
#include "host/driver/accelerator.hpp"
#include "host/eval/evaluation.hpp"
#include "host/search/device/i_chip_evaluator.hpp"
#include "models/network/compiled_network.hpp"

namespace crucible::experiment {

/// What both have in common: the set of images, real logits, and the coding of updates.
class InLoopEvaluator : public search::IChipEvaluator {
 public:
  [[nodiscard]] int images() const final { return images_.count(); }
  [[nodiscard]] size_t update_bytes(const models::ChipOffsets& from,
                                    const models::ChipOffsets& to) const final;
  [[nodiscard]] size_t dense_bytes() const final;

 protected:
  /// Borrows `truth` (the network as the device really has it, ADC offsets included), the images
  /// and the workers. max_payload: words of a frame.
  InLoopEvaluator(const models::QuantisedNetwork& network, const models::CompiledNetwork& truth,
                  eval::LabelledImages images, int max_payload, IWorkers* workers);

  /// Space for the readings of all images.
  [[nodiscard]] models::LayerReadings space(search::Read read) const;
  /// Runs images first .. last - 1 and fills their part of the readings.
  void run(models::IMvmEngine& engine, size_t first, size_t last,
           models::LayerReadings& readings) const;
  /// The images that this worker measures.
  [[nodiscard]] Share share() const;
  /// Gives every worker the readings of all.
  void gather(models::LayerReadings& readings) const;
  [[nodiscard]] const models::CompiledNetwork& truth() const { return truth_; }
  [[nodiscard]] int banks() const { return banks_; }

 private:
  const models::CompiledNetwork& truth_;
  eval::LabelledImages images_;
  size_t max_payload_;
  int banks_;
  size_t cells_;       ///< of the banks in use
  double logit_unit_;  ///< real value of one unit of the last layer's sums
  IWorkers* workers_;
};

class ModelInLoop final : public InLoopEvaluator {
 public:
  /// threads as in SearchProblem; the readings do not depend on them.
  ModelInLoop(const models::QuantisedNetwork& network, const models::CompiledNetwork& truth,
              eval::LabelledImages images, int threads, IWorkers* workers = nullptr);
  [[nodiscard]] models::LayerReadings measure(const models::ChipOffsets& offsets,
                                              search::Read read) override;
  [[nodiscard]] std::string identity() const override;

 private:
  int threads_;
};

class DeviceInLoop final : public InLoopEvaluator {
 public:
  /// Borrows the device and writes all levels of the network to it, and offsets of zero. Throws
  /// what the driver throws.
  DeviceInLoop(driver::Accelerator& device, const models::QuantisedNetwork& network,
               const models::CompiledNetwork& truth, eval::LabelledImages images,
               IWorkers* workers = nullptr);
  [[nodiscard]] models::LayerReadings measure(const models::ChipOffsets& offsets,
                                              search::Read read) override;
  [[nodiscard]] std::string identity() const override;
  /// Bytes that updates put on this worker's wire since; zero where there is none.
  [[nodiscard]] uint64_t wire_bytes() const { return wire_bytes_; }

 private:
  driver::Accelerator& device_;
  uint64_t wire_bytes_ = 0;
};

/// Offsets of a tile's ADCs, uniform in -most .. most level and not known to the host: one for each
/// physical column, in 2^-8 level.
[[nodiscard]] std::vector<int16_t> random_adc_offsets(const models::TileGeometry& geometry,
                                                      double most, uint64_t seed);

}  // namespace crucible::experiment
