// The tile contract as a table: the ports, memory windows and random tests of each group.
// docs/tile_contract.md is its text. `crucible regress` generates the wrapper around a tile from
// it, the bench drives a tile by it.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "models/tile/draw.hpp"
#include "models/tile/tile_twin.hpp"

namespace crucible::models {

/// The parameters that every tile takes: Rows, Cols, Banks, InBits, InWords, OutWords.
struct ContractGeometry {
  int rows = 16;
  int cols = 4;  ///< physical columns
  int banks = 4;
  int in_bits = 8;
  int in_words = 64;   ///< of the input buffer
  int out_words = 64;  ///< of the output buffer
  [[nodiscard]] int level_words() const { return cols > 16 ? cols / 16 : 1; }  ///< of a row
  [[nodiscard]] int level_lanes() const { return cols > 16 ? 16 : cols; }      ///< levels a word
};

inline constexpr int kSelectorBits = 4;  ///< of mem_sel_i
inline constexpr int kSelInput = 2, kSelOutputLo = 3, kSelOutputHi = 4;
inline constexpr int kAnswerCycles = 2;  ///< from a memory request to its answer

/// A setting: constant while the tile is busy. Wider than 32 bits: two words.
struct InputPort {
  const char* name;
  int bits;
  uint64_t (*value)(const TileSettings&);
};

/// A number of events of each cycle.
struct OutputPort {
  const char* name;
  int bits;
  uint64_t (*expected)(const TileCounters&);
};

/// A memory window that holds something of every cell of a bank, or a table of the tile. `word`
/// gives what is written, and read back.
struct CellWindow {
  int selector;
  int (*words)(const ContractGeometry&);  ///< of a bank
  uint32_t (*word)(const ContractGeometry&, const BankCells&, int index);
  bool byte_enables;  ///< mem_be_i counts; elsewhere whole words are written
};
struct TableWindow {
  int selector;
  int (*words)(const ContractGeometry&);
  uint32_t (*word)(const ContractGeometry&, const TileSettings&, int index);
};

/// What a tile may have or not: the ports and windows that belong together, and how to test them.
struct PortGroup {
  const char* name;
  const char* says;  ///< one line for the report
  std::vector<InputPort> inputs = {};
  std::vector<OutputPort> outputs = {};
  std::vector<const char*> open = {};  ///< outputs that the bench does not look at
  std::vector<CellWindow> cells = {};
  std::vector<TableWindow> tables = {};
  /// Random values, enabled.
  void (*draw)(const ContractGeometry&, TileSettings&, BankCells&, Draw&) = nullptr;
  /// Enabled, with all numbers at zero: exactly a no-op. Null: nothing to test.
  void (*zero)(TileSettings&, BankCells&) = nullptr;
  /// Turns the enable off and leaves the numbers. Null: the group has no enable.
  void (*disable)(TileSettings&) = nullptr;
};

/// All groups; the first is "base", which every tile has.
[[nodiscard]] std::span<const PortGroup> port_groups();

/// Words on the wrapper's buses: every port takes its own, in the order of the table.
inline constexpr int kSettingWords = 64, kEventWords = 16;
[[nodiscard]] inline int port_words(int bits) { return (bits + 31) / 32; }

/// The number of a job's first read (job_read_i): of the bench's own choice, another one for every
/// seed.
[[nodiscard]] uint32_t first_read(const TileSettings& settings);

/// A tile without any effect: no offsets, `lsb_exp` 8, rails at base 0.
[[nodiscard]] BankCells ideal_cells(const ContractGeometry& geometry);

}  // namespace crucible::models
