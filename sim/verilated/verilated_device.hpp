// The RTL of registers and tile (cim_device) on the pins of its bus, as a board's device. Included
// by one source file per configuration.
#pragma once

#include <verilated.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "sim/tlm/i_tlm_device.hpp"
#include "sim/verilated/assertion_log.hpp"
#include "sim/verilated/coverage_file.hpp"

namespace crucible::sim {

/// A burst is what a frame is on the RTL's bus: a pass that checks every word, then one that
/// applies them, a request a clock. Those clocks are the device's own: it is a little ahead of the
/// time that it was told, and waits for it.
template <class Model>
class VerilatedDevice final : public ITlmDevice {
 public:
  VerilatedDevice(uint64_t seed, bool assertions) {
    context_.fatalOnError(false);
    context_.randReset(VM_COVERAGE ? 0 : 2);
    context_.randSeed(static_cast<int>((seed ^ (seed >> 31)) & 0x7fffffff) | 1);
    const AssertionLog::Scope scope(log_);
    model_ = std::make_unique<Model>(&context_);
    Model& m = *model_;
    m.begin_i = m.req_i = m.check_i = m.we_i = m.error_set_i = m.refused_i = 0;
    m.addr_i = m.wdata_i = m.refused_addr_i = 0;
    // There is no layer engine.
    m.engine_busy_i = m.engine_job_valid_i = m.engine_in_we_i = m.engine_out_re_i = 0;
    m.engine_adc_i = m.engine_job_read_i = m.engine_in_wdata_i = 0;
    m.engine_in_addr_i = m.engine_out_addr_i = 0;
    for (size_t word = 0; word < kJobWords; ++word) m.engine_job_i[word] = 0;
    context_.assertOn(false);  // before its reset its memories are read at any address
    m.rst_ni = 0;
    for (int i = 0; i < kResetClocks; ++i) edges();
    m.rst_ni = 1;
    context_.assertOn(assertions);
    settle();
  }

  ~VerilatedDevice() override {
    const AssertionLog::Scope scope(log_);
    Verilated::threadContextp(&context_);
    model_->final();
    write_coverage(context_);
  }

  models::BusResult read(uint32_t address, std::span<uint32_t> words) override {
    const AssertionLog::Scope scope(log_);
    begin();
    const models::BusResult result = pass({.check = true, .address = address, .words = words});
    if (result.status != spec::Status::kOk) return result;
    return pass({.address = address, .words = words, .take = true});
  }

  models::BusResult write(uint32_t address, std::span<const uint32_t> words,
                          uint32_t step) override {
    const AssertionLog::Scope scope(log_);
    begin();
    // A pass does not touch the words that it writes.
    const std::span<uint32_t> payload(const_cast<uint32_t*>(words.data()), words.size());
    Pass check{.check = true, .write = true, .address = address, .step = step, .words = payload};
    const models::BusResult result = pass(check);
    if (result.status != spec::Status::kOk) return result;
    check.check = false;
    return pass(check);
  }

  void note_error(uint32_t bits) override { event(bits, false, 0); }
  void note_refusal(uint32_t bits, uint32_t address) override { event(bits, true, address); }
  [[nodiscard]] bool any_error() const override { return model_->any_error_o != 0; }

  void catch_up(uint64_t cycle) override {
    const AssertionLog::Scope scope(log_);
    while (model_->cycle_o < cycle) clock();
  }
  [[nodiscard]] bool busy() const override { return model_->busy_o != 0; }
  [[nodiscard]] uint64_t busy_until() const override { return model_->cycle_o + 1; }
  void on_idle(std::function<void()> handler) override { idle_ = std::move(handler); }
  [[nodiscard]] std::string assertion_report() const override { return log_.report(); }

 private:
  static constexpr int kResetClocks = 4;
  static constexpr size_t kJobWords = 4;  ///< of the port of 112 bits

  struct Pass {
    bool check = false, write = false;
    uint32_t address = 0, step = 4;
    std::span<uint32_t> words;
    bool take = false;  ///< the answers' words
  };

  void settle() {
    model_->clk_i = 0;
    model_->eval();
  }
  void edges() {
    settle();
    model_->clk_i = 1;
    model_->eval();
  }
  /// One clock; afterwards the outputs are those of the next cycle, with its inputs as they are.
  void clock() {
    const bool was_busy = busy();
    edges();
    settle();
    if (was_busy && !busy() && idle_) idle_();
  }

  void begin() {
    model_->begin_i = 1;
    clock();
    model_->begin_i = 0;
  }

  models::BusResult pass(const Pass& pass) {
    Model& m = *model_;
    models::BusResult result;
    size_t asked = 0;
    m.check_i = pass.check;
    m.we_i = pass.write;
    for (size_t answered = 0; answered < pass.words.size();) {
      m.req_i = asked < pass.words.size();
      if (m.req_i) {
        m.addr_i = pass.address + static_cast<uint32_t>(asked) * pass.step;
        m.wdata_i = pass.write ? pass.words[asked] : 0;
        ++asked;
      }
      settle();
      if (m.rsp_o) {
        const auto status = static_cast<spec::Status>(m.rsp_status_o);
        if (status != spec::Status::kOk && result.status == spec::Status::kOk)
          result = {status, answered};
        if (pass.take) pass.words[answered] = m.rsp_rdata_o;
        ++answered;
      }
      clock();
    }
    m.req_i = m.check_i = m.we_i = 0;
    settle();
    return result;
  }

  void event(uint32_t bits, bool refused, uint32_t address) {
    const AssertionLog::Scope scope(log_);
    Model& m = *model_;
    m.error_set_i = static_cast<uint16_t>(bits);
    m.refused_i = refused;
    m.refused_addr_i = address;
    clock();
    m.error_set_i = 0;
    m.refused_i = 0;
    settle();
  }

  AssertionLog log_;
  VerilatedContext context_;
  std::unique_ptr<Model> model_;
  std::function<void()> idle_;
};

}  // namespace crucible::sim
