// One Verilated core behind ICore. Included by one source file per size of board memory.
#pragma once

#include <verilated.h>

#include <memory>
#include <string>

#include "sim/verilated/assertion_log.hpp"
#include "sim/verilated/coverage_file.hpp"
#include "sim/verilated/i_core.hpp"

namespace crucible::sim {

template <class Model, class Root>
class VerilatedCore final : public ICore {
 public:
  VerilatedCore(std::span<uint32_t> memory, bool assertions) : memory_(memory) {
    context_.fatalOnError(false);
    context_.randReset(0);
    const AssertionLog::Scope scope(log_);
    model_ = std::make_unique<Model>(&context_);
    context_.assertOn(false);
    reset();
    context_.assertOn(assertions);
  }

  ~VerilatedCore() override {
    const AssertionLog::Scope scope(log_);
    Verilated::threadContextp(&context_);
    model_->final();
    write_coverage(context_);
  }

  void reset() override {
    const AssertionLog::Scope scope(log_);
    Model& m = *model_;
    m.rst_ni = m.core_rst_ni = 0;
    m.irq_i = m.memory_ready_i = m.bus_ready_i = 0;
    edge(0);
    edge(1);
    m.rst_ni = m.core_rst_ni = 1;
    waiting_ = trapped_ = asked_ = false;
    bus_cycle_ = 0;
  }

  Stop run(uint64_t cycles, uint32_t irq, uint64_t& used) override {
    const AssertionLog::Scope scope(log_);
    Model& m = *model_;
    m.irq_i = static_cast<uint8_t>(irq);
    for (uint64_t n = 0; n < cycles; ++n) {
      if (m.bus_valid_o && bus_cycle_ == kAskCycle && !asked_) {
        used += n;
        asked_ = true;
        access_ = {m.bus_we_o != 0, m.bus_addr_o, m.bus_wdata_o, spec::Status::kOk};
        return Stop::kBus;
      }
      const Stop stop = clock(m);
      if (stop != Stop::kCycles) {
        used += n + 1;
        return stop;
      }
    }
    used += cycles;
    return Stop::kCycles;
  }

  [[nodiscard]] const CoreAccess& access() const override { return access_; }
  void answer(spec::Status status, uint32_t word) override {
    model_->bus_status_i = static_cast<uint8_t>(status);
    model_->bus_rdata_i = word;
  }
  void skip(uint64_t cycles) override {
    static_cast<Root*>(model_->rootp)->cim_cpu__DOT__u_core__DOT__count_cycle += cycles;
  }
  [[nodiscard]] std::string assertion_report() const override { return log_.report(); }

 private:
  // Of the cycles in which cim_cpu asks for the bus, as cim_fabric answers: in the second the
  // request is made, in the fourth the answer is there.
  static constexpr int kAskCycle = 1, kAnswerCycle = 3;

  void edge(int level) {
    model_->clk_i = static_cast<uint8_t>(level);
    model_->eval();
  }

  /// A rising edge. Nothing happens at the falling one; where Verilator's memory of the clock's
  /// level can be reached (5.006), it is set instead of evaluating the whole model for it: 1.7
  /// times as fast.
  void rise() {
    auto& root = *static_cast<Root*>(model_->rootp);
    if constexpr (requires { root.__Vtrigrprev__TOP__clk_i; }) {
      root.__Vtrigrprev__TOP__clk_i = 0;
    } else {
      edge(0);
    }
    edge(1);
  }

  /// One clock, with memory as cim_memory is to an undisturbed core: it has said every read a cycle
  /// ahead, so the word is there at once.
  Stop clock(Model& m) {
    const bool fault = m.fault_o, waits = m.waiting_o, asks = m.bus_valid_o;
    m.memory_ready_i = m.memory_valid_o;
    if (m.memory_valid_o) {
      uint32_t& word = memory_[m.memory_word_o];
      if (m.memory_be_o != 0)
        store(word, m.memory_be_o, m.memory_wdata_o);
      else
        m.memory_rdata_i = word;
    }
    if (fault) {
      access_ = {m.fault_write_o != 0, m.fault_addr_o, 0,
                 static_cast<spec::Status>(m.fault_status_o)};
    }
    m.bus_ready_i = asks && bus_cycle_ == kAnswerCycle;
    bus_cycle_ = asks && !m.bus_ready_i ? bus_cycle_ + 1 : 0;
    if (m.bus_ready_i) asked_ = false;
    rise();
    if (fault) return Stop::kFault;
    if (m.trap_o && !trapped_) {
      trapped_ = true;
      return Stop::kTrap;
    }
    if (waits == waiting_) return Stop::kCycles;
    waiting_ = waits;
    return waits ? Stop::kWaiting : Stop::kAwake;
  }

  static void store(uint32_t& word, uint32_t bytes, uint32_t value) {
    uint32_t mask = 0;
    for (uint32_t byte = 0; byte < sizeof word; ++byte)
      if ((bytes >> byte & 1) != 0) mask |= uint32_t{0xFF} << (8 * byte);
    word = (word & ~mask) | (value & mask);
  }

  AssertionLog log_;
  VerilatedContext context_;
  std::unique_ptr<Model> model_;
  std::span<uint32_t> memory_;
  CoreAccess access_;
  bool waiting_ = false, trapped_ = false, asked_ = false;
  int bus_cycle_ = 0;  ///< cycles in which the bus was asked for and has not answered
};

}  // namespace crucible::sim
