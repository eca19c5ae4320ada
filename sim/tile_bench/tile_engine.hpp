// The driven tile as the engine of the integer pipeline. A network that takes more banks than the
// tile has is written bank by bank: a bank of the network lives in bank (number modulo banks) of
// the tile.
#pragma once

#include <optional>
#include <vector>

#include "models/network/network_job.hpp"
#include "sim/tile_bench/tile_driver.hpp"

namespace crucible::sim {

class TileEngine final : public models::IMvmEngine {
 public:
  TileEngine(TileDriver& driver, const Dut& dut, const models::NetworkJob& job)
      : driver_(driver), dut_(dut), job_(job), resident_(dut.geometry.banks, -1) {}
  /// The network is run without noise of reads, so the vectors' numbers do not matter.
  void multiply(size_t layer, uint32_t first_vector, std::span<const uint8_t> x, int count,
                std::span<int64_t> acc) override;
  [[nodiscard]] uint64_t products() const { return products_; }

 private:
  void make_resident(int bank);

  TileDriver& driver_;
  const Dut& dut_;
  const models::NetworkJob& job_;
  std::vector<int> resident_;  ///< the network's bank in each of the tile's
  std::optional<size_t> layer_;
  uint64_t products_ = 0;
};

}  // namespace crucible::sim
