// The generated digits: the same bytes everywhere, every image independent of the set's size.
#include <gtest/gtest.h>
#include <zlib.h>

#include <algorithm>
#include <array>

#include "host/data/dataset.hpp"
#include "host/data/pen.hpp"
#include "models/error.hpp"

namespace crucible {
namespace {

uint32_t checksum(const std::vector<uint8_t>& bytes) {
  return static_cast<uint32_t>(crc32(0, bytes.data(), static_cast<unsigned>(bytes.size())));
}

// Printed by this test when the generator changes; the networks in models/zoo must then be trained
// again.
TEST(Strokes, GivesTheSameBytesOnEveryMachine) {
  const data::Dataset dataset = data::generate_strokes(1, 64, 16);
  EXPECT_EQ(checksum(dataset.train.images), 0xFAFAF9E0U);
  EXPECT_EQ(checksum(dataset.train.labels), 0x74E26B93U);
  EXPECT_EQ(checksum(dataset.test.images), 0x6171EDBAU);
}

TEST(Strokes, DrawsAnImageAlikeInSetsOfAnySize) {
  const data::Dataset small = data::generate_strokes(3, 5, 2),
                      large = data::generate_strokes(3, 600, 300);
  EXPECT_TRUE(
      std::equal(small.train.images.begin(), small.train.images.end(), large.train.images.begin()));
  EXPECT_TRUE(
      std::equal(small.test.labels.begin(), small.test.labels.end(), large.test.labels.begin()));
}

TEST(Strokes, DiffersBetweenSeedsAndBetweenTrainingAndTest) {
  const data::Dataset one = data::generate_strokes(1, 20, 20),
                      two = data::generate_strokes(2, 20, 20);
  EXPECT_NE(one.train.images, two.train.images);
  EXPECT_NE(one.train.images, one.test.images);
}

// 10,000 draws of ten classes: 1,000 each, standard deviation 30; five of them is 150.
TEST(Strokes, DrawsTheTenDigitsEquallyOften) {
  const data::Dataset dataset = data::generate_strokes(4, 10000, 0);
  std::array<int, 10> counts{};
  for (const uint8_t label : dataset.train.labels) ++counts.at(label);
  for (const int count : counts) EXPECT_NEAR(count, 1000, 150);
}

TEST(Strokes, RefusesANegativeCount) {
  EXPECT_THROW((void)data::generate_strokes(1, -1, 0), Error);
}

TEST(Pen, BlackensTheLineAndNothingAfarFromIt) {
  data::Canvas canvas(28, 28);
  const int middle = 14 * data::kSubpixel + data::kSubpixel / 2;
  canvas.line({4 * data::kSubpixel, middle}, {24 * data::kSubpixel, middle});
  std::array<uint8_t, 784> pixels{};
  canvas.develop(data::kSubpixel, 200, pixels.data());
  EXPECT_EQ(pixels[14 * 28 + 14], 200);
  EXPECT_EQ(pixels[13 * 28 + 14], 100);  // its centre lies on the pen's edge
  EXPECT_EQ(pixels[12 * 28 + 14], 0);
  EXPECT_EQ(pixels[14 * 28 + 1], 0);
}

TEST(Pen, KeepsTheEndsOfAStrokeWhenItCutsCorners) {
  const auto cut = data::cut_corners({{0, 0}, {64, 0}, {64, 64}}, 3);
  EXPECT_EQ(cut.front().x, 0);
  EXPECT_EQ(cut.back().y, 64);
  EXPECT_GT(cut.size(), 8U);
  EXPECT_TRUE(
      std::none_of(cut.begin(), cut.end(), [](data::PenPoint p) { return p.x == 64 && p.y == 0; }));
}

}  // namespace
}  // namespace crucible
