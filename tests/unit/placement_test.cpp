// Layers onto banks, weights onto cells.
#include <gtest/gtest.h>

#include <set>

#include "models/error.hpp"
#include "tests/unit/models_support.hpp"

namespace crucible::models {
namespace {

constexpr TileGeometry kFull{128, 64, 72};

std::vector<LayerShape> lenet_shapes() {
  return {testing::conv("conv1", 1, 28, 3, 1, 6, true),
          testing::conv("conv2", 6, 14, 3, 1, 16, true), testing::dense("fc1", 784, 120),
          testing::dense("fc2", 120, 84), testing::dense("fc3", 84, 10)};
}

TEST(Placement, CutsTheLeNetIntoBanksOfTheFullTile) {
  const auto placed = place(lenet_shapes(), kFull);
  std::vector<size_t> banks;
  banks.reserve(placed.size());
  for (const auto& layer : placed) banks.push_back(layer.banks.size());
  EXPECT_EQ(banks, (std::vector<size_t>{1, 1, 56, 6, 1}));
  EXPECT_EQ(placed[2].row_blocks, 7);
  EXPECT_EQ(placed[2].block_rows, 112);
  const BankPlacement& last = placed[2].banks.back();
  EXPECT_EQ(last.bank, 57);
  EXPECT_EQ(last.first_input, 672);
  EXPECT_EQ(last.inputs, 112);
  EXPECT_EQ(last.first_output, 112);
  EXPECT_EQ(last.outputs, 8);
}

TEST(Placement, RoundsRowBlocksUpToMultiplesOfFour) {
  const auto placed = place({testing::dense("fc", 50, 4)}, {16, 16, 4});
  std::vector<int> inputs;
  for (const auto& bank : placed[0].banks) inputs.push_back(bank.inputs);
  EXPECT_EQ(inputs, (std::vector<int>{16, 16, 16, 2}));
}

TEST(Placement, NumbersBanksWithRowBlocksOutermost) {
  const auto placed = place({testing::dense("fc", 20, 6)}, {16, 16, 4});
  ASSERT_EQ(placed[0].banks.size(), 4U);
  EXPECT_EQ(placed[0].banks[1].first_input, 0);
  EXPECT_EQ(placed[0].banks[1].first_output, 4);
  EXPECT_EQ(placed[0].banks[2].first_input, 12);
  EXPECT_EQ(placed[0].banks[2].first_output, 0);
}

TEST(Placement, CoversEveryInputAndOutputOnceInAnyGeometry) {
  for (uint64_t seed = 1; seed <= 200; ++seed) {
    testing::Random random(seed);
    const TileGeometry geometry{4 * random(1, 32), 4 * random(1, 16), 100000};
    const auto shape = testing::dense("fc", random(1, 300), random(1, 60));
    const auto placed = place({shape}, geometry);
    int64_t covered = 0;
    for (const auto& bank : placed[0].banks) {
      ASSERT_GE(bank.inputs, 1) << "seed " << seed;
      ASSERT_LE(bank.inputs, geometry.rows) << "seed " << seed;
      ASSERT_LE(bank.outputs, geometry.outputs()) << "seed " << seed;
      covered += int64_t{1} * bank.inputs * bank.outputs;
    }
    EXPECT_EQ(covered, shape.weight_count()) << "seed " << seed;
  }
}

TEST(Placement, GivesEveryWeightItsOwnFourCells) {
  const TileGeometry geometry{16, 16, 9};
  const auto shape = testing::dense("fc", 40, 10);
  const auto placed = place({shape}, geometry);
  std::set<size_t> cells;
  for (int o = 0; o < 10; ++o) {
    for (int i = 0; i < 40; ++i) {
      for (int slice = 0; slice < 2; ++slice) {
        for (const Polarity polarity : {Polarity::kPositive, Polarity::kNegative}) {
          cells.insert(cell_index(geometry, placed[0], o, i, slice, polarity));
        }
      }
    }
  }
  EXPECT_EQ(cells.size(), 40U * 10 * 4);
  EXPECT_LT(*cells.rbegin(), geometry.cells());
}

TEST(Placement, PutsAWeightWhereTheNumericsSay) {
  const TileGeometry geometry{16, 16, 9};
  const auto placed = place({testing::dense("fc", 40, 10)}, geometry);
  // Row blocks of ceil4(ceil(40 / 3)) = 16: input 17 is row 1 of block 1; output 9 is column 1 of
  // block 2; bank 3 + 2.
  ASSERT_EQ(placed[0].block_rows, 16);
  EXPECT_EQ(cell_index(geometry, placed[0], 9, 17, 1, Polarity::kNegative),
            static_cast<size_t>((5 * 16 + 1) * 16 + 4 + 3));
}

TEST(Placement, NamesTheBanksNeededAndThere) {
  try {
    (void)place(lenet_shapes(), {128, 64, 60});
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kUsage);
    const std::string message = error.what();
    EXPECT_NE(message.find("needs 65 banks"), std::string::npos) << message;
    EXPECT_NE(message.find("tile has 60"), std::string::npos) << message;
    EXPECT_NE(message.find("fc1 56"), std::string::npos) << message;
  }
}

TEST(Placement, RefusesAGeometryThatIsNoTile) {
  EXPECT_THROW((void)place(lenet_shapes(), {128, 6, 60}), Error);
  EXPECT_THROW((void)place(lenet_shapes(), {0, 64, 60}), Error);
}

}  // namespace
}  // namespace crucible::models
