#include "sim/systemc/fpga.hpp"

#include <algorithm>

namespace crucible::sim {
namespace {

int quantum_clocks(const sc_core::sc_time& period) {
  const sc_core::sc_time& quantum = tlm::tlm_global_quantum::instance().get();
  return std::max(1, static_cast<int>(quantum / period));
}

}  // namespace

Fpga::Fpga(sc_core::sc_module_name name, IRtlTop& top, double clk_hz)
    : sc_module(name),
      top_(top),
      port_(top),
      period_(1.0 / clk_hz, sc_core::SC_SEC),
      batch_(quantum_clocks(period_)) {
  stream.register_b_transport(this, &Fpga::b_transport);
  uart_tx.initialize(true);
  SC_HAS_PROCESS(Fpga);
  SC_METHOD(run);
}

void Fpga::run() {
  asleep_ = false;
  if (link_sel.read()) {
    const int clocks = run_stream();
    progress_.notify(clocks * period_);
    next_trigger(clocks * period_);
  } else {
    run_uart();
    next_trigger(period_);
  }
  if (idle_clocks_ < 0) sleep();
}

void Fpga::sleep() {
  asleep_ = true;
  idle_clocks_ = 0;
  progress_.cancel();
  progress_.notify(sc_core::SC_ZERO_TIME);
  next_trigger(wake_ | uart_rx.value_changed_event() | link_sel.value_changed_event());
}

bool Fpga::settled(bool activity) {
  const RtlOutputs& outputs = top_.outputs();
  idle_clocks_ = activity || outputs.busy || outputs.tx_valid ? 0 : idle_clocks_ + 1;
  return idle_clocks_ >= (outputs.link_idle ? kQuietClocks : kStallClocks);
}

int Fpga::run_stream() {
  int clocks = 0;
  int gap = 0;
  while (clocks < batch_) {
    const size_t waiting = port_.words_waiting();
    const size_t received = port_.received().size();
    port_.inputs().link_sel = true;
    port_.clock();
    ++clocks;
    const bool activity = port_.words_waiting() != waiting || port_.received().size() != received;
    if (settled(activity)) {
      idle_clocks_ = -1;
      break;
    }
    gap = port_.received().size() != received ? 0 : gap + 1;
    if (received > 0 && gap >= kGap) break;  // the host should see a complete answer at once
  }
  return clocks;
}

void Fpga::run_uart() {
  RtlInputs inputs;
  inputs.link_sel = false;
  inputs.uart_rx = uart_rx.read();
  const RtlOutputs& outputs = top_.clock(inputs);
  uart_tx.write(outputs.uart_tx);
  if (settled(!inputs.uart_rx || !outputs.uart_tx)) idle_clocks_ = -1;
  if (++uart_clocks_ % kUartBatch == 0) progress_.notify(sc_core::SC_ZERO_TIME);
}

void Fpga::push(std::span<const uint32_t> words) {
  port_.push(words);
  asleep_ = false;
  wake_.notify(sc_core::SC_ZERO_TIME);
}

void Fpga::pop(std::span<uint32_t> words) {
  std::deque<uint32_t>& received = port_.received();
  std::copy_n(received.begin(), words.size(), words.begin());
  received.erase(received.begin(), received.begin() + static_cast<std::ptrdiff_t>(words.size()));
}

}  // namespace crucible::sim
