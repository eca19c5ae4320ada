// One Verilated model behind IRtlTop. Included by one source file per configuration, so that each
// model's header stays there.
#pragma once

#include <fmt/format.h>
#include <verilated.h>
#include <verilated_fst_c.h>

#include <memory>
#include <string>

#include "models/error.hpp"
#include "sim/verilated/assertion_log.hpp"
#include "sim/verilated/coverage_file.hpp"
#include "sim/verilated/i_rtl_top.hpp"

namespace crucible::sim {

/// As a seed: every register and memory word that reset does not set starts as zero.
constexpr uint64_t kZeroState = ~uint64_t{0};

template <class Model>
class VerilatedTop final : public IRtlTop {
 public:
  VerilatedTop(const spec::HardwareConfig& config, uint64_t seed)
      : config_(config), half_period_ps_(500'000'000'000 / config.clk_hz) {
    context_.fatalOnError(false);
    // A bit that only reset takes out of a random state has not toggled.
    context_.randReset(seed == kZeroState || VM_COVERAGE ? 0 : 2);
    // Verilator takes 31 bits, and 0 means a seed of its own choice.
    context_.randSeed(static_cast<int>((seed ^ (seed >> 31)) & 0x7fffffff) | 1);
    const AssertionLog::Scope scope(log_);
    model_ = std::make_unique<Model>(&context_);
    if constexpr (requires(Model & m) { m.word_valid_i; })
      model_->flush_i = model_->word_valid_i = 0;
    reset();
  }

  ~VerilatedTop() override {
    const AssertionLog::Scope scope(log_);
    close_trace();
    Verilated::threadContextp(&context_);  // from which the model takes itself out
    model_->final();
    write_coverage(context_);
  }

  void reset() override {
    // Before its reset the device is in any state at all: its memories are read at any address.
    const bool asserting = context_.assertOn();
    context_.assertOn(false);
    for (int i = 0; i < kResetClocks; ++i) clock(RtlInputs{.reset = true});
    context_.assertOn(asserting);
    settle(RtlInputs{});
  }

  const RtlOutputs& clock(const RtlInputs& inputs) override {
    const AssertionLog::Scope scope(log_);
    settle(inputs);
    sample();
    if (fst_) dump();
    context_.timeInc(half_period_ps_);
    model_->clk_i = 1;
    model_->eval();
    if (fst_) dump();
    context_.timeInc(half_period_ps_);
    return outputs_;
  }

  [[nodiscard]] const RtlOutputs& outputs() const override { return outputs_; }
  void enable_assertions(bool on) override { context_.assertOn(on); }
  [[nodiscard]] int assertion_failures() const override { return log_.failures(); }
  [[nodiscard]] std::string assertion_report() const override { return log_.report(); }
  [[nodiscard]] const spec::HardwareConfig& config() const override { return config_; }

  void trace(const std::string& path, uint64_t from, uint64_t cycles) override {
    const AssertionLog::Scope scope(log_);
    context_.traceEverOn(true);
    fst_ = std::make_unique<VerilatedFstC>();
    model_->trace(fst_.get(), kTraceDepth);
    fst_->open(path.c_str());
    if (!fst_->isOpen()) {
      fst_.reset();
      throw Error(
          ErrorKind::kUsage,
          fmt::format("cannot write the trace '{}': check the folder and its rights", path));
    }
    trace_from_ = from;
    trace_cycles_ = cycles;
  }

 private:
  static constexpr int kResetClocks = 4;
  static constexpr int kTraceDepth = 99;

  /// Inputs at the low clock, until the outputs that hang on them are stable.
  void settle(const RtlInputs& inputs) {
    Model& m = *model_;
    m.rst_ni = !inputs.reset;
    m.link_sel_i = inputs.link_sel;
    m.uart_rx_i = inputs.uart_rx;
    m.stream_rx_valid_i = inputs.rx_valid;
    m.stream_rx_data_i = inputs.rx_data;
    m.stream_tx_ready_i = inputs.tx_ready;
    m.clk_i = 0;
    m.eval();
  }

  void sample() {
    const Model& m = *model_;
    outputs_.uart_tx = m.uart_tx_o;
    outputs_.rx_ready = m.stream_rx_ready_o;
    outputs_.tx_valid = m.stream_tx_valid_o;
    outputs_.tx_data = m.stream_tx_data_o;
    outputs_.busy = m.busy_o;
    outputs_.link_idle = m.link_idle_o;
    outputs_.cycle = m.cycle_o;
  }

  void dump() {
    if (outputs_.cycle < trace_from_) return;
    if (outputs_.cycle - trace_from_ >= trace_cycles_) {
      close_trace();
    } else {
      fst_->dump(context_.time());
    }
  }

  void close_trace() {
    if (fst_) fst_->close();
    fst_.reset();
  }

  const spec::HardwareConfig& config_;
  const uint64_t half_period_ps_;
  AssertionLog log_;
  VerilatedContext context_;
  std::unique_ptr<Model> model_;
  std::unique_ptr<VerilatedFstC> fst_;
  uint64_t trace_from_ = 0;
  uint64_t trace_cycles_ = 0;
  RtlOutputs outputs_;
};

}  // namespace crucible::sim
