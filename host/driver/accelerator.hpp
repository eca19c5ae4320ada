// A CiM tile behind a port: identity, programming with read-back, injection, effects, products.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/driver/effect_words.hpp"
#include "host/driver/identity.hpp"
#include "host/port/i_port.hpp"
#include "models/mapping/placement.hpp"
#include "models/network/compiled_network.hpp"
#include "models/network/mvm_engine.hpp"
#include "models/tile/chip_generator.hpp"
#include "models/tile/tile_settings.hpp"

namespace crucible::driver {

/// The last four are zero on a device without effects.
struct DeviceCounters {
  uint64_t cycles = 0;
  uint32_t products = 0, saturations = 0, busy_cycles = 0;
  uint32_t clamps = 0, reads = 0, pulses = 0, unverified = 0;
};

/// What GEN_START makes.
enum class Generated : uint32_t { kOffsets = 1, kStuck = 2, kBoth = 3 };

/// Bytes sent to the device for one chip; all zero where there is no wire.
struct GenerationTraffic {
  uint64_t settings_bytes = 0;  ///< of the generator, where they differ from the last chip's
  uint64_t chip_bytes = 0;      ///< seed and start
  uint64_t wait_bytes = 0;      ///< until it is done
};

/// What SELFTEST runs. A march leaves levels, offsets and stuck states zero.
enum class SelfTest : uint32_t { kMarch = 1, kRamp = 2, kBoth = 3 };

struct SelfTestResult {
  bool march_done = false, march_failed = false, ramp_done = false;
  uint32_t wrong_word = 0;  ///< address of the first word that the march read back wrong
  int ramp_worst = 0;       ///< largest difference between code and ramp
  int ramp_differing = 0;   ///< codes that differ, at most 65535
};

/// From the words of SELFTEST_RESULT, SELFTEST_ADDR and SELFTEST_RAMP.
[[nodiscard]] SelfTestResult self_test_result(const std::array<uint32_t, 3>& words);

/// Opening reads the identity and refuses a device that does not fit this host, naming both sides.
/// Errors of the port pass through.
class Accelerator {
 public:
  explicit Accelerator(std::unique_ptr<port::IPort> port);
  /// Waits for a job that an error has left running, so that the next user finds the device idle.
  ~Accelerator();
  Accelerator(const Accelerator&) = delete;
  Accelerator& operator=(const Accelerator&) = delete;

  [[nodiscard]] const Identity& identity() const { return identity_; }
  [[nodiscard]] port::IPort& port() { return *port_; }
  [[nodiscard]] DeviceCounters counters();
  void clear_counters();

  /// Writes only what changed since the last apply, and of the effects only what is in use; tables
  /// and the registers of noise and drift are read back. Throws crucible::Error: kUsage naming
  /// device and effects for effects that the device does not have, kMismatch naming the first word
  /// that does not hold what was written.
  void apply(const models::TileSettings& settings);

  /// Levels [banks][rows][cols]: bursts of whole rows for the first `banks` banks, then reads
  /// every cell back as verify_levels does; throws crucible::Error(kMismatch) naming the first
  /// differing cell, its level and what was expected.
  void program_levels(std::span<const uint8_t> levels, int banks);
  void verify_levels(std::span<const uint8_t> levels, int banks);
  /// Dense burst of all offsets of the first `banks` banks.
  void write_offsets(std::span<const int8_t> offsets, int banks);
  /// Sends only what differs from the device's present offsets (as last written); pokes or bursts,
  /// whichever is fewer bytes. Returns the number of cells changed.
  size_t update_offsets(std::span<const int8_t> offsets, int banks);
  void verify_offsets(std::span<const int8_t> offsets, int banks);
  /// As the device holds them, of the first `banks` banks.
  [[nodiscard]] std::vector<int8_t> read_offsets(int banks);

  /// Stuck states [banks][rows][cols], 0 free, 1 off, 2 on, with read-back.
  void program_stuck(std::span<const uint8_t> stuck, int banks);
  [[nodiscard]] std::vector<uint8_t> read_stuck(int banks);
  /// Makes a chip from settings.seed for the levels that are programmed; returns when it is done.
  /// What equals the last chip's settings is not sent again: such a chip is one frame of two words.
  GenerationTraffic generate(const models::GeneratorSettings& settings, Generated what);
  SelfTestResult self_test(SelfTest what);

  /// Somebody else (firmware on the board) has written registers of settings, or cells and the
  /// generator's: what they hold is not known any more.
  void forget_settings() { settings_.reset(); }
  void forget_cells();

  /// x: [count][rows], out: [count][cols / 4]; any count (cut into jobs that fit the buffers).
  /// `wide` reads the upper result words too (needed for transparent ADC). Vector k is read k.
  void multiply(int bank, int rows, int cols, bool wide, std::span<const uint8_t> x, int count,
                std::span<int64_t> out);

  /// A whole layer: x: [count][inputs], acc: [count][outputs], overwritten with the sums over the
  /// row blocks. Each vector is uploaded once and all the banks run over it. Vector k is read
  /// first_read + k, which the noise of reads depends on. Throws crucible::Error(kUsage) where
  /// banks do not fit the tile or the vector.
  void multiply(const std::vector<models::BankPlacement>& banks, int inputs, int outputs, bool wide,
                uint32_t first_read, std::span<const uint8_t> x, int count, std::span<int64_t> acc);

 private:
  void check_cells(size_t have, int banks, const char* what) const;
  [[nodiscard]] size_t cells_of(int banks) const;
  void require_effects(const std::string& wanted) const;
  void apply_effects(const models::EffectSettings& effects);
  void write_verified(uint32_t address, std::span<const uint32_t> words);
  void run(std::span<const port::Step> steps);

  std::unique_ptr<port::IPort> port_;
  Identity identity_;
  std::optional<models::TileSettings> settings_;  ///< as applied; none when not known
  // Effects as last written; empty when not known.
  std::optional<std::array<uint32_t, 6>> noise_and_drift_;
  TableWords tables_;
  std::optional<std::array<uint32_t, 7>> generator_;
  std::vector<int8_t> offsets_;      ///< as last written, of all cells
  std::vector<bool> offsets_known_;  ///< per bank
  bool job_may_run_ = false;
};

/// The device as the engine of the integer pipeline. The network must be programmed; layer settings
/// are applied as needed.
class DeviceEngine final : public models::IMvmEngine {
 public:
  DeviceEngine(Accelerator& accelerator, const models::CompiledNetwork& network);
  void multiply(size_t layer, uint32_t first_vector, std::span<const uint8_t> x, int count,
                std::span<int64_t> acc) override;

 private:
  Accelerator& accelerator_;
  const models::CompiledNetwork& network_;
};

}  // namespace crucible::driver
