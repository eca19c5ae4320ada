// Cells as the words of the windows LEVEL and OFFSET hold them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "models/mapping/placement.hpp"

namespace crucible::driver {

/// Cells in a word of window LEVEL: 16, or the columns of a narrower tile.
[[nodiscard]] size_t levels_per_word(const models::TileGeometry& geometry);
inline constexpr size_t kOffsetsPerWord = 4;

/// cells [rows][cols] of consecutive rows, to words and back. Throws crucible::Error(kUsage) for a
/// level above 3.
[[nodiscard]] std::vector<uint32_t> pack_levels(std::span<const uint8_t> levels, size_t per_word);
[[nodiscard]] std::vector<uint8_t> unpack_levels(std::span<const uint32_t> words, size_t per_word);
[[nodiscard]] std::vector<uint32_t> pack_offsets(std::span<const int8_t> offsets);
[[nodiscard]] std::vector<int8_t> unpack_offsets(std::span<const uint32_t> words);

/// "bank 2, row 5, column 3" of a cell of [banks][rows][cols].
[[nodiscard]] std::string describe_cell(const models::TileGeometry& geometry, size_t cell);

/// What to send so that a device's offsets become others.
struct OffsetUpdate {
  struct Burst {
    size_t first_word = 0;  ///< of window OFFSET
    size_t words = 0;
  };
  std::vector<Burst> bursts;
  std::vector<uint32_t> pokes;  ///< words for CELL_POKE
  size_t cells_changed = 0;
};

/// Fewest bytes, as far as a greedy cut finds them: runs of changed words, with small gaps filled,
/// go as a burst where that is shorter than a poke for each changed cell. Cell 0 is the first of
/// the spans; sizes are equal and multiples of 4.
[[nodiscard]] OffsetUpdate plan_update(std::span<const int8_t> from, std::span<const int8_t> to,
                                       size_t max_payload);

}  // namespace crucible::driver
