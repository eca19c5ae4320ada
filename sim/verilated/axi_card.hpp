// The RTL of a PCIe card in this process, as the host's link opens it: every access is a
// transaction of an AXI master on the Verilated model's ports, and time passes only in them and in
// wait_interrupt().
#pragma once

#include <fmt/format.h>
#include <verilated.h>

#include <memory>
#include <string>

#include "host/link/pcie/i_card.hpp"
#include "models/error.hpp"
#include "sim/verilated/assertion_log.hpp"
#include "sim/verilated/axi_pins.hpp"

namespace crucible::sim {

template <class Model>
class AxiCard final : public link::ICard {
 public:
  /// `idle`: probability that a channel waits although it could go on. `seed` sets every register
  /// and memory word that reset does not, and what waits.
  AxiCard(std::string name, double idle, uint64_t seed)
      : name_(std::move(name)),
        lite_(
            pins_.lite, [this] { clock(); }, idle, seed + 1),
        full_(
            pins_.full, [this] { clock(); }, idle, seed + 2) {
    context_.fatalOnError(false);
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed & 0x7fffffff) | 1);
    context_.assertOn(false);  // before its reset the device is in any state at all
    const AssertionLog::Scope scope(log_);
    model_ = std::make_unique<Model>(&context_);
    reset();
    context_.assertOn(true);
  }
  ~AxiCard() override {
    const AssertionLog::Scope scope(log_);
    model_->final();
  }

  uint32_t read(uint32_t offset) override {
    uint32_t word = 0;
    read_words(lite_, offset, {&word, 1});
    return word;
  }
  void write(uint32_t offset, uint32_t word) override { write_words(lite_, offset, {&word, 1}); }
  void read_block(uint32_t offset, std::span<uint32_t> words) override {
    for (size_t at = 0; at < words.size();) {
      const size_t part = burst_at(offset, at, words.size());
      read_words(full_, offset + 4 * static_cast<uint32_t>(at), words.subspan(at, part));
      at += part;
    }
  }
  void write_block(uint32_t offset, std::span<const uint32_t> words) override {
    for (size_t at = 0; at < words.size();) {
      const size_t part = burst_at(offset, at, words.size());
      write_words(full_, offset + 4 * static_cast<uint32_t>(at), words.subspan(at, part));
      at += part;
    }
  }
  [[nodiscard]] bool has_interrupt() const override { return true; }
  /// Runs the clock until the interrupt rises, or until nothing can raise it any more.
  void wait_interrupt(link::Clock::time_point deadline) override {
    for (int quiet = 0; edges_ == seen_ && quiet < kQuietClocks && link::Clock::now() < deadline;) {
      clock();
      quiet = model_->busy_o || !model_->link_idle_o ? 0 : quiet + 1;
    }
    seen_ = edges_;
  }
  [[nodiscard]] std::string describe() const override { return name_; }

  /// The card's power-up: a few clocks of reset.
  void reset() {
    model_->rst_ni = 0;
    for (int i = 0; i < kResetClocks; ++i) clock();
    model_->rst_ni = 1;
  }
  void clocks(int count) {
    for (int i = 0; i < count; ++i) clock();
  }
  [[nodiscard]] bool interrupt() const { return level_; }
  [[nodiscard]] uint64_t cycle() const { return model_->cycle_o; }
  /// Transactions that the card refused.
  [[nodiscard]] uint64_t refused() const { return refused_; }
  [[nodiscard]] Model& model() { return *model_; }

 private:
  static constexpr int kResetClocks = 4;
  static constexpr int kQuietClocks = 64;
  static constexpr size_t kLongestBurst = 256;
  static constexpr uint32_t kPage = 4096;  ///< that no burst may cross

  [[nodiscard]] static size_t burst_at(uint32_t offset, size_t at, size_t count) {
    const uint32_t address = offset + 4 * static_cast<uint32_t>(at);
    const size_t in_page = (kPage - address % kPage) / 4;
    return std::min({count - at, kLongestBurst, in_page});
  }
  void read_words(AxiMaster& master, uint32_t offset, std::span<uint32_t> words) {
    if (!master.read(offset, words, {})) ++refused_;
    require_no_assertion_failures();
  }
  void write_words(AxiMaster& master, uint32_t offset, std::span<const uint32_t> words) {
    if (!master.write(offset, words, {})) ++refused_;
    require_no_assertion_failures();
  }
  void require_no_assertion_failures() const {
    if (log_.failures() == 0) return;
    throw Error(ErrorKind::kMismatch,
                fmt::format("{}: an assertion of the RTL failed: {}", name_, log_.report()));
  }

  void clock() {
    const AssertionLog::Scope scope(log_);
    Model& m = *model_;
    drive_axi(m, pins_);
    m.clk_i = 0;
    m.eval();
    sample_axi(m, pins_);
    if (m.irq_o && !level_) ++edges_;
    level_ = m.irq_o;
    m.clk_i = 1;
    m.eval();
  }

  const std::string name_;
  VerilatedContext context_;
  AssertionLog log_;
  std::unique_ptr<Model> model_;
  AxiPins pins_;
  AxiMaster lite_, full_;
  bool level_ = false;
  uint64_t edges_ = 0, seen_ = 0;
  uint64_t refused_ = 0;
};

}  // namespace crucible::sim
