// The board's clock: times in cycles and back.
#pragma once

#include <cmath>
#include <cstdint>
#include <systemc>

namespace crucible::sim {

class BoardClock {
 public:
  explicit BoardClock(double hz) : period_(1.0 / hz, sc_core::SC_SEC) {}

  [[nodiscard]] const sc_core::sc_time& period() const { return period_; }
  /// Whole cycles in a time.
  [[nodiscard]] uint64_t cycles(const sc_core::sc_time& time) const {
    return time.value() / period_.value();
  }
  [[nodiscard]] sc_core::sc_time time(uint64_t cycles) const {
    return sc_core::sc_time::from_value(cycles * period_.value());
  }
  /// Cycles since the start, at a local time beyond sc_time_stamp().
  [[nodiscard]] uint64_t now(const sc_core::sc_time& ahead = sc_core::SC_ZERO_TIME) const {
    return cycles(sc_core::sc_time_stamp() + ahead);
  }

 private:
  sc_core::sc_time period_;
};

}  // namespace crucible::sim
