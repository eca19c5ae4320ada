// See quantising_bank.hpp.
#include "models/tile/quantising_bank.hpp"

#include "models/tile/tile_check.hpp"

namespace crucible::models {

void QuantisingBank::multiply(uint32_t /*first_read*/, std::span<const uint8_t> x, int count,
                              std::span<int64_t> out, TileCounters& counters) const {
  const ColumnView& view = tables_.view();
  check_product(x.size(), out.size(), view.rows, 4 * view.outputs, count);
  counters.saturations += kernels_.multiply(view, x.data(), count, out.data());
  tables_.count(count, counters);
}

int64_t QuantisingBank::largest_sum(std::span<const uint8_t> x, int count) const {
  return tables_.largest_sum(kernels_, x, count);
}

}  // namespace crucible::models
