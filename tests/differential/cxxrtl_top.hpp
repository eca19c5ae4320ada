// The top as yosys' CXXRTL simulates it, behind IRtlTop. All state that reset leaves alone starts
// as zero.
#pragma once

#include "models/error.hpp"
#include "sim/verilated/i_rtl_top.hpp"

namespace crucible::sim {

template <class Model>
class CxxrtlTop final : public IRtlTop {
 public:
  explicit CxxrtlTop(const spec::HardwareConfig& config) : config_(config) { reset(); }

  void reset() override {
    for (int i = 0; i < kResetClocks; ++i) clock(RtlInputs{.reset = true});
  }

  const RtlOutputs& clock(const RtlInputs& inputs) override {
    model_.p_rst__ni.template set<bool>(!inputs.reset);
    model_.p_link__sel__i.template set<bool>(inputs.link_sel);
    model_.p_uart__rx__i.template set<bool>(inputs.uart_rx);
    model_.p_stream__rx__valid__i.template set<bool>(inputs.rx_valid);
    model_.p_stream__rx__data__i.template set<uint32_t>(inputs.rx_data);
    model_.p_stream__tx__ready__i.template set<bool>(inputs.tx_ready);
    model_.p_clk__i.template set<bool>(false);
    model_.step();
    outputs_.uart_tx = model_.p_uart__tx__o.template get<bool>();
    outputs_.rx_ready = model_.p_stream__rx__ready__o.template get<bool>();
    outputs_.tx_valid = model_.p_stream__tx__valid__o.template get<bool>();
    outputs_.tx_data = model_.p_stream__tx__data__o.template get<uint32_t>();
    outputs_.busy = model_.p_busy__o.template get<bool>();
    outputs_.link_idle = model_.p_link__idle__o.template get<bool>();
    outputs_.cycle = model_.p_cycle__o.template get<uint64_t>();
    model_.p_clk__i.template set<bool>(true);
    model_.step();
    return outputs_;
  }

  [[nodiscard]] const RtlOutputs& outputs() const override { return outputs_; }
  /// yosys drops assertions.
  void enable_assertions(bool) override {}
  [[nodiscard]] int assertion_failures() const override { return 0; }
  [[nodiscard]] std::string assertion_report() const override { return {}; }
  void trace(const std::string&, uint64_t, uint64_t) override {
    throw Error(ErrorKind::kUsage, "no waves from CXXRTL: trace the Verilated model");
  }
  [[nodiscard]] const spec::HardwareConfig& config() const override { return config_; }

 private:
  static constexpr int kResetClocks = 4;

  const spec::HardwareConfig& config_;
  Model model_;
  RtlOutputs outputs_;
};

}  // namespace crucible::sim
