// Bit-exact twin of one bank of the tile (rtl/core, rtl/inject). The numbers are defined in
// docs/numerics.md.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "models/tile/tile_settings.hpp"

namespace crucible::models {

/// The cells of one bank, row-major [rows][cols]; levels 0 .. 3, offsets in LSB of 2^-lsb_exp
/// level, stuck 0 free, 1 off, 2 on.
struct BankCells {
  int rows = 0;
  int cols = 0;  ///< physical columns, a multiple of 4
  std::vector<uint8_t> levels;
  std::vector<int8_t> offsets;
  std::vector<uint8_t> stuck{};  ///< empty: none
  uint32_t bank = 0;             ///< its number in the tile, which the noise depends on
};

struct TileCounters {
  uint64_t products = 0;
  uint64_t saturations = 0;
  uint64_t clamps = 0;
  uint64_t reads = 0;

  TileCounters& operator+=(const TileCounters& other) {
    products += other.products;
    saturations += other.saturations;
    clamps += other.clamps;
    reads += other.reads;
    return *this;
  }
  friend bool operator==(const TileCounters&, const TileCounters&) = default;
};

/// Instruction sets of the kernels. All give the same bits.
enum class Kernel { kPortable, kAvx2, kAvx512 };
[[nodiscard]] bool has_kernel(Kernel kernel);  ///< whether this machine and this build have it
[[nodiscard]] Kernel best_kernel();  ///< best one that this machine has (CPUID at run time)
[[nodiscard]] std::string_view kernel_name(Kernel kernel);

/// One bank prepared for many products with fixed cells and settings. Immutable after construction,
/// so threads may share it.
class PreparedBank {
 public:
  virtual ~PreparedBank() = default;
  /// Multiplies `count` vectors, of which number k is read first_read + k (modulo 2^32). x:
  /// [count][rows_used] inputs 0..255; out: [count][cols_used / 4], overwritten.
  virtual void multiply(uint32_t first_read, std::span<const uint8_t> x, int count,
                        std::span<int64_t> out, TileCounters& counters) const = 0;
  /// Largest column sum S over all columns, planes and vectors, without noise of reads, in units of
  /// 2^-lsb_exp level (for the ADC's calibration).
  [[nodiscard]] virtual int64_t largest_sum(std::span<const uint8_t> x, int count) const = 0;
};

/// Uses the first rows_used rows and cols_used physical columns. Throws crucible::Error on a value
/// out of range.
[[nodiscard]] std::unique_ptr<PreparedBank> prepare_bank(const BankCells& cells, int rows_used,
                                                         int cols_used,
                                                         const TileSettings& settings,
                                                         Kernel kernel = best_kernel());

/// The definition itself, straight from docs/numerics.md, slow: what every kernel and the RTL are
/// held to.
void reference_multiply(const BankCells& cells, int rows_used, int cols_used,
                        const TileSettings& settings, uint32_t first_read,
                        std::span<const uint8_t> x, int count, std::span<int64_t> out,
                        TileCounters& counters);

}  // namespace crucible::models
