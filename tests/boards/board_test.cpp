// A board, driven by the host's own libraries: the netlist of one in the board process
// (tests/boards) or a real one (tests/hil).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>
#include <random>

#include "host/eval/evaluation.hpp"
#include "host/search/run_search.hpp"
#include "models/tile/tile_twin.hpp"
#include "models/variation/weight_box.hpp"
#include "tests/boards/board_fixture.hpp"
#include "tests/equiv/random_case.hpp"
#include "tests/unit/small_networks.hpp"

namespace crucible::boards {
namespace {

using sim::RandomCase;

TEST_F(Board, HasTheGeometryOfItsConfiguration) {
  EXPECT_EQ(device_->identity().geometry.rows, config_->rows);
  EXPECT_EQ(device_->identity().geometry.cols, config_->cols);
  EXPECT_EQ(device_->identity().geometry.banks, config_->banks);
}

TEST_F(Board, HoldsALevelAndAnOffsetForEveryCell) {
  std::mt19937_64 random(kSeed);
  const size_t cells = device_->identity().geometry.cells();
  std::vector<uint8_t> levels(cells);
  std::vector<int8_t> offsets(cells);
  for (uint8_t& level : levels) level = random() % 4;
  for (int8_t& offset : offsets) offset = static_cast<int8_t>(random());
  device_->program_levels(levels, config_->banks);  // reads every cell back
  device_->write_offsets(offsets, config_->banks);
  EXPECT_EQ(device_->read_offsets(config_->banks), offsets);
  device_->verify_levels(levels, config_->banks);
}

TEST_F(Board, MultipliesRandomArraysAsTheModelDoes) {
  RandomCase random(*config_, kSeed);
  std::vector<models::BankCells> banks;
  std::vector<uint8_t> levels, stuck;
  std::vector<int8_t> offsets;
  for (int number = 0; number < config_->banks; ++number) {
    models::BankCells bank = random.cells();
    bank.bank = static_cast<uint32_t>(number);
    if (config_->effects != 0) bank.stuck.resize(bank.levels.size());
    levels.insert(levels.end(), bank.levels.begin(), bank.levels.end());
    offsets.insert(offsets.end(), bank.offsets.begin(), bank.offsets.end());
    stuck.insert(stuck.end(), bank.stuck.begin(), bank.stuck.end());
    banks.push_back(std::move(bank));
  }
  device_->program_levels(levels, config_->banks);
  device_->write_offsets(offsets, config_->banks);
  if (!stuck.empty()) device_->program_stuck(stuck, config_->banks);
  int products = 0;
  for (int round = 0; round < 24; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", round " << round);
    const models::TileSettings settings = random.settings();
    device_->apply(settings);
    const int number = random.uniform(0, config_->banks - 1);
    const int count = random.uniform(1, 6);
    const std::vector<uint8_t> x = random.inputs(static_cast<size_t>(count * config_->rows));
    std::vector<int64_t> got(static_cast<size_t>(count * config_->cols / 4)), expected(got.size());
    device_->multiply(number, config_->rows, config_->cols, true, x, count, got);
    models::TileCounters counters;
    models::reference_multiply(banks[static_cast<size_t>(number)], config_->rows, config_->cols,
                               settings, 0, x, count, expected, counters);
    ASSERT_EQ(got, expected);
    products += count;
  }
  std::cout << products << " products equal the model's\n";
}

TEST_F(Board, RunsANetworkAndTheWorstCaseOfASearch) {
  const int inputs = config_->rows, outputs = std::min(config_->banks * config_->cols / 4, 4);
  const models::QuantisedNetwork network =
      test::random_network({test::dense_shape(inputs, outputs)}, kSeed);
  constexpr int kImages = 40;
  const std::vector<uint8_t> images =
      test::random_bytes(static_cast<size_t>(kImages * inputs), kSeed + 1);
  const std::vector<uint8_t> labels = test::own_labels(network, images);
  const models::WeightBox box = models::make_box(
      network, models::VariationBound::weight_fraction(0.1), models::Realisation::kPair, 32);
  models::TileSettings common;
  common.inject = true;
  common.lsb_exp = box.grid.lsb_exp;
  common.base = box.base;
  models::AdcPlan plan;
  plan.transparent = true;
  const models::CompiledNetwork compiled =
      models::compile(network, device_->identity().geometry, common, plan);
  search::SearchSettings settings;
  settings.effort = 0.1;
  const search::SearchResult worst =
      search::run_search({network, box, images, labels, 5, 1}, "margin-ascent", settings);

  device_->program_levels(compiled.levels, config_->banks);
  const eval::LabelledImages set{images, labels};
  const auto start = device_->counters();
  int correct[2] = {};
  for (const bool attacked : {false, true}) {
    const models::ChipOffsets offsets = attacked
                                            ? models::realise(network, compiled, box, worst.delta)
                                            : models::ChipOffsets(compiled.geometry.cells());
    device_->update_offsets(offsets, config_->banks);
    driver::DeviceEngine engine(*device_, compiled);
    const eval::Evaluation measured = eval::evaluate_engine(compiled, engine, set, 10);
    const eval::Evaluation expected = eval::evaluate_model(compiled, offsets, set, 1);
    EXPECT_EQ(measured.logits, expected.logits) << "attacked: " << attacked;
    correct[attacked] = measured.correct;
  }
  const auto end = device_->counters();
  EXPECT_GE(correct[0], kImages - 2);  // labels are the float network's own
  EXPECT_LT(correct[1], correct[0]);
  const uint32_t products = end.products - start.products;
  std::cout << fmt::format(
      "{} of {} images right, {} in the worst case found; {} products, {} busy cycles\n",
      correct[0], kImages, correct[1], products, end.busy_cycles - start.busy_cycles);
}

}  // namespace
}  // namespace crucible::boards
