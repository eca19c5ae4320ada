// The firmware's ELF on the core of the emulated boards: logits, campaigns, and how faults are
// told.
#include <algorithm>
#include <set>

#include "host/port/open_port.hpp"
#include "models/tile/chip_generator.hpp"
#include "tests/unit/board_support.hpp"

namespace crucible::board {
namespace {

using models::testing::Random;

/// On the boards with these addresses.
class BoardFirmware : public testing::TestWithParam<const char*> {
 protected:
  BoardFirmware() : random_(29) {
    const models::TileGeometry& geometry = device_.identity().geometry;
    network_ = noisy_network(random_, geometry);
    for (size_t cell = 0; cell < geometry.cells(); ++cell)
      offsets_.push_back(models::testing::random_offset(random_));
    images_ = models::testing::random_inputs(random_, kImages, network_.input_size());
    device_.program_levels(network_.levels, geometry.banks);
    device_.update_offsets(offsets_, geometry.banks);
    device_.program_stuck(models::ChipStuck(geometry.cells()), geometry.banks);
  }
  [[nodiscard]] static FirmwareImage image() { return read_firmware(CRUCIBLE_FIRMWARE_ELF); }

  static constexpr int kImages = 6;
  driver::Accelerator device_{port::open_port(GetParam())};
  Random random_;
  models::CompiledNetwork network_;
  models::ChipOffsets offsets_;
  std::vector<uint8_t> images_;
};

TEST_P(BoardFirmware, GivesTheTwinsLogits) {
  BoardRunner runner(device_, image());
  runner.load(network_);
  EXPECT_EQ(runner.run(images_, kImages, 3),
            twin_logits(network_, offsets_, images_, kImages, {}, 3));
  const bool engine = device_.port().read_word(spec::kRegEngineInfo) != 0;  // mixed: none
  EXPECT_EQ(runner.runs() == "the layer engine", engine) << runner.runs();
  EXPECT_GT(runner.cycles().all, runner.cycles().waiting);
  EXPECT_GT(runner.cycles().waiting, 0U);
  const uint64_t by_engine = runner.cycles().all;
  runner.load(network_, Path::kFirmware);
  EXPECT_EQ(runner.run(images_, kImages, 3),
            twin_logits(network_, offsets_, images_, kImages, {}, 3));
  if (engine) {
    EXPECT_GT(runner.cycles().all - by_engine, 5 * by_engine) << "firmware takes far longer";
  }
  // The same core with another network, transparent: sums of 64 bits.
  models::CompiledNetwork other = network_;
  for (models::CompiledLayer& layer : other.layers) layer.adc.transparent = true;
  runner.load(other);
  EXPECT_EQ(runner.run(images_, kImages), twin_logits(other, offsets_, images_, kImages));
}

TEST_P(BoardFirmware, CountsForChipsFromSeedsAsTheHostDoes) {
  const std::vector<int64_t> clean = twin_logits(network_, offsets_, images_, kImages);
  std::vector<uint8_t> labels;
  for (size_t i = 0; i < kImages; ++i)
    labels.push_back(
        static_cast<uint8_t>(models::predicted_class(std::span(clean).subspan(4 * i, 4))));
  models::GeneratorSettings settings;
  settings.sigma = {80 << 8, 90 << 8, 100 << 8, 110 << 8};
  settings.off_rate = settings.on_rate = 6000;
  device_.generate(settings, driver::Generated::kBoth);
  const std::vector<uint64_t> seeds{1, 2, 3, 4, 5};
  std::vector<uint32_t> wanted;
  for (const uint64_t seed : seeds) {
    settings.seed = seed;
    uint64_t pulses = 0, unverified = 0;
    const models::ChipOffsets chip =
        models::generate_offsets(network_.levels, settings, pulses, unverified);
    const models::ChipStuck stuck = models::generate_stuck(network_.levels.size(), settings);
    wanted.push_back(
        correct_answers(network_, twin_logits(network_, chip, images_, kImages, stuck), labels));
  }
  ASSERT_GT(std::set<uint32_t>(wanted.begin(), wanted.end()).size(), 1U);
  BoardRunner runner(device_, image());
  runner.load(network_);
  runner.keep(images_, labels);
  EXPECT_EQ(runner.count_chips(seeds, driver::Generated::kBoth), wanted);
  EXPECT_TRUE(runner.self_test(driver::SelfTest::kMarch).march_done);
}

TEST_P(BoardFirmware, ARefusedAccessIsATrapWithItsAddress) {
  BoardRunner runner(device_, image());
  runner.load(network_, Path::kFirmware);
  std::vector<uint8_t> many;
  for (int i = 0; i < 100; ++i) many.insert(many.end(), images_.begin(), images_.end());
  // A generation that somebody else starts makes the tile busy under the firmware's hands.
  const auto disturb = [&](uint32_t) {
    try {
      device_.port().write_word(spec::kRegGenStart, spec::kGenStartOffsetsMask);
    } catch (const Error&) {
      // Busy with a job just now; the next sign of progress tries again.
    }
    return true;
  };
  const std::string said = message_of(
      [&] { static_cast<void>(runner.run(many, 100 * kImages, 0, disturb)); }, ErrorKind::kDevice);
  expect_says(said, "RUN: the firmware trapped: the bus refused its ");
  expect_says(said, "with status 4");
  EXPECT_NE(device_.port().read_word(spec::kRegCoreStatus) & spec::kCoreStatusTrapMask, 0U);
  // And after a new start all is well.
  device_.port().wait_idle(10'000'000);  // the generation
  device_.forget_cells();
  device_.update_offsets(offsets_, network_.geometry.banks);
  runner.controller().start(image());
  runner.load(network_);
  EXPECT_EQ(runner.run(images_, kImages), twin_logits(network_, offsets_, images_, kImages));
}

TEST_P(BoardFirmware, AnIllegalInstructionIsATrapWithItsAddress) {
  BoardRunner runner(device_, image());
  // Everything behind the trap handler and the wait for the doorbell becomes zeros.
  const std::vector<uint32_t> zeros(1024);
  device_.port().write(spec::kWindowMemory + 0x400, zeros);
  const std::string said = message_of([&] { runner.load(network_); }, ErrorKind::kDevice);
  expect_says(said,
              "LOAD: the firmware trapped: an illegal instruction, at or shortly before 0x8000");
}

INSTANTIATE_TEST_SUITE_P(Boards, BoardFirmware,
                         testing::Values("sim:rtl:small_soc", "sim:tlm:small_soc",
                                         "sim:mixed:small_soc"),
                         [](const auto& instance) {
                           std::string name = instance.param;
                           std::replace(name.begin(), name.end(), ':', '_');
                           return name;
                         });

/// The cycles that firmware measures on the Verilated board are those of the TLM-2.0 board, to
/// within 5 %: what a frame of the link on the bus delays the core by is not modelled.
TEST(BoardFirmwareCycles, OfTheTlmBoardAreTheVerilatedOnes) {
  constexpr double kTolerance = 0.05;
  std::vector<RunCycles> cycles;
  std::vector<std::vector<int64_t>> logits;
  for (const char* address : {"sim:rtl:small_soc", "sim:tlm:small_soc"}) {
    Random random(31);
    driver::Accelerator device(port::open_port(address));
    const models::TileGeometry& geometry = device.identity().geometry;
    const models::CompiledNetwork network = noisy_network(random, geometry);
    device.program_levels(network.levels, geometry.banks);
    device.update_offsets(models::ChipOffsets(geometry.cells()), geometry.banks);
    device.program_stuck(models::ChipStuck(geometry.cells()), geometry.banks);
    BoardRunner runner(device, read_firmware(CRUCIBLE_FIRMWARE_ELF));
    runner.load(network);
    constexpr int kImages = 4;
    logits.push_back(
        runner.run(models::testing::random_inputs(random, kImages, network.input_size()), kImages));
    cycles.push_back(runner.cycles());
  }
  EXPECT_EQ(logits[0], logits[1]);
  const auto near = [](uint64_t rtl, uint64_t tlm) {
    const auto wanted = static_cast<double>(rtl);
    EXPECT_NEAR(static_cast<double>(tlm), wanted, kTolerance * wanted);
  };
  near(cycles[0].all, cycles[1].all);
  near(cycles[0].waiting, cycles[1].waiting);
}

}  // namespace
}  // namespace crucible::board
