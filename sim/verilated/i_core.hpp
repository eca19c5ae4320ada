// The core of a board alone, with its way to memory and bus (cim_cpu), Verilated. Nothing of
// Verilator is visible here.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::sim {

/// An access to what is not board memory, or one that was refused within the core.
struct CoreAccess {
  bool write = false;
  uint32_t address = 0, word = 0;
  spec::Status status = spec::Status::kOk;  ///< of a refused one
};

/// Loads, stores and fetches in board memory go to the words that it was given, at the core's own
/// speed; everything else stops it.
class ICore {
 public:
  enum class Stop {
    kCycles,   ///< all cycles were run
    kBus,      ///< access() waits for answer()
    kFault,    ///< access() was refused; the core goes on with an interrupt pending
    kTrap,     ///< it has stopped at an instruction that it cannot execute
    kWaiting,  ///< it waits for an interrupt
    kAwake     ///< it does so no longer
  };
  virtual ~ICore() = default;

  /// Holds the core in reset for a clock; it starts anew with the next one.
  virtual void reset() = 0;
  /// Runs at most `cycles` clocks with these levels of its interrupt lines (IRQ_PENDING), until
  /// there is something to say; adds the clocks to `used`.
  virtual Stop run(uint64_t cycles, uint32_t irq, uint64_t& used) = 0;
  [[nodiscard]] virtual const CoreAccess& access() const = 0;
  virtual void answer(spec::Status status, uint32_t word) = 0;
  /// Its clock stood still for so many cycles in which it waited.
  virtual void skip(uint64_t cycles) = 0;

  [[nodiscard]] virtual std::string assertion_report() const = 0;
};

/// Cycles of waiting that are behind a core when it says kWaiting.
constexpr uint32_t kCyclesBeforeWaiting = 65;

/// The core of a named configuration. Throws crucible::Error(kUsage) where this build has none and
/// says why; null where the configuration has no controller.
[[nodiscard]] std::unique_ptr<ICore> make_core(const spec::HardwareConfig& config,
                                               std::span<uint32_t> memory, bool assertions);

}  // namespace crucible::sim
