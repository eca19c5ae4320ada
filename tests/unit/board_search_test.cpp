// Searches that firmware, compiled for the host, runs on the board: inside their box, and what they
// say they found.
#include <optional>

#include "host/board/board_runner.hpp"
#include "tests/unit/board_support.hpp"

namespace crucible::board {
namespace {

using models::testing::Random;

/// A search on the board, its box, and the host's own view of both.
class OnBoardSearch : public testing::Test {
 protected:
  OnBoardSearch() : board_(spec::kConfigSmallSoc) {
    Random random(29);
    network_ = models::testing::random_network(random, models::testing::small_shapes());
    images_ = models::testing::random_inputs(random, kImages, 144);
  }

  /// Programs the network for a bound and keeps images with labels that the chip without offsets
  /// finds.
  void begin(const models::VariationBound& bound, models::Realisation realisation) {
    constexpr int kBase = 24;
    box_ = models::make_box(network_, bound, realisation, kBase);
    models::TileSettings common;
    common.inject = true;
    common.lsb_exp = box_->grid.lsb_exp;
    common.base = kBase;
    models::AdcPlan plan;
    plan.step_exp = {0, 0, 0, -1};
    compiled_ = models::compile(network_, board_.device->identity().geometry, common, plan);
    const models::ChipOffsets none(compiled_.geometry.cells());
    const std::vector<int64_t> logits = twin_logits(compiled_, none, images_, kImages);
    labels_.clear();
    for (size_t i = 0; i < kImages; ++i)
      labels_.push_back(
          static_cast<uint8_t>(models::predicted_class(std::span(logits).subspan(4 * i, 4))));
    board_.program(compiled_, none);
    board_.runner->keep(images_, labels_);
  }
  [[nodiscard]] BoardSearch wanted(fw_search_kind kind) const {
    BoardSearch search{kind, 61, 7, 4000, 60, {}};
    for (size_t l = 0; l < network_.layers.size(); ++l)
      search.rules.push_back(models::move_rules(*box_, l));
    return search;
  }
  [[nodiscard]] uint32_t right(const models::ChipOffsets& offsets) const {
    return correct_answers(compiled_, twin_logits(compiled_, offsets, images_, kImages), labels_);
  }

  static constexpr int kImages = 30;
  TestBoard board_;
  models::QuantisedNetwork network_;
  std::optional<models::WeightBox> box_;
  models::CompiledNetwork compiled_;
  std::vector<uint8_t> images_, labels_;
};

TEST_F(OnBoardSearch, LowersTheCountAndNeverLeavesTheBox) {
  const std::vector<std::pair<models::VariationBound, models::Realisation>> boxes{
      {models::VariationBound::weight_fraction(0.08), models::Realisation::kPair},
      {models::VariationBound::weight_fraction(0.08), models::Realisation::kActive},
      {models::VariationBound::device_full_scale(0.08, models::IdleDevice::kDrifts),
       models::Realisation::kPair},
      {models::VariationBound::device_full_scale(0.08, models::IdleDevice::kFixed),
       models::Realisation::kPair}};
  for (const auto& [bound, realisation] : boxes) {
    begin(bound, realisation);
    for (const fw_search_kind kind : {FW_BLOCK_FLIP, FW_SPSA}) {
      SCOPED_TRACE(testing::Message() << bound.describe() << ", kind " << kind);
      const int banks = compiled_.geometry.banks;
      board_.device->update_offsets(models::ChipOffsets(compiled_.geometry.cells()), banks);
      const BoardSearchResult found = board_.runner->search(wanted(kind));
      ASSERT_FALSE(found.correct.empty());
      EXPECT_EQ(found.correct.front(), uint32_t{kImages});
      EXPECT_LT(found.best, uint32_t{kImages});
      EXPECT_GT(found.accepted, 0U);
      EXPECT_EQ(found.best, *std::min_element(found.correct.begin(), found.correct.end()));
      // The chip that it left is the one that it counted, and the weights of the box make it.
      const models::ChipOffsets offsets = board_.device->read_offsets(banks);
      EXPECT_EQ(right(offsets), found.best);
      const models::WeightDelta delta =
          models::weight_change(network_, compiled_, offsets, box_->grid.lsb_exp, box_->base);
      EXPECT_EQ(models::realise(network_, compiled_, *box_, delta), offsets);
      size_t at_a_wall = 0;
      for (size_t l = 0; l < delta.size(); ++l)
        for (size_t i = 0; i < delta[l].size(); ++i) {
          ASSERT_GE(delta[l][i], box_->lo[l][i]) << "layer " << l << ", weight " << i;
          ASSERT_LE(delta[l][i], box_->hi[l][i]) << "layer " << l << ", weight " << i;
          at_a_wall +=
              delta[l][i] != 0 && (delta[l][i] == box_->lo[l][i] || delta[l][i] == box_->hi[l][i])
                  ? 1
                  : 0;
        }
      EXPECT_GT(at_a_wall, 0U);
    }
  }
}

TEST_F(OnBoardSearch, IsTheSameAgainFromTheSameSeed) {
  begin(models::VariationBound::weight_fraction(0.08), models::Realisation::kPair);
  const int banks = compiled_.geometry.banks;
  for (const fw_search_kind kind : {FW_BLOCK_FLIP, FW_SPSA}) {
    std::vector<models::ChipOffsets> chips;
    for (const uint64_t seed : {uint64_t{7}, uint64_t{7}, uint64_t{1} << 32 | 7}) {
      board_.device->update_offsets(models::ChipOffsets(compiled_.geometry.cells()), banks);
      BoardSearch search = wanted(kind);
      search.seed = seed;
      static_cast<void>(board_.runner->search(search));
      chips.push_back(board_.device->read_offsets(banks));
    }
    EXPECT_EQ(chips[0], chips[1]);
    EXPECT_NE(chips[0], chips[2]);
  }
}

TEST_F(OnBoardSearch, ARejectedMoveLeavesNoTrace) {
  begin(models::VariationBound::weight_fraction(0.08), models::Realisation::kPair);
  const int banks = compiled_.geometry.banks;
  const models::ChipOffsets start(compiled_.geometry.cells());
  board_.device->update_offsets(start, banks);
  for (const fw_search_kind kind : {FW_BLOCK_FLIP, FW_SPSA}) {
    BoardSearch search = wanted(kind);
    search.measurements = 4;  // the start, and three flips or one step of three
    search.weights = 5;       // too few to turn an answer, so that about half make it worse
    BoardSearchResult found;
    do {
      ASSERT_LT(++search.seed, 200U) << "no move was rejected";
      board_.device->update_offsets(start, banks);
      found = board_.runner->search(search);
    } while (found.accepted > 0);
    EXPECT_EQ(board_.device->read_offsets(banks), start);
  }
}

TEST_F(OnBoardSearch, RefusesAnIllegalWordOfItsParameters) {
  begin(models::VariationBound::weight_fraction(0.08), models::Realisation::kPair);
  const auto refuses = [&](const std::function<void(BoardSearch&)>& change, const char* what) {
    BoardSearch search = wanted(FW_SPSA);
    change(search);
    const std::string error =
        message_of([&] { static_cast<void>(board_.runner->search(search)); }, ErrorKind::kDevice);
    expect_says(error, std::string("the search is refused: ") + what);
  };
  refuses([](BoardSearch& s) { s.kind = 2; }, "kind is 2");
  refuses([](BoardSearch& s) { s.measurements = 0; }, "measurements is 0");
  refuses([](BoardSearch& s) { s.clip = 0; }, "clip_lo is 0");
  refuses([](BoardSearch& s) { s.clip = int64_t{1} << 41; }, "clip_hi is 512");
  refuses([](BoardSearch& s) { s.weights = 0; }, "weights is 0");
  refuses([](BoardSearch& s) { s.rules[2].steps[0] = 128; }, "layer 2: steps");
  BoardSearch search = wanted(FW_SPSA);
  search.measurements = 1 << 20;
  expect_says(
      message_of([&] { static_cast<void>(board_.runner->search(search)); }, ErrorKind::kUsage),
      "a search of 1048576 measurements with steps of 60 weights");
  search.rules.pop_back();
  expect_says(
      message_of([&] { static_cast<void>(board_.runner->search(search)); }, ErrorKind::kUsage),
      "rules for 3 layers");
}

}  // namespace
}  // namespace crucible::board
