#include "sim/tlm/control.hpp"

#include <algorithm>
#include <limits>

namespace crucible::sim {

Control::Control(sc_core::sc_module_name name, const spec::HardwareConfig& config,
                 ITlmDevice& device, const BoardClock& clock)
    : sc_module(name), model_(config), device_(device), clock_(clock) {
  bus.register_b_transport(this, &Control::b_transport);
  device_.on_idle([this] {
    model_.tile_done();
    tell();
  });
}

void Control::catch_up(uint64_t cycle) {
  device_.catch_up(cycle);
  if (cycle <= cycle_) return;
  model_.advance(cycle - cycle_);
  cycle_ = cycle;
}

uint64_t Control::stable_until() const {
  const uint64_t quiet = model_.quiet_cycles();
  const uint64_t own = quiet == std::numeric_limits<uint64_t>::max() ? quiet : cycle_ + quiet;
  return device_.busy() ? std::min(own, std::max(cycle_ + 1, device_.busy_until())) : own;
}

void Control::b_transport(tlm::tlm_generic_payload& transaction, sc_core::sc_time& delay) {
  catch_up(clock_.now(delay));
  serve_burst(model_, transaction);
  if (transaction.is_write()) tell();
}

void Control::tell() {
  ++changes_;
  changed_.notify(sc_core::SC_ZERO_TIME);
}

}  // namespace crucible::sim
