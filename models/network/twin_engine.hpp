// The bit-exact twin as the engine of the integer pipeline.
#pragma once

#include <memory>
#include <vector>

#include "models/network/compiled_network.hpp"
#include "models/tile/tile_twin.hpp"

namespace crucible::models {

/// One chip: a compiled network with the offsets of its cells (used when compiled.common.inject is
/// set) and their stuck states (used when compiled.common.effects.stuck is set). multiply() is not
/// const only because it counts; give every thread its own copy (copies share the prepared banks).
class TwinEngine final : public IMvmEngine {
 public:
  TwinEngine(const CompiledNetwork& network, const ChipOffsets& offsets,
             Kernel kernel = best_kernel(), const ChipStuck& stuck = {});
  void multiply(size_t layer, uint32_t first_vector, std::span<const uint8_t> x, int count,
                std::span<int64_t> acc) override;
  [[nodiscard]] const TileCounters& counters() const { return counters_; }

 private:
  struct Prepared;
  std::shared_ptr<const Prepared> prepared_;
  TileCounters counters_;
  std::vector<uint8_t> block_;
  std::vector<int64_t> partial_;
};

}  // namespace crucible::models
