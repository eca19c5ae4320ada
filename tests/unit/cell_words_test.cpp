#include "host/driver/cell_words.hpp"

#include <gtest/gtest.h>

#include <random>

#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::driver {
namespace {

constexpr size_t kPayload = 32;
constexpr size_t kFrameWords = 11;  // two headers of 5 words and the payload's CRC

TEST(CellWords, PackLevelsWithColumnZeroInTheLowBits) {
  const std::vector<uint8_t> levels{3, 0, 1, 2};
  EXPECT_EQ(pack_levels(levels, 4), std::vector<uint32_t>{0b10'01'00'11});
  EXPECT_EQ(unpack_levels(pack_levels(levels, 4), 4), levels);
  EXPECT_EQ(levels_per_word({16, 4, 4}), 4u);
  EXPECT_EQ(levels_per_word({128, 64, 72}), 16u);
}

TEST(CellWords, RefuseALevelAboveThree) {
  try {
    static_cast<void>(pack_levels(std::vector<uint8_t>{0, 0, 4, 0}, 4));
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    EXPECT_STREQ(error.what(), "level 4 of cell 2 is outside 0 .. 3");
  }
}

TEST(CellWords, PackOffsetsWithColumnZeroInTheLowByte) {
  const std::vector<int8_t> offsets{-1, 2, -128, 127};
  EXPECT_EQ(pack_offsets(offsets), std::vector<uint32_t>{0x7F8002FF});
  EXPECT_EQ(unpack_offsets(pack_offsets(offsets)), offsets);
}

size_t cost(const OffsetUpdate& update) {
  const auto frames = [](size_t words) { return (words + kPayload - 1) / kPayload; };
  size_t words = update.pokes.size();
  for (const auto& burst : update.bursts) words += burst.words + frames(burst.words) * kFrameWords;
  return words;
}

TEST(OffsetUpdate, NothingChangedIsNothingToSend) {
  const std::vector<int8_t> cells(400, 3);
  const OffsetUpdate update = plan_update(cells, cells, kPayload);
  EXPECT_EQ(update.cells_changed, 0u);
  EXPECT_EQ(cost(update), 0u);
}

TEST(OffsetUpdate, FewChangesArePokesAndManyAreBursts) {
  std::vector<int8_t> from(400), to(400);
  to[17] = -5;
  to[301] = 6;
  EXPECT_EQ(plan_update(from, to, kPayload).pokes,
            (std::vector<uint32_t>{17u << 8 | 0xFB, 301u << 8 | 6}));
  std::fill(to.begin(), to.end(), 1);
  const OffsetUpdate dense = plan_update(from, to, kPayload);
  ASSERT_EQ(dense.bursts.size(), 1u);
  EXPECT_EQ(dense.bursts[0].words, 100u);
  EXPECT_TRUE(dense.pokes.empty());
  EXPECT_EQ(dense.cells_changed, 400u);
}

TEST(OffsetUpdate, MakesOneFromTheOtherAndIsNeverDearerThanPokesOrEverything) {
  for (uint32_t seed = 1; seed <= 60; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    std::mt19937 random(seed);
    std::vector<int8_t> from(1200);
    for (int8_t& cell : from) cell = static_cast<int8_t>(random());
    std::vector<int8_t> to = from;
    // Stretches of changes of varying density.
    for (size_t at = 0; at < to.size(); at += 1 + random() % 200) {
      const uint32_t one_in = 1 + random() % 20;
      for (size_t i = at; i < std::min(to.size(), at + random() % 300); ++i) {
        if (random() % one_in == 0) to[i] = static_cast<int8_t>(random());
      }
    }
    const OffsetUpdate update = plan_update(from, to, kPayload);
    std::vector<int8_t> made = from;
    for (const auto& burst : update.bursts) {
      std::copy_n(to.begin() + static_cast<std::ptrdiff_t>(4 * burst.first_word), 4 * burst.words,
                  made.begin() + static_cast<std::ptrdiff_t>(4 * burst.first_word));
    }
    for (const uint32_t poke : update.pokes) made[poke >> 8] = static_cast<int8_t>(poke);
    EXPECT_EQ(made, to);
    size_t changed = 0;
    for (size_t i = 0; i < to.size(); ++i) changed += from[i] != to[i] ? 1 : 0;
    EXPECT_EQ(update.cells_changed, changed);
    EXPECT_LE(cost(update), changed);
    EXPECT_LE(
        cost(update),
        to.size() / 4 + (to.size() / 4 + kPayload - 1) / kPayload * kFrameWords + kFrameWords);
  }
}

}  // namespace
}  // namespace crucible::driver
