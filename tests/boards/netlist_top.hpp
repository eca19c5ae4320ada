// A board's top, as RTL or as a netlist, behind IRtlTop: nothing but its pins.
#pragma once

#include <verilated.h>

#include <memory>
#include <string>

#include "models/error.hpp"
#include "sim/verilated/i_rtl_top.hpp"

namespace crucible::sim {

/// Model: the Verilated netlist with the pins of boards/<board>: clk_i, uart_rx_i, uart_tx_o, and
/// busy_o and link_idle_o, or busy_no and link_idle_no, where a lamp is lit by a low level.
template <class Model>
class NetlistTop final : public IRtlTop {
 public:
  explicit NetlistTop(const spec::HardwareConfig& config) : config_(config) {
    context_.assertOn(false);  // of an RTL top: before its reset it may do anything
    reset();
  }
  ~NetlistTop() override {
    Verilated::threadContextp(&context_);
    model_->final();
  }

  /// A board has no reset pin here: it is configured anew, and its power-on reset passes.
  void reset() override {
    model_ = std::make_unique<Model>(&context_);
    if constexpr (requires(Model & m) { m.button_ni; }) model_->button_ni = 1;
    if constexpr (requires(Model & m) { m.button_i; }) model_->button_i = 0;
    for (int i = 0; i < kPowerOnClocks; ++i) clock(RtlInputs{.link_sel = false});
    outputs_.cycle = 0;
  }

  const RtlOutputs& clock(const RtlInputs& inputs) override {
    if (inputs.link_sel)
      throw Error(ErrorKind::kUsage, "a board's netlist has a UART only: use --pty");
    model_->uart_rx_i = inputs.uart_rx;
    model_->clk_i = 0;
    model_->eval();
    outputs_.uart_tx = model_->uart_tx_o;
    if constexpr (requires(Model & m) { m.busy_no; }) {
      outputs_.busy = !model_->busy_no;
      outputs_.link_idle = !model_->link_idle_no;
    } else {
      outputs_.busy = model_->busy_o;
      outputs_.link_idle = model_->link_idle_o;
    }
    ++outputs_.cycle;
    model_->clk_i = 1;
    model_->eval();
    return outputs_;
  }

  [[nodiscard]] const RtlOutputs& outputs() const override { return outputs_; }
  void enable_assertions(bool /*on*/) override {}  // a netlist has none
  [[nodiscard]] int assertion_failures() const override { return 0; }
  [[nodiscard]] std::string assertion_report() const override { return {}; }
  [[nodiscard]] const spec::HardwareConfig& config() const override { return config_; }
  void trace(const std::string& /*path*/, uint64_t /*from*/, uint64_t /*cycles*/) override {
    throw Error(ErrorKind::kUsage, "a board's netlist shows no waves: trace the RTL");
  }

 private:
  static constexpr int kPowerOnClocks = 32;  // 16 of cim_power_on, and its synchroniser

  const spec::HardwareConfig& config_;
  VerilatedContext context_;
  std::unique_ptr<Model> model_;
  RtlOutputs outputs_;
};

}  // namespace crucible::sim
