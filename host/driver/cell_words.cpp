#include "host/driver/cell_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::driver {

namespace {

/// Words that a frame costs besides its payload: both headers and the payload's CRC.
constexpr size_t kFrameWords = 2 * spec::kHeaderWords + 1;

}  // namespace

size_t levels_per_word(const models::TileGeometry& geometry) {
  return static_cast<size_t>(std::min(16, geometry.cols));
}

std::vector<uint32_t> pack_levels(std::span<const uint8_t> levels, size_t per_word) {
  std::vector<uint32_t> words(levels.size() / per_word);
  for (size_t i = 0; i < words.size() * per_word; ++i) {
    if (levels[i] > 3) {
      throw Error(ErrorKind::kUsage,
                  fmt::format("level {} of cell {} is outside 0 .. 3", levels[i], i));
    }
    words[i / per_word] |= uint32_t{levels[i]} << (2 * (i % per_word));
  }
  return words;
}

std::vector<uint8_t> unpack_levels(std::span<const uint32_t> words, size_t per_word) {
  std::vector<uint8_t> levels(words.size() * per_word);
  for (size_t i = 0; i < levels.size(); ++i)
    levels[i] = words[i / per_word] >> (2 * (i % per_word)) & 3;
  return levels;
}

std::vector<uint32_t> pack_offsets(std::span<const int8_t> offsets) {
  std::vector<uint32_t> words(offsets.size() / kOffsetsPerWord);
  for (size_t i = 0; i < words.size() * kOffsetsPerWord; ++i) {
    words[i / kOffsetsPerWord] |= uint32_t{static_cast<uint8_t>(offsets[i])}
                                  << (8 * (i % kOffsetsPerWord));
  }
  return words;
}

std::vector<int8_t> unpack_offsets(std::span<const uint32_t> words) {
  std::vector<int8_t> offsets(words.size() * kOffsetsPerWord);
  for (size_t i = 0; i < offsets.size(); ++i) {
    offsets[i] = static_cast<int8_t>(words[i / kOffsetsPerWord] >> (8 * (i % kOffsetsPerWord)));
  }
  return offsets;
}

std::string describe_cell(const models::TileGeometry& geometry, size_t cell) {
  const auto cols = static_cast<size_t>(geometry.cols), rows = static_cast<size_t>(geometry.rows);
  return fmt::format("bank {}, row {}, column {}", cell / cols / rows, cell / cols % rows,
                     cell % cols);
}

OffsetUpdate plan_update(std::span<const int8_t> from, std::span<const int8_t> to,
                         size_t max_payload) {
  OffsetUpdate update;
  const size_t words = to.size() / kOffsetsPerWord;
  const auto changed = [&](size_t word) {
    return std::memcmp(from.data() + word * kOffsetsPerWord, to.data() + word * kOffsetsPerWord,
                       kOffsetsPerWord) != 0;
  };
  for (size_t first = 0; first < words;) {
    if (!changed(first)) {
      ++first;
      continue;
    }
    size_t end = first + 1;  // after the last changed word of the run
    for (size_t word = end; word < words && word - end < kFrameWords; ++word) {
      if (changed(word)) end = word + 1;
    }
    std::vector<uint32_t> pokes;
    for (size_t cell = first * kOffsetsPerWord; cell < end * kOffsetsPerWord; ++cell) {
      if (from[cell] == to[cell]) continue;
      pokes.push_back(static_cast<uint32_t>(cell << spec::kCellPokeCellLsb) |
                      static_cast<uint8_t>(to[cell]));
    }
    update.cells_changed += pokes.size();
    const size_t frames = (end - first + max_payload - 1) / max_payload;
    if (end - first + frames * kFrameWords < pokes.size())
      update.bursts.push_back({first, end - first});
    else
      update.pokes.insert(update.pokes.end(), pokes.begin(), pokes.end());
    first = end;
  }
  return update;
}

}  // namespace crucible::driver
