// What every search with hardware in the loop stands on: the accepted point, its score as measured
// on the device, and the bytes that it took.
#pragma once

#include <cstdint>
#include <vector>

#include "host/search/arena.hpp"
#include "host/search/device/i_chip_evaluator.hpp"

namespace crucible::search {

/// What the device makes of a point. A search takes steps by the smooth count, the sum of
/// sigmoid(margin / temperature) over the images, which moves where the count stands still; its
/// best point is the one with the lowest count.
struct DeviceScore {
  int correct = 0;
  double loss = 0.0;
  [[nodiscard]] bool better_than(const DeviceScore& other) const {
    return loss != other.loss ? loss < other.loss : correct < other.correct;
  }
};

/// Traffic of offsets alone; products cost the same for every method.
struct DeviceStatistics {
  uint64_t measurements = 0;    ///< of the whole set of images
  uint64_t accepted = 0;        ///< steps that became the search's point
  uint64_t accepted_bytes = 0;  ///< of the updates that were accepted
  uint64_t bytes = 0;           ///< of all updates, rejected ones and their undoing included
  uint64_t dense_bytes = 0;     ///< every offset, once
  int first_correct = 0;        ///< at the start point

  /// Bytes of an accepted step's update as a share of sending every offset.
  [[nodiscard]] double accepted_share() const;
  /// All bytes for each accepted step, likewise.
  [[nodiscard]] double total_share() const;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(measurements, accepted, accepted_bytes, bytes, dense_bytes, first_correct);
  }
};

class DeviceSession {
 public:
  /// Borrows all. `compiled` is the host's view of the device: what it does not say (offsets of the
  /// ADCs) the search does not know. `start` is the first point. Throws crucible::Error(kUsage)
  /// when the device has another number of images than the problem.
  DeviceSession(Arena& arena, IChipEvaluator& device, const models::CompiledNetwork& compiled,
                Point start);

  [[nodiscard]] Arena& arena() { return arena_; }
  [[nodiscard]] const SearchProblem& problem() const { return arena_.problem(); }
  [[nodiscard]] const Point& point() const { return z_; }
  [[nodiscard]] const DeviceScore& score() const { return score_; }
  [[nodiscard]] const DeviceStatistics& statistics() const { return statistics_; }
  [[nodiscard]] bool begun() const { return statistics_.measurements > 0; }
  [[nodiscard]] size_t weights() const { return weights_; }
  /// Of the network's weights: see blocks.hpp.
  [[nodiscard]] size_t sparse_step() const;

  /// Measures the start, from which the best is counted.
  void begin(Read read);
  /// Measures a point of the box.
  DeviceScore measure(const Point& z, Read read = Read::kLogits);
  /// Takes the point measured last.
  void accept(Point z, const DeviceScore& score);
  /// Measures and takes the point if it is better (or, with `level`, as good).
  bool attempt(Point z, bool level, Read read = Read::kLogits);
  /// Of the last measurement.
  [[nodiscard]] const models::LayerReadings& readings() const { return readings_; }
  /// Adds the accepted point to the trace.
  void report();
  /// Of the smooth count, logits.
  [[nodiscard]] float temperature() const;

  void save(OutArchive& archive) const;
  void load(InArchive& archive);

 private:
  Arena& arena_;
  IChipEvaluator& device_;
  const models::CompiledNetwork& compiled_;
  size_t weights_ = 0;
  Point z_;
  DeviceScore score_;
  DeviceStatistics statistics_;
  models::ChipOffsets held_;      ///< by the device, as last sent
  models::ChipOffsets accepted_;  ///< of the accepted point
  models::LayerReadings readings_;
};

/// The normalised point of a change of the weights.
[[nodiscard]] Point point_of(const models::WeightBox& box, const models::WeightDelta& delta);

}  // namespace crucible::search
