#include "tests/differential/lockstep_top.hpp"

#include <fmt/format.h>

#include "models/error.hpp"

namespace crucible::sim {
namespace {

/// Name and values of the first pin that differs; empty if none does.
std::string difference(const RtlOutputs& a, const RtlOutputs& b) {
  const auto say = [](const char* pin, uint64_t left, uint64_t right) {
    return left == right ? std::string() : fmt::format("{} is {:#x} and {:#x}", pin, left, right);
  };
  for (std::string text :
       {say("uart_tx_o", a.uart_tx, b.uart_tx), say("stream_rx_ready_o", a.rx_ready, b.rx_ready),
        say("stream_tx_valid_o", a.tx_valid, b.tx_valid),
        say("stream_tx_data_o", a.tx_data, b.tx_data), say("busy_o", a.busy, b.busy),
        say("link_idle_o", a.link_idle, b.link_idle), say("cycle_o", a.cycle, b.cycle)}) {
    if (!text.empty()) return text;
  }
  return {};
}

}  // namespace

LockstepTop::LockstepTop(std::vector<Simulator> simulators) : simulators_(std::move(simulators)) {}

void LockstepTop::reset() {
  for (Simulator& simulator : simulators_) simulator.top->reset();
}

const RtlOutputs& LockstepTop::clock(const RtlInputs& inputs) {
  for (Simulator& simulator : simulators_) simulator.top->clock(inputs);
  for (const Simulator& other : simulators_) {
    const std::string text = difference(outputs(), other.top->outputs());
    if (text.empty()) continue;
    throw Error(ErrorKind::kMismatch,
                fmt::format("{} in cycle {}: {} in {} and {}", config().name, outputs().cycle, text,
                            simulators_.front().name, other.name));
  }
  return outputs();
}

}  // namespace crucible::sim
