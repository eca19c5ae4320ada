// Every kernel of this machine against the definition.
#include <gtest/gtest.h>

#include "models/error.hpp"
#include "tests/unit/models_support.hpp"

namespace crucible::models {
namespace {

using testing::Random;

class TileKernels : public ::testing::TestWithParam<Kernel> {
 protected:
  void SetUp() override {
    if (!has_kernel(GetParam())) GTEST_SKIP() << "no " << kernel_name(GetParam()) << " here";
  }

  void expect_equal(uint64_t seed, int rows, int cols, int rows_used, int cols_used, int count) {
    Random random(seed);
    const BankCells cells = testing::random_cells(random, rows, cols);
    const TileSettings settings = testing::random_settings(random, rows_used, cols);
    const auto x = testing::random_inputs(random, count, rows_used);
    std::vector<int64_t> expected(static_cast<size_t>(count) * (cols_used / 4));
    std::vector<int64_t> got(expected.size(), -1);
    TileCounters expected_counters, got_counters;
    reference_multiply(cells, rows_used, cols_used, settings, 0, x, count, expected,
                       expected_counters);
    prepare_bank(cells, rows_used, cols_used, settings, GetParam())
        ->multiply(0, x, count, got, got_counters);
    ASSERT_EQ(got, expected) << "seed " << seed << ", " << rows_used << " of " << rows << " rows, "
                             << cols_used << " of " << cols << " columns";
    ASSERT_EQ(got_counters.saturations, expected_counters.saturations) << "seed " << seed;
    ASSERT_EQ(got_counters.products, expected_counters.products);
  }
};

TEST_P(TileKernels, EqualTheDefinitionOnRandomBanks) {
  for (uint64_t seed = 1; seed <= 2500; ++seed) {
    Random random(seed + 1'000'000);
    const int rows = random(1, 40) * (random.one_in(4) ? 3 : 1);
    const int cols = 4 * random(1, 16);
    const int rows_used = random.one_in(2) ? rows : random(1, rows);
    const int cols_used = random.one_in(2) ? cols : 4 * random(1, cols / 4);
    ASSERT_NO_FATAL_FAILURE(expect_equal(seed, rows, cols, rows_used, cols_used, random(1, 4)));
  }
}

TEST_P(TileKernels, EqualTheDefinitionForEveryNumberOfRowsOfAFullTile) {
  for (int rows = 1; rows <= 128; ++rows) {
    ASSERT_NO_FATAL_FAILURE(expect_equal(7000 + rows, 128, 64, rows, 64, 2));
  }
}

TEST_P(TileKernels, EqualTheDefinitionForEveryNumberOfColumns) {
  for (int cols = 4; cols <= 144; cols += 4) {
    ASSERT_NO_FATAL_FAILURE(expect_equal(8000 + cols, 24, 144, 24, cols, 4));
  }
}

TEST_P(TileKernels, HoldTheLargestSumsOfTheTallestBank) {
  BankCells cells{1024, 4, std::vector<uint8_t>(4096, 3), std::vector<int8_t>(4096, 127)};
  TileSettings settings;
  settings.inject = true;
  settings.lsb_exp = 18;
  settings.base = 255;
  settings.adc = {false, 27, 12};
  settings.adc_offset.assign(4, 32767);
  const std::vector<uint8_t> x(1024, 255);
  for (const bool transparent : {false, true}) {
    settings.adc.transparent = transparent;
    std::vector<int64_t> expected(1), got(1);
    TileCounters counters;
    cells.levels[1] = 0;  // so that the polarities do not cancel
    reference_multiply(cells, 1024, 4, settings, 0, x, 1, expected, counters);
    prepare_bank(cells, 1024, 4, settings, GetParam())->multiply(0, x, 1, got, counters);
    EXPECT_EQ(got, expected);
  }
}

TEST_P(TileKernels, FindTheLargestSum) {
  for (uint64_t seed = 1; seed <= 50; ++seed) {
    Random random(seed);
    const int rows = random(1, 128);
    const int cols = 4 * random(1, 16);
    const BankCells cells = testing::random_cells(random, rows, cols);
    TileSettings settings = testing::random_settings(random, rows, cols);
    const auto x = testing::random_inputs(random, 3, rows);
    int64_t largest = 0;
    for (int k = 0; k < 3; ++k) {
      for (int c = 0; c < cols; ++c) {
        for (int p = 0; p < 8; ++p) {
          int64_t sum = 0;
          for (int r = 0; r < rows; ++r) {
            const int64_t base = int64_t{settings.base} << (settings.lsb_exp - 8);
            const int64_t off = settings.inject ? cells.offsets[r * cols + c] : 0;
            const int64_t level = int64_t{cells.levels[r * cols + c]} << settings.lsb_exp;
            sum += (x[k * rows + r] >> p & 1) *
                   std::clamp(base + level + off, int64_t{0},
                              2 * base + (int64_t{3} << settings.lsb_exp));
          }
          largest = std::max(largest, sum);
        }
      }
    }
    EXPECT_EQ(prepare_bank(cells, rows, cols, settings, GetParam())->largest_sum(x, 3), largest)
        << "seed " << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(All, TileKernels,
                         ::testing::Values(Kernel::kPortable, Kernel::kAvx2, Kernel::kAvx512),
                         [](const auto& kernel) { return std::string(kernel_name(kernel.param)); });

TEST(KernelChoice, TheBestOneIsThere) { EXPECT_TRUE(has_kernel(best_kernel())); }

TEST(KernelChoice, ThePortableOneIsEverywhere) { EXPECT_TRUE(has_kernel(Kernel::kPortable)); }

}  // namespace
}  // namespace crucible::models
