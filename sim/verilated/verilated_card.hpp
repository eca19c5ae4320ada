// A Verilated card with a master on each of its AXI ports, one clock at a time.
#pragma once

#include <fmt/format.h>
#include <verilated.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include "models/error.hpp"
#include "sim/verilated/assertion_log.hpp"
#include "sim/verilated/axi_pins.hpp"
#include "sim/verilated/coverage_file.hpp"

namespace crucible::sim {

/// BAR 0 is the AXI4-Lite port, BAR 2 the AXI4 port.
template <class Model>
class VerilatedCard {
 public:
  /// `idle`: probability that a channel waits although it could go on. `seed` sets every register
  /// and memory word that reset does not, and what waits.
  VerilatedCard(std::string name, double idle, uint64_t seed)
      : name_(std::move(name)),
        lite_(
            pins_.lite, [this] { clock(); }, idle, seed + 1),
        full_(
            pins_.full, [this] { clock(); }, idle, seed + 2) {
    context_.fatalOnError(false);
    // A bit that only reset takes out of a random state has not toggled.
    context_.randReset(VM_COVERAGE ? 0 : 2);
    context_.randSeed(static_cast<int>((seed ^ (seed >> 31)) & 0x7fffffff) | 1);
    context_.assertOn(false);  // before its reset the device is in any state at all
    const AssertionLog::Scope scope(log_);
    model_ = std::make_unique<Model>(&context_);
    reset();
    context_.assertOn(true);
  }
  ~VerilatedCard() {
    const AssertionLog::Scope scope(log_);
    Verilated::threadContextp(&context_);  // from which the model takes itself out
    model_->final();
    write_coverage(context_);
  }
  VerilatedCard(const VerilatedCard&) = delete;
  VerilatedCard& operator=(const VerilatedCard&) = delete;

  /// Whole words at an aligned offset, as bursts. Returns whether every word was served; a burst
  /// that was not reads what the card shows then.
  bool read(int bar, uint32_t offset, std::span<uint32_t> words) {
    bool served = true;
    for (size_t at = 0; at < words.size();) {
      const size_t part = burst_at(bar, offset, at, words.size());
      served &= port(bar).read(offset + 4 * static_cast<uint32_t>(at), words.subspan(at, part), {});
      at += part;
    }
    return note(served);
  }
  bool write(int bar, uint32_t offset, std::span<const uint32_t> words) {
    bool served = true;
    for (size_t at = 0; at < words.size();) {
      const size_t part = burst_at(bar, offset, at, words.size());
      served &=
          port(bar).write(offset + 4 * static_cast<uint32_t>(at), words.subspan(at, part), {});
      at += part;
    }
    return note(served);
  }
  /// An access that is no aligned word: the card refuses it.
  void read_no_word(int bar) {
    uint32_t word = 0;
    note(bar == 0 ? lite_.read(kNoWord, {&word, 1}, {})
                  : full_.read(0, {&word, 1}, {.size = kHalfWord}));
  }
  void write_no_word(int bar) {
    const uint32_t word = 0;
    note(bar == 0 ? lite_.write(kNoWord, {&word, 1}, {})
                  : full_.write(0, {&word, 1}, {.size = kHalfWord}));
  }

  /// The card's power-up: a few clocks of reset.
  void reset() {
    model_->rst_ni = 0;
    for (int i = 0; i < kResetClocks; ++i) clock();
    model_->rst_ni = 1;
  }
  void clock() {
    const AssertionLog::Scope scope(log_);
    Model& m = *model_;
    drive_axi(m, pins_);
    m.clk_i = 0;
    m.eval();
    sample_axi(m, pins_);
    const bool level = m.irq_o;
    m.clk_i = 1;
    m.eval();
    quiet_ = m.busy_o || !m.link_idle_o ? 0 : std::min(quiet_ + 1, kQuietClocks);
    if (level == level_) return;
    level_ = level;
    edges_ += level ? 1 : 0;
    if (on_interrupt) on_interrupt(level);
  }

  /// Nothing was under way for longer than a word takes from a ring into the link.
  [[nodiscard]] bool settled() const { return quiet_ == kQuietClocks; }
  [[nodiscard]] bool interrupt() const { return level_; }
  /// Rising edges of the interrupt.
  [[nodiscard]] uint64_t edges() const { return edges_; }
  [[nodiscard]] uint64_t cycle() const { return model_->cycle_o; }
  /// Accesses that the card refused.
  [[nodiscard]] uint64_t refused() const { return refused_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  void enable_assertions(bool on) { context_.assertOn(on); }
  void require_no_assertion_failures() const {
    if (log_.failures() == 0) return;
    throw Error(ErrorKind::kMismatch,
                fmt::format("{}: an assertion of the RTL failed: {}", name_, log_.report()));
  }

  std::function<void(bool)> on_interrupt;  ///< called with the new level

 private:
  static constexpr int kResetClocks = 4;
  static constexpr int kQuietClocks = 64;
  static constexpr size_t kLongestBurst = 256;
  static constexpr uint32_t kPage = 4096;  ///< that no burst may cross
  static constexpr uint32_t kNoWord = 2;   ///< an address
  static constexpr uint8_t kHalfWord = 1;  ///< log2 of its bytes

  [[nodiscard]] AxiMaster& port(int bar) { return bar == 0 ? lite_ : full_; }
  [[nodiscard]] static size_t burst_at(int bar, uint32_t offset, size_t at, size_t count) {
    if (bar == 0) return 1;
    const uint32_t address = offset + 4 * static_cast<uint32_t>(at);
    const size_t in_page = (kPage - address % kPage) / 4;
    return std::min({count - at, kLongestBurst, in_page});
  }
  bool note(bool served) {
    quiet_ = 0;
    refused_ += served ? 0 : 1;
    require_no_assertion_failures();
    return served;
  }

  const std::string name_;
  VerilatedContext context_;
  AssertionLog log_;
  std::unique_ptr<Model> model_;
  AxiPins pins_;
  AxiMaster lite_, full_;
  bool level_ = false;
  int quiet_ = 0;  ///< clocks
  uint64_t edges_ = 0, refused_ = 0;
};

}  // namespace crucible::sim
