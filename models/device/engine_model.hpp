// The registers ENGINE of the in-process device.
#pragma once

#include <cstdint>

#include "models/device/layer_engine.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::models {

class EngineModel {
 public:
  explicit EngineModel(const spec::HardwareConfig& config)
      : activation_bytes_(activation_bytes(config)) {}

  /// A readable register; writable registers take legal values alone. ENGINE_START and ENGINE_STOP
  /// do nothing here: whoever has the tile calls begin(), runs the request, and reports the rest.
  [[nodiscard]] uint32_t read(uint32_t address) const;
  void write(uint32_t address, uint32_t word);

  [[nodiscard]] const EngineRequest& request() const { return request_; }
  /// From here on ENGINE_STATUS says busy.
  void begin() { busy_ = true; }
  void end(const EngineOutcome& outcome, uint64_t cycles, uint64_t tile_cycles);

 private:
  uint32_t activation_bytes_;
  EngineRequest request_;
  EngineOutcome outcome_;
  bool busy_ = false;
  uint32_t cycles_ = 0, tile_cycles_ = 0;
};

}  // namespace crucible::models
