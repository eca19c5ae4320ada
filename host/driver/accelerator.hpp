// A CiM tile behind a port: identity, programming with read-back, injection, products.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/driver/identity.hpp"
#include "host/port/i_port.hpp"
#include "models/mapping/placement.hpp"
#include "models/network/compiled_network.hpp"
#include "models/network/mvm_engine.hpp"
#include "models/tile/tile_settings.hpp"

namespace crucible::driver {

struct DeviceCounters {
  uint64_t cycles = 0;
  uint32_t products = 0, saturations = 0, busy_cycles = 0;
};

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

  void apply(
      const models::TileSettings& settings);  ///< writes only what changed since the last apply

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

  /// x: [count][rows], out: [count][cols / 4]; any count (cut into jobs that fit the buffers).
  /// `wide` reads the upper result words too (needed for transparent ADC).
  void multiply(int bank, int rows, int cols, bool wide, std::span<const uint8_t> x, int count,
                std::span<int64_t> out);

  /// A whole layer: x: [count][inputs], acc: [count][outputs], overwritten with the sums over the
  /// row blocks. Each vector is uploaded once and all the banks run over it. Throws
  /// crucible::Error(kUsage) where banks do not fit the tile or the vector.
  void multiply(const std::vector<models::BankPlacement>& banks, int inputs, int outputs, bool wide,
                std::span<const uint8_t> x, int count, std::span<int64_t> acc);

 private:
  void check_cells(size_t have, int banks, const char* what) const;
  void run(std::span<const port::Step> steps);

  std::unique_ptr<port::IPort> port_;
  Identity identity_;
  std::optional<models::TileSettings> settings_;  ///< as applied; none when not known
  std::vector<int8_t> offsets_;                   ///< as last written, of all cells
  std::vector<bool> offsets_known_;               ///< per bank
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
