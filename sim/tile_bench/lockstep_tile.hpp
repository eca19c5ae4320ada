// Two tiles that started with different random values in everything uninitialised, driven alike:
// they must never differ.
#pragma once

#include "sim/tile_bench/i_tile.hpp"

namespace crucible::sim {

class LockstepTile final : public ITile {
 public:
  explicit LockstepTile(uint64_t seed);
  TileOutputs clock(const TileInputs& inputs) override;
  [[nodiscard]] std::string complaint() const override { return first_->complaint(); }
  void trace(const std::string& file, uint64_t from) override { first_->trace(file, from); }
  /// Where the two differed first; empty: nowhere.
  [[nodiscard]] const std::string& difference() const { return difference_; }

 private:
  void compare(const TileOutputs& a, const TileOutputs& b);

  std::unique_ptr<ITile> first_, second_;
  std::array<bool, models::kAnswerCycles> reads_{};  ///< mem_rdata_o means something for reads only
  uint64_t cycle_ = 0;
  std::string difference_;
};

}  // namespace crucible::sim
