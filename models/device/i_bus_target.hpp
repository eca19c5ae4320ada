// What answers on the board's bus: registers, windows, memory. A burst is judged as a whole, then
// done as a whole.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::models {

/// Outcome of a burst; of a refused one, why and at which word.
struct BusResult {
  spec::Status status = spec::Status::kOk;
  size_t index = 0;  ///< of the first refused word
};

/// A burst that is refused changes nothing. `words` is not empty.
class IBusTarget {
 public:
  virtual ~IBusTarget() = default;
  /// Words at ascending addresses from a byte address on.
  virtual BusResult read(uint32_t address, std::span<uint32_t> words) = 0;
  /// `step` is 4, or 0 where every word goes to the same address.
  virtual BusResult write(uint32_t address, std::span<const uint32_t> words, uint32_t step) = 0;
};

/// The targets of a board. A burst belongs to the target of its first word: it is refused where it
/// would leave it.
enum class BusSlave { kDevice, kControl, kMemory };

/// Whatever is neither the controller's nor board memory is the device's, which refuses what it
/// does not have.
[[nodiscard]] constexpr BusSlave slave_at(uint32_t address) {
  if (address >> 8 == spec::kRegCoreCtrl >> 8) return BusSlave::kControl;
  if ((address & ~(spec::kWindowMemoryBytes - 1)) == spec::kWindowMemory) return BusSlave::kMemory;
  return BusSlave::kDevice;
}

}  // namespace crucible::models
