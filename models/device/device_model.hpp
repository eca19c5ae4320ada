// The whole device behind its link, at the level of registers: the same map, refusals, windows and
// numbers as the RTL.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "models/device/controller_model.hpp"
#include "models/device/device_memory.hpp"
#include "models/device/engine_model.hpp"
#include "models/device/register_rules.hpp"
#include "models/tile/chip_generator.hpp"
#include "models/tile/tile_twin.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::models {

/// Outcome of a frame; `detail` is word 3 of an error's response.
struct FrameResult {
  spec::Status status = spec::Status::kOk;
  uint32_t detail = 0;
};

/// Executes frames, each whole or not at all. Not cycle-exact: CYCLES, BUSY_CYCLES, the moment at
/// which a job, a generation or a self-test ends, and the counters while one runs (they move when
/// it ends). Everything else is as the RTL has it, to the bit. The clock: a frame takes its words
/// in cycles, a job of n products n * max(rows, cols) + rows + cols, a generation or self-test the
/// number of cells.
class DeviceModel {
 public:
  explicit DeviceModel(const spec::HardwareConfig& config);

  FrameResult read(uint32_t address, std::span<uint32_t> words);
  FrameResult write(uint32_t address, std::span<const uint32_t> words);
  FrameResult write_fixed(uint32_t address, std::span<const uint32_t> words);
  FrameResult wait_idle(uint32_t cycles);

  [[nodiscard]] const spec::HardwareConfig& config() const { return config_; }
  [[nodiscard]] uint32_t error() const { return error_; }
  /// Sets sticky bits for what the link below has seen.
  void note_error(uint32_t bits) { error_ |= bits; }

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
  };

  FrameResult write_frame(uint32_t address, std::span<const uint32_t> words, uint32_t step);
  [[nodiscard]] FrameResult check_read(uint32_t address) const;
  [[nodiscard]] FrameResult check_write(uint32_t address, uint32_t word, Staged& staged) const;
  [[nodiscard]] bool legal_job(const JobWords& jobs) const;
  uint32_t read_register(uint32_t address);
  void write_register(uint32_t address, uint32_t word);
  FrameResult refuse(FrameResult result);
  void start_job();
  void generate(bool offsets, bool stuck);
  void self_test(bool march, bool ramp);
  /// What has been done counts from now on as under way for so many cycles.
  void occupy(uint64_t cycles, const Counts& counts);
  void advance(uint64_t cycles);
  [[nodiscard]] bool busy() const { return busy_until_ > cycles_; }
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
  const PreparedBank& prepared(const Job& job);

  struct Prepared {
    uint64_t version = 0;
    int rows = 0, cols = 0;
    TileSettings settings;
    std::unique_ptr<PreparedBank> bank;
  };

  spec::HardwareConfig config_;
  DeviceMemory memory_;
  std::vector<Prepared> prepared_;
  std::array<uint32_t, spec::kRegCoreCtrl / 4> registers_{};  ///< what holds what was written
  ControllerModel controller_;
  EngineModel engine_;
  uint32_t error_ = spec::kErrorReset, error_addr_ = spec::kErrorAddrReset;
  bool error_addr_taken_ = false;  ///< since ERROR was zero
  uint64_t cycles_ = 0, busy_until_ = 0;
  uint32_t cycles_hi_ = 0, busy_cycles_ = 0;
  Counts counts_, under_way_;  ///< the second of what runs; counted when it ends
};

}  // namespace crucible::models
