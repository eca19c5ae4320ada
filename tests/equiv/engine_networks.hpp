// Random networks for the layer engine, as descriptors, biases and images in board memory.
#pragma once

#include <random>
#include <vector>

#include "tests/equiv/engine_stand_in.hpp"

namespace crucible::sim {

struct EngineNetwork {
  std::vector<models::EngineDescriptor> layers;
  models::EngineRequest request;
};

/// A layer that the engine takes: its shape, or none where the draw is not legal in its place.
struct EngineShape {
  uint32_t channels, height, width, kernel, pad, outputs;
  bool pool;
};

class EngineNetworks {
 public:
  EngineNetworks(const spec::HardwareConfig& config, std::mt19937_64& random)
      : config_(config), random_(random) {}

  /// Legal; 1 to 4 layers, of which every one but the last may be a convolution.
  EngineNetwork draw();
  /// With these shapes.
  EngineNetwork build(const std::vector<EngineShape>& shapes);
  /// Writes descriptors, random biases and random images.
  void write(const EngineNetwork& network, StandIn& board);

  uint32_t below(uint32_t end) { return static_cast<uint32_t>(random_() % end); }

 private:
  models::EngineDescriptor descriptor(const EngineShape& shape, bool last);

  const spec::HardwareConfig& config_;
  std::mt19937_64& random_;
};

}  // namespace crucible::sim
