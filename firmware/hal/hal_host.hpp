// The hardware abstraction of firmware that is compiled for the host: a bus of the caller's.
#pragma once

#include <cstdint>

namespace crucible::firmware {

/// What the core sees. Errors are thrown and pass through the firmware.
class IBus {
 public:
  virtual ~IBus() = default;
  [[nodiscard]] virtual uint32_t read(uint32_t address) = 0;
  virtual void write(uint32_t address, uint32_t word) = 0;
  /// Board memory at a byte address.
  [[nodiscard]] virtual void* memory(uint32_t address) = 0;
  /// Returns when the tile is idle; throws where `cycles` were not enough.
  virtual void wait_idle(uint32_t cycles) = 0;
};

/// While it lives, the firmware that this thread calls runs on `bus`. One at a time a thread.
class BusBinding {
 public:
  explicit BusBinding(IBus& bus);
  ~BusBinding();
  BusBinding(const BusBinding&) = delete;
  BusBinding& operator=(const BusBinding&) = delete;
};

}  // namespace crucible::firmware
