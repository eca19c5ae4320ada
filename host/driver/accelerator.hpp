// A CiM tile behind a port: identity, programming with read-back, injection, products.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "host/port/i_port.hpp"
#include "models/mapping/placement.hpp"
#include "models/network/mvm_engine.hpp"
#include "models/network/compiled_network.hpp"
#include "models/tile/tile_settings.hpp"

namespace crucible::driver {

struct Identity {
  uint32_t magic = 0, map_hash = 0, config_hash = 0;
  int map_major = 0, map_minor = 0, protocol = 0;
  models::TileGeometry geometry;
  int in_bits = 0, cell_bits = 0, slices = 0, offset_bits = 0;
  int in_words = 0, out_words = 0, kept_responses = 0, max_payload = 0;
  std::string config_name;  ///< the named configuration whose hash it is, or empty
};

struct DeviceCounters {
  uint64_t cycles = 0;
  uint32_t products = 0, saturations = 0, busy_cycles = 0;
};

/// Opening reads the identity and refuses a device that does not fit this host, naming both sides.
class Accelerator {
 public:
  explicit Accelerator(std::unique_ptr<port::IPort> port);

  [[nodiscard]] const Identity& identity() const { return identity_; }
  [[nodiscard]] port::IPort& port() { return *port_; }
  [[nodiscard]] DeviceCounters counters();
  void clear_counters();

  void apply(const models::TileSettings& settings);  ///< writes only what changed since the last apply

  /// Levels [banks][rows][cols]: bursts of whole rows for the first `banks` banks, then (verify) reads every cell back;
  /// throws crucible::Error(kMismatch) naming the first differing cell, its level and what was expected.
  void program_levels(std::span<const uint8_t> levels, int banks);
  void verify_levels(std::span<const uint8_t> levels, int banks);
  /// Dense burst of all offsets of the first `banks` banks.
  void write_offsets(std::span<const int8_t> offsets, int banks);
  /// Sends only what differs from the device's present offsets (as last written); pokes or bursts, whichever is fewer bytes.
  /// Returns the number of cells changed.
  size_t update_offsets(std::span<const int8_t> offsets, int banks);
  void verify_offsets(std::span<const int8_t> offsets, int banks);

  /// x: [count][rows], out: [count][cols / 4]; any count (cut into jobs that fit the buffers).
  /// `wide` reads the upper result words too (needed for transparent ADC).
  void multiply(int bank, int rows, int cols, bool wide, std::span<const uint8_t> x, int count, std::span<int64_t> out);

 private:
  std::unique_ptr<port::IPort> port_;
  Identity identity_;
  // ... cached settings and offsets
};

/// The device as the engine of the integer pipeline. The network must be programmed; layer settings are applied as needed.
class DeviceEngine final : public models::IMvmEngine {
 public:
  DeviceEngine(Accelerator& accelerator, const models::CompiledNetwork& network);
  void multiply(size_t layer, std::span<const uint8_t> x, int count, std::span<int64_t> acc) override;

 private:
  Accelerator& accelerator_;
  const models::CompiledNetwork& network_;
};

}  // namespace crucible::driver
