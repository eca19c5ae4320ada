// The shipped LeNet in firmware, compiled for the host.
#include "host/experiment/network_folder.hpp"
#include "tests/unit/board_support.hpp"

namespace crucible::board {
namespace {

using models::testing::Random;

TEST(BoardLeNet, RunsAsOnTheTwin) {
  TestBoard board(spec::kConfigFullSoc);
  const models::QuantisedNetwork network = experiment::load_network("models/zoo/lenet-mnist");
  models::TileSettings common;
  common.inject = true;
  common.base = 32;
  models::AdcPlan plan;
  plan.step_exp = {-1, 1, 2, 1, 1};
  const models::CompiledNetwork compiled =
      models::compile(network, board.device->identity().geometry, common, plan);
  Random random(7);
  models::ChipOffsets offsets(compiled.geometry.cells());
  for (int8_t& offset : offsets) offset = static_cast<int8_t>(random(-20, 20));
  constexpr int kImages = 4;
  const std::vector<uint8_t> images = models::testing::random_inputs(random, kImages, 784);
  board.program(compiled, offsets);
  board.device->clear_counters();
  EXPECT_EQ(board.runner->run(images, kImages), twin_logits(compiled, offsets, images, kImages));
  // As many products as the host's engine asks for.
  models::TwinEngine twin(compiled, offsets);
  std::vector<int64_t> logits(10 * kImages);
  models::run_pipeline(compiled, twin, images, kImages, logits);
  EXPECT_NE(logits[0], logits[10]);
  EXPECT_EQ(board.device->counters().products, twin.counters().products);
  EXPECT_EQ(board.device->counters().saturations, twin.counters().saturations);
}

}  // namespace
}  // namespace crucible::board
