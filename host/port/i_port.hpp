// The one seam: words and bursts of a device's register map. Behind it: a link to a board or an
// emulated board, or the in-process model.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "host/port/step.hpp"

namespace crucible::port {

/// Traffic of a port since it was opened; bytes are zero where there is no wire.
struct PortStatistics {
  uint64_t bytes_sent = 0;
  uint64_t bytes_received = 0;
  uint64_t frames = 0;
  uint64_t retries = 0;
};

/// All calls throw crucible::Error: RefusedError (kDevice) with the status and the address when the
/// device refuses, kTimeout after the deadline. Each call returns when the device has done all of
/// it. Bursts longer than LINK_INFO.max_payload are cut into frames; each frame is carried out
/// whole or not at all. An empty burst does nothing. Not for several threads at once.
class IPort {
 public:
  virtual ~IPort() = default;
  virtual void read(uint32_t address, std::span<uint32_t> words) = 0;
  virtual void write(uint32_t address, std::span<const uint32_t> words) = 0;
  virtual void write_fixed(uint32_t address, std::span<const uint32_t> words) = 0;
  /// Returns when the tile is idle; throws kTimeout when `cycles` device cycles were not enough.
  virtual void wait_idle(uint32_t cycles) = 0;
  /// Several accesses in order. A link sends the next ones before the first is answered, which
  /// saves round trips. When one is refused, no further frame is sent, and the error says which one
  /// it was; frames already under way are still carried out by the device, each for itself whole or
  /// not at all, so a batch must not hold steps that do harm if an earlier one fails.
  virtual void run(std::span<const Step> steps) {
    for (const Step& step : steps) {
      switch (step.op) {
        case spec::Op::kRead:
          read(step.address, step.into);
          break;
        case spec::Op::kWrite:
          write(step.address, step.from);
          break;
        case spec::Op::kWriteFixed:
          write_fixed(step.address, step.from);
          break;
        default:
          wait_idle(step.address);
          break;
      }
    }
  }
  [[nodiscard]] virtual PortStatistics statistics() const = 0;
  [[nodiscard]] virtual std::string describe() const = 0;

  [[nodiscard]] uint32_t read_word(uint32_t address) {
    uint32_t word = 0;
    read(address, {&word, 1});
    return word;
  }
  void write_word(uint32_t address, uint32_t word) { write(address, {&word, 1}); }
};

}  // namespace crucible::port
