// NumPy's .npy files, read and written strictly: what is in the file is what was asked for, or an
// error names both.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace crucible::experiment {

/// Row-major array; `values.size()` is the product of `shape`.
template <class T>
struct Array {
  std::vector<size_t> shape;
  std::vector<T> values;
};

/// Stands for any length in an expected shape.
inline constexpr int64_t kAnyLength = -1;

struct NpyHeader {
  std::string descr;  ///< "|i1", "<f4", ...
  std::vector<size_t> shape;
  size_t data_offset = 0;  ///< bytes
  size_t count = 0;        ///< elements
};

/// Reads and checks magic, version, order, shape and the file's length.
/// Throws crucible::Error(kData) naming the file, what was expected and what was found.
[[nodiscard]] NpyHeader read_npy_header(const std::filesystem::path& file);

/// T: int8, uint8, int16, int32, int64, float, double; the file's type must be exactly that.
/// `expected`: lengths, kAnyLength for any; an empty vector accepts every shape.
template <class T>
[[nodiscard]] Array<T> load_npy(const std::filesystem::path& file,
                                const std::vector<int64_t>& expected = {});

/// Version 1.0, C order, little endian: equal arrays give equal bytes.
template <class T>
void save_npy(const std::filesystem::path& file, const std::vector<size_t>& shape,
              std::span<const T> values);

/// "(3, 4)" as NumPy prints it.
[[nodiscard]] std::string shape_text(const std::vector<size_t>& shape);

}  // namespace crucible::experiment
