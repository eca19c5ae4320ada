#include "sim/verilated/stream_port.hpp"

namespace crucible::sim {

StreamPort::StreamPort(IRtlTop& top, StreamTraffic traffic)
    : top_(top), traffic_(traffic), random_(traffic.seed) {}

bool StreamPort::chance(double probability) {
  return probability > 0 && static_cast<double>(random_() >> 11) * 0x1p-53 < probability;
}

void StreamPort::clear() {
  to_device_.resize(accepted_ ? 0 : 1);
  from_device_.clear();
}

void StreamPort::clock() {
  if (accepted_) {
    inputs_.rx_valid = !to_device_.empty() && !chance(traffic_.idle);
    if (inputs_.rx_valid) inputs_.rx_data = to_device_.front();
  }
  inputs_.tx_ready = !chance(traffic_.stall);
  const RtlOutputs& outputs = top_.clock(inputs_);
  accepted_ = !inputs_.rx_valid || outputs.rx_ready;
  if (inputs_.rx_valid && outputs.rx_ready) to_device_.pop_front();
  if (inputs_.tx_ready && outputs.tx_valid) from_device_.push_back(outputs.tx_data);
  const bool quiet_now = to_device_.empty() && !inputs_.rx_valid && !outputs.tx_valid &&
                         outputs.link_idle && !outputs.busy;
  quiet_clocks_ = quiet_now ? quiet_clocks_ + 1 : 0;
}

}  // namespace crucible::sim
