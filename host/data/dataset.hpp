// Images to train, calibrate, search and measure on.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace crucible::data {

struct ImageSet {
  std::vector<uint8_t> images;  ///< [count][height * width], 0 .. 255
  std::vector<uint8_t> labels;  ///< [count]
  [[nodiscard]] int count() const { return static_cast<int>(labels.size()); }
};

struct Dataset {
  std::string name;    ///< "mnist" or "strokes"
  std::string source;  ///< for a person: the folder, or the generator and its seed
  int height = 28;
  int width = 28;
  int classes = 10;
  ImageSet train, test;
};

/// First of: explicit folder, CRUCIBLE_DATA (both an error when named and without MNIST), data/,
/// ../shared/data (each with or without mnist/ below).
[[nodiscard]] std::optional<std::filesystem::path> find_mnist(const std::string& explicit_folder);

/// IDX files, plain or gzip. Throws crucible::Error(kData) naming file, offset, expected and found.
[[nodiscard]] Dataset load_mnist(const std::filesystem::path& folder);

/// The generated digit set: pen strokes with varying shape, slant, width and noise; the same bytes
/// on every machine (integer arithmetic).
[[nodiscard]] Dataset generate_strokes(uint64_t seed, int train_count, int test_count);

}  // namespace crucible::data
