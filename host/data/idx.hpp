// IDX files (MNIST's format), plain or gzip: big-endian magic 0x0000 08 nn (unsigned bytes, nn
// dimensions), nn sizes, bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace crucible::data {

struct IdxArray {
  std::vector<int> shape;
  std::vector<uint8_t> values;
};

/// Throws crucible::Error(kData) naming file, offset, expected and found: missing, wrong magic or
/// dimensions, truncated, trailing bytes.
[[nodiscard]] IdxArray load_idx(const std::filesystem::path& file, int dimensions);

}  // namespace crucible::data
