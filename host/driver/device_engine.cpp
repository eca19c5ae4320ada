#include "host/driver/accelerator.hpp"
#include "models/error.hpp"

#include <fmt/format.h>

namespace crucible::driver {

DeviceEngine::DeviceEngine(Accelerator& accelerator, const models::CompiledNetwork& network)
    : accelerator_(accelerator), network_(network) {
  const models::TileGeometry& device = accelerator.identity().geometry;
  const models::TileGeometry& wanted = network.geometry;
  if (device == wanted) return;
  throw Error(ErrorKind::kMismatch,
              fmt::format("network '{}' is compiled for {} banks of {} x {} cells, the device {} "
                          "has {} of {} x {}; compile it for the device",
                          network.name, wanted.banks, wanted.rows, wanted.cols,
                          accelerator.port().describe(), device.banks, device.rows, device.cols));
}

void DeviceEngine::multiply(size_t layer, uint32_t first_vector, std::span<const uint8_t> x,
                            int count, std::span<int64_t> acc) {
  const models::CompiledLayer& compiled = network_.layers.at(layer);
  accelerator_.apply(network_.settings(layer));
  accelerator_.multiply(compiled.placement.banks, compiled.shape.fan_in(),
                        compiled.shape.out_channels, compiled.adc.transparent, first_vector, x,
                        count, acc);
}

}  // namespace crucible::driver
