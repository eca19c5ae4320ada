// A tile clock by clock, as the generated wrapper shows it.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "models/tile/tile_contract.hpp"

namespace crucible::sim {

/// The fields of a job, in the order of the ports.
struct TileJob {
  uint32_t bank = 0, rows = 1, cols = 4, count = 1, in = 0, stride = 0, out = 0;
};

struct TileInputs {
  bool rst_n = true;
  bool job_valid = false;
  TileJob job;
  bool mem_req = false, mem_we = false;
  uint32_t mem_sel = 0, mem_addr = 0, mem_be = 0, mem_wdata = 0;
  std::array<uint32_t, models::kSettingWords> settings{};
  uint32_t tie = 0;
};

struct TileOutputs {
  bool job_ready = false, busy = false, mem_rvalid = false;
  uint32_t mem_rdata = 0;
  std::array<uint32_t, models::kEventWords> events{};
};

class ITile {
 public:
  virtual ~ITile() = default;
  /// Sets the inputs, samples the outputs, and gives a rising edge.
  virtual TileOutputs clock(const TileInputs& inputs) = 0;
  /// What the tile's own assertions, $fatal and $finish said; empty: nothing.
  [[nodiscard]] virtual std::string complaint() const = 0;
  /// Records an FST from cycle `from` on. Throws crucible::Error(kUsage).
  virtual void trace(const std::string& file, uint64_t from) = 0;
};

/// The Verilated tile with everything uninitialised drawn from the seed.
[[nodiscard]] std::unique_ptr<ITile> make_tile(uint64_t seed);

}  // namespace crucible::sim
