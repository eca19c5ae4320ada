// Registers and tile behind the board's bus: the functional model, or the RTL on its pins.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "models/device/i_bus_target.hpp"
#include "models/device/i_error_log.hpp"

namespace crucible::sim {

/// Times are cycles since the start and never go back: an earlier one than the last is that one.
class ITlmDevice : public models::IBusTarget, public models::IErrorLog {
 public:
  /// Lets time pass up to `cycle`.
  virtual void catch_up(uint64_t cycle) = 0;
  /// A job, a generation or a self-test runs.
  [[nodiscard]] virtual bool busy() const = 0;
  /// While busy: a cycle after the last one caught up with, up to which it stays busy for sure.
  [[nodiscard]] virtual uint64_t busy_until() const = 0;
  /// Called when a busy device has become idle.
  virtual void on_idle(std::function<void()> handler) = 0;
  /// What the RTL's assertions have said; empty where there is none, or nothing was said.
  [[nodiscard]] virtual std::string assertion_report() const = 0;
};

}  // namespace crucible::sim
