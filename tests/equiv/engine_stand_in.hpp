// What stands for board memory and tile around a layer engine: for the RTL clock by clock, for the
// C++ twin at once. Results are a sum that every input, the bank, the number of the read and the
// ADC move.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <random>
#include <vector>

#include "models/device/layer_engine.hpp"

namespace crucible::sim {

/// The configuration of engine_block.f.
[[nodiscard]] spec::HardwareConfig block_config();

/// What one vector gives in output `output`, signed 42 bits.
[[nodiscard]] int64_t stand_in_result(const models::EngineJob& job, uint32_t read, uint32_t output,
                                      const std::vector<uint8_t>& x);

class StandIn : public models::ILayerEngineBoard {
 public:
  explicit StandIn(const spec::HardwareConfig& config);

  [[nodiscard]] uint32_t memory(uint32_t word) const override { return memory_.at(word); }
  void set_memory(uint32_t word, uint32_t value) override { memory_.at(word) = value; }
  void set_input(uint32_t word, uint32_t value) override { input_.at(word) = value; }
  [[nodiscard]] int64_t output(uint32_t word) const override { return output_.at(word); }
  void multiply(const models::EngineJob& job) override;
  /// Vector k of a job.
  void multiply_vector(const models::EngineJob& job, uint32_t k);

  std::vector<uint32_t> memory_, input_;
  std::vector<int64_t> output_;
  std::vector<models::EngineJob> jobs;  ///< so far
};

/// The tile clock by clock: takes a job, and every vector takes it as long as it likes. With
/// `overlap` it takes the next job while the last vector of the one before is converted.
class SlowTile {
 public:
  SlowTile(StandIn& board, std::mt19937_64& random, bool overlap, uint32_t slowest)
      : board_(board), random_(random), overlap_(overlap), slowest_(slowest) {}

  [[nodiscard]] bool busy() const { return !under_way_.empty(); }
  [[nodiscard]] bool ready() const {
    return under_way_.empty() || (overlap_ && under_way_.size() == 1 && last_vector_);
  }
  void take(const models::EngineJob& job);
  /// Whether a vector's last result is written in this cycle.
  [[nodiscard]] bool product();
  bool hangs = false;

 private:
  StandIn& board_;
  std::mt19937_64& random_;
  bool overlap_;
  uint32_t slowest_;
  std::deque<models::EngineJob> under_way_;
  uint32_t vector_ = 0, left_ = 0;
  bool last_vector_ = false;
};

}  // namespace crucible::sim
