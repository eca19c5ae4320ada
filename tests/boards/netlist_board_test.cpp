// The netlist of a board, in the board process, driven over its UART pins by the host's own
// libraries. CRUCIBLE_NETLIST_CONFIG names the configuration.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>

#include <random>

#include "host/driver/accelerator.hpp"
#include "host/eval/evaluation.hpp"
#include "host/port/open_port.hpp"
#include "host/search/run_search.hpp"
#include "models/tile/tile_twin.hpp"
#include "models/variation/weight_box.hpp"
#include "tests/cosim/board_program.hpp"
#include "tests/equiv/random_case.hpp"
#include "tests/unit/small_networks.hpp"

namespace crucible::sim {
namespace {

constexpr uint64_t kSeed = 20261126;

class NetlistBoard : public testing::Test {
 protected:
  NetlistBoard()
      : config_(*std::find_if(spec::kConfigs.begin(), spec::kConfigs.end(),
                              [](const auto& c) { return c.name == CRUCIBLE_NETLIST_CONFIG; })),
        board_({"--config", CRUCIBLE_NETLIST_CONFIG, "--pty", "{DIR}/uart"}) {
    EXPECT_FALSE(board_.ready_line().empty()) << board_.errors();
    device_ = std::make_unique<driver::Accelerator>(port::open_port(
        fmt::format("uart:{}?baud={}", (board_.folder() / "uart").string(), config_.baud)));
  }

  const spec::HardwareConfig& config_;
  BoardProgram board_;
  std::unique_ptr<driver::Accelerator> device_;
};

TEST_F(NetlistBoard, SaysWhichConfigurationItIs) {
  EXPECT_EQ(device_->identity().config_hash, config_.hash);
  EXPECT_EQ(device_->identity().geometry.rows, config_.rows);
  EXPECT_EQ(device_->identity().geometry.cols, config_.cols);
  EXPECT_EQ(device_->identity().geometry.banks, config_.banks);
}

TEST_F(NetlistBoard, HoldsALevelAndAnOffsetForEveryCell) {
  std::mt19937_64 random(kSeed);
  const size_t cells = device_->identity().geometry.cells();
  std::vector<uint8_t> levels(cells);
  std::vector<int8_t> offsets(cells);
  for (uint8_t& level : levels) level = random() % 4;
  for (int8_t& offset : offsets) offset = static_cast<int8_t>(random());
  device_->program_levels(levels, config_.banks);  // reads every cell back
  device_->write_offsets(offsets, config_.banks);
  EXPECT_EQ(device_->read_offsets(config_.banks), offsets);
  device_->verify_levels(levels, config_.banks);
}

TEST_F(NetlistBoard, MultipliesRandomArraysAsTheModelDoes) {
  RandomCase random(config_, kSeed);
  const auto cells = device_->identity().geometry.cells();
  const size_t per_bank = cells / static_cast<size_t>(config_.banks);
  int products = 0;
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << ", round " << round);
    models::BankCells bank = random.cells();
    const models::TileSettings settings = random.settings();
    const int number = random.uniform(0, config_.banks - 1);
    bank.bank = static_cast<uint32_t>(number);
    std::vector<uint8_t> levels(per_bank * static_cast<size_t>(number + 1));
    std::vector<int8_t> offsets(levels.size());
    const auto at = static_cast<std::ptrdiff_t>(per_bank) * number;
    std::copy(bank.levels.begin(), bank.levels.end(), levels.begin() + at);
    std::copy(bank.offsets.begin(), bank.offsets.end(), offsets.begin() + at);
    device_->program_levels(levels, number + 1);
    device_->write_offsets(offsets, number + 1);
    device_->apply(settings);
    const int count = random.uniform(1, 6);
    const std::vector<uint8_t> x = random.inputs(static_cast<size_t>(count * config_.rows));
    std::vector<int64_t> got(static_cast<size_t>(count * config_.cols / 4)), expected(got.size());
    device_->multiply(number, config_.rows, config_.cols, true, x, count, got);
    models::TileCounters counters;
    models::reference_multiply(bank, config_.rows, config_.cols, settings, 0, x, count, expected,
                               counters);
    ASSERT_EQ(got, expected);
    products += count;
  }
  std::cout << products << " products equal the model's\n";
}

TEST_F(NetlistBoard, RunsANetworkAndTheWorstCaseOfASearch) {
  const int inputs = config_.rows, outputs = std::min(config_.banks * config_.cols / 4, 4);
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

  device_->program_levels(compiled.levels, config_.banks);
  const eval::LabelledImages set{images, labels};
  const auto start = device_->counters();
  int correct[2] = {};
  for (const bool attacked : {false, true}) {
    const models::ChipOffsets offsets = attacked
                                            ? models::realise(network, compiled, box, worst.delta)
                                            : models::ChipOffsets(compiled.geometry.cells());
    device_->update_offsets(offsets, config_.banks);
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
}  // namespace crucible::sim
