// The registers ENGINE of the in-process device.
#pragma once

#include <array>
#include <cstdint>

#include "spec/gen/crucible_map.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::models {

class EngineModel {
 public:
  EngineModel();

  /// A readable register; writable registers take legal values alone.
  [[nodiscard]] uint32_t read(uint32_t address) const;
  void write(uint32_t address, uint32_t word);

 private:
  static constexpr size_t kWords = (spec::kRegEngineTileCycles - spec::kRegEngineInfo) / 4 + 1;
  std::array<uint32_t, kWords> registers_{};
};

}  // namespace crucible::models
