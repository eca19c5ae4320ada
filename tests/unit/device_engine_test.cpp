// A device as the engine of the integer pipeline gives the twin's logits.
#include <gtest/gtest.h>

#include "host/driver/accelerator.hpp"
#include "models/network/twin_engine.hpp"
#include "tests/unit/models_support.hpp"
#include "tests/unit/watched_port.hpp"

namespace crucible::driver {
namespace {

using models::testing::Random;

TEST(DeviceEngine, GivesTheTwinsLogits) {
  for (uint64_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    Random random(seed);
    Accelerator device(std::make_unique<port::WatchedPort>(spec::kConfigSmall));
    const models::QuantisedNetwork network =
        models::testing::random_network(random, models::testing::small_shapes());
    models::TileSettings common;
    common.inject = seed % 3 != 0;
    common.lsb_exp = random(8, 12);
    common.base = random(0, 64);
    models::AdcPlan plan;
    plan.transparent = seed % 2 == 0;
    plan.step_exp = {1, 2, 2, 1};
    const models::CompiledNetwork compiled =
        models::compile(network, device.identity().geometry, common, plan);
    models::ChipOffsets offsets(compiled.geometry.cells());
    for (int8_t& offset : offsets) offset = models::testing::random_offset(random);
    constexpr int kImages = 7;
    const std::vector<uint8_t> images =
        models::testing::random_inputs(random, kImages, compiled.input_size());

    device.program_levels(compiled.levels, compiled.geometry.banks);
    device.update_offsets(offsets, compiled.geometry.banks);
    DeviceEngine engine(device, compiled);
    models::TwinEngine twin(compiled, offsets);
    const auto logits = static_cast<size_t>(kImages * compiled.classes());
    std::vector<int64_t> got(logits), expected(logits);
    models::run_pipeline(compiled, engine, images, kImages, got);
    models::run_pipeline(compiled, twin, images, kImages, expected);
    EXPECT_EQ(got, expected);
  }
}

TEST(DeviceEngine, UploadsAVectorOnceForAllItsBanks) {
  auto owned = std::make_unique<port::WatchedPort>(spec::kConfigSmall);
  port::WatchedPort& port = *owned;
  Accelerator device(std::move(owned));
  Random random(1);
  const models::QuantisedNetwork network = models::testing::random_network(
      random, {models::testing::dense("fc1", 63, 9), models::testing::dense("fc2", 9, 4)});
  models::AdcPlan plan;
  plan.step_exp = {1, 1};
  const models::CompiledNetwork compiled =
      models::compile(network, device.identity().geometry, {}, plan);
  DeviceEngine engine(device, compiled);
  port.log.clear();
  std::vector<int64_t> acc(9);
  engine.multiply(0, 0, models::testing::random_inputs(random, 1, 63), 1, acc);
  size_t input_words = 0, jobs = 0, reads = 0;
  for (const auto& access : port.log) {
    if (access.op == spec::Op::kWrite && access.address == spec::kWindowInput)
      input_words += access.words;
    if (access.op == spec::Op::kWrite && access.address == spec::kRegJobBank) ++jobs;
    if (access.op == spec::Op::kRead) ++reads;
  }
  EXPECT_EQ(input_words, 16u);
  EXPECT_EQ(jobs, 6u);  // two row blocks, three column blocks
  EXPECT_EQ(reads, 1u);
}

TEST(DeviceEngine, RefusesANetworkOfAnotherGeometry) {
  Accelerator device(std::make_unique<port::WatchedPort>(spec::kConfigTiny));
  models::CompiledNetwork network;
  network.name = "other";
  network.geometry = {128, 64, 72};
  try {
    const DeviceEngine engine(device, network);
    FAIL() << "accepted";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::kMismatch);
    EXPECT_NE(std::string(error.what()).find("72 banks of 128 x 64"), std::string::npos)
        << error.what();
    EXPECT_NE(std::string(error.what()).find("4 of 16 x 4"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace crucible::driver
