// Registers, windows and tile at the level of the bus: the same map, refusals and numbers as the
// RTL's cim_device.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/device/device_memory.hpp"
#include "models/device/engine_model.hpp"
#include "models/device/i_bus_target.hpp"
#include "models/device/i_error_log.hpp"
#include "models/device/register_rules.hpp"
#include "models/tile/chip_generator.hpp"
#include "models/tile/tile_twin.hpp"

namespace crucible::models {

/// What a word of the register ADC says.
[[nodiscard]] AdcSettings adc_settings(uint32_t word);

/// Carries out bursts, each whole or not at all, at the times that advance() tells. Jobs take the
/// cycles of job_cycles(); what a job, a generation, a self-test or a run of the layer engine
/// computes is there at once but cannot be read before it ends, and its counters move when it ends.
/// So ENGINE_STOP comes too late, and the logits are in board memory early. Everything else is as
/// the RTL has it, to the bit.
class DeviceModel final : public IBusTarget, public IErrorLog {
 public:
  /// `board_memory`: the words of MEMORY, which the layer engine works on.
  explicit DeviceModel(const spec::HardwareConfig& config, std::span<uint32_t> board_memory = {});

  BusResult read(uint32_t address, std::span<uint32_t> words) override;
  BusResult write(uint32_t address, std::span<const uint32_t> words, uint32_t step) override;

  void note_error(uint32_t bits) override { error_ |= bits; }
  void note_refusal(uint32_t bits, uint32_t address) override;
  [[nodiscard]] bool any_error() const override { return error_ != 0; }
  [[nodiscard]] uint32_t error() const { return error_; }

  /// Time passes; whether it made a busy device idle.
  bool advance(uint64_t cycles);
  [[nodiscard]] uint64_t cycles() const { return cycles_; }
  [[nodiscard]] bool busy() const { return busy_until_ > cycles_; }
  /// The cycle in which it will be idle, or was.
  [[nodiscard]] uint64_t busy_until() const { return busy_until_; }

  [[nodiscard]] const spec::HardwareConfig& config() const { return config_; }

 private:
  /// The job registers in the order of their addresses.
  struct Job {
    uint32_t bank = 0, rows = 0, cols = 0, count = 0, in = 0, stride = 0, out = 0;
  };
  using JobWords = std::array<uint32_t, 7>;
  /// What a check pass has seen so far: the job as it will be, and whether something will have
  /// been started.
  struct Staged {
    JobWords jobs;
    bool started = false;
  };
  struct Counts {
    uint32_t products = 0, saturations = 0, clamps = 0, reads = 0, pulses = 0, unverified = 0;

    Counts& operator+=(const Counts& more);
  };

  [[nodiscard]] spec::Status check_read(uint32_t address) const;
  [[nodiscard]] spec::Status check_write(uint32_t address, uint32_t word, Staged& staged) const;
  [[nodiscard]] bool legal_job(const JobWords& jobs) const;
  uint32_t read_register(uint32_t address);
  void write_register(uint32_t address, uint32_t word);
  void start_job();
  void start_engine();
  /// Multiplies, results into OUTPUT.
  Counts multiply(const Job& job, uint32_t read, const TileSettings& settings);
  /// The noise of reads is drawn cell by cell.
  [[nodiscard]] bool cell_noise() const;
  void generate(bool offsets, bool stuck);
  void self_test(bool march, bool ramp);
  /// What has been done counts from now on as under way for so many cycles.
  void occupy(uint64_t cycles, const Counts& counts);
  [[nodiscard]] uint32_t& at(uint32_t address) { return registers_[address / 4]; }
  [[nodiscard]] uint32_t at(uint32_t address) const { return registers_[address / 4]; }
  [[nodiscard]] uint32_t at(uint32_t address, uint32_t mask, uint32_t lsb) const;
  [[nodiscard]] JobWords jobs() const;
  [[nodiscard]] uint64_t seed(uint32_t low, uint32_t high) const;
  /// Four numbers of 16 bits from a register and the next.
  [[nodiscard]] std::array<uint16_t, 4> pairs(uint32_t first) const;
  [[nodiscard]] TileSettings settings() const;
  [[nodiscard]] EffectSettings effects() const;
  [[nodiscard]] GeneratorSettings generator() const;
  const PreparedBank& prepared(const Job& job, const TileSettings& settings);

  class EngineBoard;
  /// How the engine's run under way will have gone.
  struct EngineRun {
    EngineOutcome outcome;
    uint64_t cycles = 0, tile_cycles = 0;
  };

  struct Prepared {
    uint64_t version = 0;
    int rows = 0, cols = 0;
    TileSettings settings;
    std::unique_ptr<PreparedBank> bank;
  };

  spec::HardwareConfig config_;
  DeviceMemory memory_;
  std::span<uint32_t> board_memory_;
  std::vector<Prepared> prepared_;
  std::array<uint32_t, spec::kRegCoreCtrl / 4> registers_{};  ///< what holds what was written
  EngineModel engine_;
  uint32_t error_ = spec::kErrorReset, error_addr_ = spec::kErrorAddrReset;
  bool error_addr_taken_ = false;  ///< since ERROR was zero
  uint64_t cycles_ = 0, busy_until_ = 0;
  uint32_t cycles_hi_ = 0, busy_cycles_ = 0;
  std::optional<EngineRun> engine_run_;
  Counts counts_, under_way_;  ///< the second of what runs; counted when it ends
};

}  // namespace crucible::models
