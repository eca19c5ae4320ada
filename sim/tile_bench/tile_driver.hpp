// Drives a tile by the contract, with idle cycles and garbage on what is not valid, and watches the
// protocol in every cycle: answers two cycles after their request and only then, no job lost, busy
// until the last result is there.
#pragma once

#include <span>
#include <stdexcept>
#include <vector>

#include "models/tile/draw.hpp"
#include "sim/tile_bench/dut.hpp"
#include "sim/tile_bench/i_tile.hpp"

namespace crucible::sim {

/// The tile does not do what the contract says.
class Violation : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class TileDriver {
 public:
  TileDriver(ITile& tile, const Dut& dut, models::Draw& draw);

  /// Reset low for some cycles; afterwards the tile must be idle. Memories may hold anything.
  void reset();
  /// One cycle with the present inputs.
  void clock();

  /// Sets the ports and writes the tables.
  void apply(const models::TileSettings& settings);
  void program(int bank, const models::BankCells& cells);
  /// Inputs, four a word, from word `first` on.
  void load(uint32_t first, std::span<const uint8_t> inputs);
  void write(int selector, uint32_t first, std::span<const uint32_t> words, uint32_t enables = 15);
  [[nodiscard]] std::vector<uint32_t> read(int selector, uint32_t first, size_t count);

  /// Offers the job until it is taken; the tile may be busy with an earlier one.
  void start(const TileJob& job);
  /// Waits until the tile is idle. Throws Violation when it takes longer than it may.
  void wait();
  void run(const TileJob& job);
  [[nodiscard]] std::vector<int64_t> results(const TileJob& job);

  /// Events of a port since the last call of forget_events().
  [[nodiscard]] uint64_t events(const models::OutputPort& port) const;
  void forget_events() { events_.fill(0); }
  [[nodiscard]] const models::TileSettings& settings() const { return settings_; }
  [[nodiscard]] uint64_t cycle() const { return cycle_; }
  [[nodiscard]] bool busy() const { return outputs_.busy; }
  /// First cycle of the transaction under way: where a trace of a failure begins.
  [[nodiscard]] uint64_t transaction_start() const { return transaction_; }
  void mark_transaction() { transaction_ = cycle_; }
  /// Cycles that a job of so many vectors may take.
  [[nodiscard]] uint64_t budget(uint64_t vectors) const;

 private:
  void idle();
  void request(bool write, int selector, uint32_t address, uint32_t enables, uint32_t data);
  void no_request();
  void no_job();
  void watch_memory();
  void watch_job();
  [[noreturn]] void violation(const std::string& what) const;
  void restart_monitors();

  ITile& tile_;
  const Dut& dut_;
  models::Draw& draw_;
  TileInputs inputs_;
  TileOutputs outputs_;
  models::TileSettings settings_;
  uint64_t cycle_ = 0, transaction_ = 0;

  enum class Due { kNothing, kWrite, kRead };
  std::array<Due, models::kAnswerCycles> due_{};
  std::vector<uint32_t> answers_;
  bool accepted_ = false;  ///< a job in the cycle before
  uint64_t vectors_taken_ = 0, vectors_done_ = 0;
  std::array<uint64_t, models::kEventWords> events_{};
};

}  // namespace crucible::sim
