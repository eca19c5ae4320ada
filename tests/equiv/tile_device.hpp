// A tile behind its registers, driven by hand: cells, settings, inputs, jobs and results in the
// twin's terms.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "models/tile/chip_generator.hpp"
#include "models/tile/self_test.hpp"
#include "models/tile/tile_twin.hpp"
#include "sim/verilated/frame_client.hpp"

namespace crucible::sim {

/// The JOB registers; `read` only where the configuration has effects.
struct Job {
  uint32_t bank = 0, rows = 0, cols = 0, count = 0, in = 0, stride = 0, out = 0, read = 0;
};

class TileDevice {
 public:
  explicit TileDevice(FrameClient& client)
      : client_(client), config_(client.port().top().config()) {}

  /// All cells of a bank; `cells` has the configuration's rows and columns. Stuck states are
  /// written, and read back, where the configuration has effects.
  void program(int bank, const models::BankCells& cells);
  [[nodiscard]] models::BankCells read_back(int bank);
  /// One cell's offset, by CELL_POKE.
  void poke(int bank, int row, int col, int8_t offset);
  void apply(const models::TileSettings& settings);
  /// Writes input words from `first` on; four inputs a word.
  void load(uint32_t first, std::span<const uint8_t> inputs);
  void start(const Job& job);
  void wait();
  /// The job's results, [count][cols / 4], both halves.
  [[nodiscard]] std::vector<int64_t> results(const Job& job);
  void clear_counters() { client_.put_word(spec::kRegCtrl, spec::kCtrlClearCountersMask); }
  /// CLAMPS and READS are 0 where the configuration has no effects.
  [[nodiscard]] models::TileCounters counters();

  // With effects only.
  /// Starts GEN_START and waits.
  void generate(const models::GeneratorSettings& settings, bool offsets, bool stuck);
  [[nodiscard]] uint32_t pulses() { return client_.get_word(spec::kRegPulses); }
  [[nodiscard]] uint32_t unverified() { return client_.get_word(spec::kRegUnverified); }
  /// Starts SELFTEST with these bits, waits and gives SELFTEST_RESULT.
  uint32_t self_test(uint32_t tests);
  [[nodiscard]] models::RampResult ramp();

  [[nodiscard]] const spec::HardwareConfig& config() const { return config_; }
  [[nodiscard]] FrameClient& client() { return client_; }

 private:
  /// Words of LEVEL and of STUCK per row: 16 cells a word.
  [[nodiscard]] int level_words() const { return std::max(1, config_.cols / 16); }
  void put_pairs(uint32_t window, int bank, const std::vector<uint8_t>& pairs);
  [[nodiscard]] std::vector<uint8_t> get_pairs(uint32_t window, int bank);
  void apply(const models::EffectSettings& effects);

  FrameClient& client_;
  const spec::HardwareConfig& config_;
};

}  // namespace crucible::sim
