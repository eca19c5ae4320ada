// Firmware, compiled for the host, runs networks as the integer pipeline does: to the last bit.
#include "host/board/board_runner.hpp"

#include <set>

#include "models/tile/chip_generator.hpp"
#include "tests/unit/board_support.hpp"

namespace crucible::board {
namespace {

using models::testing::conv;
using models::testing::dense;
using models::testing::Random;

models::LayerShape oblong(models::LayerShape shape, int height, int width) {
  shape.in_height = height;
  shape.in_width = width;
  return shape;
}

/// Every kernel width, pooling of odd sides, several row and column blocks, one layer alone.
std::vector<std::vector<models::LayerShape>> shapes() {
  return {
      models::testing::small_shapes(),
      {dense("fc1", 63, 9), dense("fc2", 9, 4)},
      {dense("fc", 70, 7)},
      {conv("one", 3, 9, 1, 0, 4, true), dense("fc", 64, 5)},
      {conv("two", 2, 8, 2, 1, 3, true), conv("next", 3, 4, 2, 0, 6, false), dense("fc", 54, 4)},
      {oblong(conv("three", 4, 0, 3, 0, 2, true), 7, 9), dense("fc", 12, 3)},
      {oblong(conv("five", 2, 0, 5, 2, 3, true), 6, 7), dense("fc", 27, 3)},
      {conv("six", 1, 8, 6, 1, 2, false), conv("last", 2, 5, 5, 0, 6, false)},
  };
}

struct Chip {
  models::CompiledNetwork network;
  models::ChipOffsets offsets;
  models::ChipStuck stuck;
};

Chip random_chip(Random& random, const std::vector<models::LayerShape>& layers, bool transparent,
                 bool effects, const models::TileGeometry& geometry) {
  const models::QuantisedNetwork network = models::testing::random_network(random, layers);
  models::TileSettings common;
  common.inject = true;
  common.lsb_exp = random(8, 12);
  common.base = random(0, 64);
  if (effects)
    common.effects = models::testing::random_effects(random, geometry.rows, geometry.cols);
  models::AdcPlan plan;
  plan.transparent = transparent;
  plan.step_exp.assign(layers.size(), 1);
  Chip chip{models::compile(network, geometry, common, plan), {}, {}};
  for (size_t i = 0; i < geometry.cells(); ++i) {
    chip.offsets.push_back(models::testing::random_offset(random));
    chip.stuck.push_back(static_cast<uint8_t>(random.one_in(20) ? random(1, 2) : 0));
  }
  return chip;
}

TEST(BoardRunner, GivesTheTwinsLogitsForEveryShapeAndEffect) {
  TestBoard board(spec::kConfigSmallSoc);
  uint64_t seed = 1;
  for (const std::vector<models::LayerShape>& layers : shapes()) {
    for (const bool transparent : {false, true}) {
      for (const bool effects : {false, true}) {
        SCOPED_TRACE(testing::Message()
                     << "seed " << seed << ", first layer " << layers[0].name
                     << (transparent ? ", transparent" : "") << (effects ? ", effects" : ""));
        Random random(seed++);
        const Chip chip =
            random_chip(random, layers, transparent, effects, board.device->identity().geometry);
        constexpr int kImages = 5, kFirst = 11;
        const std::vector<uint8_t> images =
            models::testing::random_inputs(random, kImages, chip.network.input_size());
        const std::vector<int64_t> wanted =
            twin_logits(chip.network, chip.offsets, images, kImages, chip.stuck, kFirst);
        board.program(chip.network, chip.offsets, chip.stuck, Path::kFirmware);
        EXPECT_EQ(board.runner->runs(), "firmware, as asked for");
        EXPECT_EQ(board.runner->run(images, kImages, kFirst), wanted);
        board.runner->load(chip.network);
        EXPECT_EQ(board.runner->runs(), "the layer engine");
        EXPECT_EQ(board.runner->run(images, kImages, kFirst), wanted);
      }
    }
  }
}

TEST(BoardRunner, KeepsSumsOf64BitsWhereABiasNeedsThem) {
  TestBoard board(spec::kConfigSmallSoc);
  Random random(3);
  Chip chip = random_chip(random, {dense("fc1", 63, 9), dense("fc2", 9, 4)}, false, false,
                          board.device->identity().geometry);
  chip.network.layers[0].bias[2] = -(int64_t{1} << 40);
  chip.network.layers[0].bias[5] = (int64_t{1} << 45) - 1;
  chip.network.layers[1].bias[1] = int64_t{1} << 33;
  const std::vector<uint8_t> images = models::testing::random_inputs(random, 3, 63);
  for (const Path path : {Path::kEngine, Path::kFirmware}) {
    board.program(chip.network, chip.offsets, {}, path);
    EXPECT_EQ(board.runner->run(images, 3), twin_logits(chip.network, chip.offsets, images, 3));
  }
}

TEST(BoardRunner, FirmwareRunsWhatTheLayerEngineCannot) {
  TestBoard board(spec::kConfigSmallSoc);
  Random random(7);
  Chip chip = random_chip(
      random,
      {oblong(conv("large", 1, 0, 1, 0, 1, true), 48, 44),
       oblong(conv("next", 1, 0, 2, 0, 1, true), 24, 22), dense("fc1", 110, 4), dense("fc2", 4, 4)},
      false, false, board.device->identity().geometry);
  const std::vector<uint8_t> images = models::testing::random_inputs(random, 3, 48 * 44);
  board.program(chip.network, chip.offsets);
  EXPECT_EQ(board.runner->runs(),
            "firmware: the input of layer 'large' is larger than an activation memory of the "
            "engine");
  EXPECT_EQ(board.runner->run(images, 3), twin_logits(chip.network, chip.offsets, images, 3));

  // A layer whose banks stand in another order.
  Chip other = random_chip(random, {dense("fc1", 60, 3), dense("fc2", 3, 4)}, false, false,
                           board.device->identity().geometry);
  std::swap(other.network.layers[0].placement.banks[0].bank,
            other.network.layers[0].placement.banks[1].bank);
  board.program(other.network, other.offsets);
  EXPECT_EQ(board.runner->runs(), "firmware: the banks of layer 'fc1' do not follow one another");
}

TEST(BoardRunner, SaysWhatTheLayerEngineRefuses) {
  TestBoard board(spec::kConfigSmallSoc);
  Random random(8);
  const Chip chip = random_chip(random, {dense("fc1", 63, 9), dense("fc2", 9, 4)}, false, false,
                                board.device->identity().geometry);
  const std::vector<uint8_t> images = models::testing::random_inputs(random, 2, 63);
  board.program(chip.network, chip.offsets);
  EXPECT_EQ(board.runner->run(images, 2), twin_logits(chip.network, chip.offsets, images, 2));
  // Somebody writes over the descriptor of layer 1.
  const uint32_t at = board.port->read_word(spec::kRegEngineNetwork) + 64 + 4 * 6;
  EXPECT_EQ(board.port->read_word(at), 4U);
  board.port->write_word(at, 5000);
  expect_says(
      message_of([&] { static_cast<void>(board.runner->run(images, 2)); }, ErrorKind::kDevice),
      "RUN: the layer engine refuses layer 1: out_channels is 5000 (0x1388)");
  board.runner->load(chip.network);
  EXPECT_EQ(board.runner->run(images, 2), twin_logits(chip.network, chip.offsets, images, 2));
}

TEST(BoardRunner, RunsMoreImagesThanItsMemoryHolds) {
  TestBoard board(spec::kConfigSmallSoc);
  Random random(5);
  const Chip chip =
      random_chip(random, {dense("fc", 450, 2)}, false, false, board.device->identity().geometry);
  constexpr int kImages = 600;  // of 452 bytes and their logits: more than 256 KiB
  const std::vector<uint8_t> images = models::testing::random_inputs(random, kImages, 450);
  board.program(chip.network, chip.offsets);
  const int before = board.port->commands;
  EXPECT_EQ(board.runner->run(images, kImages, 9),
            twin_logits(chip.network, chip.offsets, images, kImages, {}, 9));
  EXPECT_EQ(board.port->commands - before, 2);
  EXPECT_EQ(board.runner->images(), 600U);
}

/// A board with images whose labels its chip finds, but for some; each read is noisy.
class Campaign : public testing::Test {
 protected:
  Campaign() : board_(spec::kConfigSmallSoc), random_(17) {
    const models::TileGeometry& geometry = board_.device->identity().geometry;
    chip_.network = noisy_network(random_, geometry);
    chip_.offsets.assign(geometry.cells(), 0);
    chip_.stuck.assign(geometry.cells(), 0);
    for (size_t cell = 0; cell < geometry.cells(); cell += 101) chip_.stuck[cell] = 1;
    images_ = models::testing::random_inputs(random_, kImages, chip_.network.input_size());
    const std::vector<int64_t> logits =
        twin_logits(chip_.network, chip_.offsets, images_, kImages, chip_.stuck, kFirst);
    for (size_t i = 0; i < kImages; ++i)
      labels_.push_back(static_cast<uint8_t>(
          i % 10 == 0 ? 5 : models::predicted_class(std::span(logits).subspan(4 * i, 4))));
    board_.program(chip_.network, chip_.offsets, chip_.stuck);
    board_.runner->keep(images_, labels_, kFirst);
  }
  [[nodiscard]] uint32_t expected(const models::ChipOffsets& offsets,
                                  const models::ChipStuck& stuck) const {
    return correct_answers(chip_.network,
                           twin_logits(chip_.network, offsets, images_, kImages, stuck, kFirst),
                           labels_);
  }

  static constexpr int kImages = 40, kFirst = 100;
  TestBoard board_;
  Random random_;
  Chip chip_;
  std::vector<uint8_t> images_, labels_;
};

TEST_F(Campaign, CountsCorrectAnswersOfTheKeptImages) {
  EXPECT_EQ(board_.runner->count(), expected(chip_.offsets, chip_.stuck));
  // Other images in between leave the kept ones alone.
  const std::vector<uint8_t> others =
      models::testing::random_inputs(random_, 3, chip_.network.input_size());
  EXPECT_EQ(board_.runner->run(others, 3),
            twin_logits(chip_.network, chip_.offsets, others, 3, chip_.stuck));
  EXPECT_EQ(board_.runner->count(), expected(chip_.offsets, chip_.stuck));
}

TEST_F(Campaign, CountsForChipsFromSeedsAsTheHostDoes) {
  models::GeneratorSettings settings;
  settings.sigma = {80 << 8, 90 << 8, 100 << 8, 110 << 8};
  settings.off_rate = 2000;
  settings.on_rate = 1000;
  settings.tolerance = 60;
  settings.pulses = 3;
  settings.pulse_step = 8 << 8;
  settings.pulse_sigma = 2 << 8;
  board_.device->generate(settings, driver::Generated::kBoth);  // the generator's registers
  const std::vector<uint64_t> seeds{1, 2, 0x1234'5678'9ABC'DEF0, 4};
  std::vector<uint32_t> wanted;
  models::ChipOffsets offsets;
  models::ChipStuck stuck;
  for (const uint64_t seed : seeds) {
    settings.seed = seed;
    uint64_t pulses = 0, unverified = 0;
    offsets = models::generate_offsets(chip_.network.levels, settings, pulses, unverified);
    stuck = models::generate_stuck(chip_.network.levels.size(), settings);
    wanted.push_back(expected(offsets, stuck));
  }
  ASSERT_GT(std::set<uint32_t>(wanted.begin(), wanted.end()).size(), 1U);
  EXPECT_EQ(board_.runner->count_chips(seeds, driver::Generated::kBoth), wanted);
  // The last chip stays, and the driver knows that it does not know it.
  EXPECT_EQ(board_.device->read_offsets(chip_.network.geometry.banks), offsets);
  EXPECT_GT(board_.device->update_offsets(chip_.offsets, chip_.network.geometry.banks), 0U);
  board_.device->program_stuck(chip_.stuck, chip_.network.geometry.banks);
  EXPECT_EQ(board_.runner->count(), expected(chip_.offsets, chip_.stuck));
}

uint32_t poke(size_t cell, int8_t offset) {
  return static_cast<uint32_t>(cell) << spec::kCellPokeCellLsb | static_cast<uint8_t>(offset);
}

/// A patch as words, and the offsets that it makes.
struct Patch {
  std::vector<uint32_t> words;
  std::vector<std::pair<size_t, int8_t>> cells;
};

Patch random_patch(Random& random, size_t cells) {
  Patch patch;
  for (int i = 0; i < 2000; ++i) {
    const size_t cell = i == 1999 ? patch.cells[0].first  // one cell twice: the last one counts
                                  : static_cast<size_t>(random(0, static_cast<int>(cells) - 1));
    patch.cells.emplace_back(cell, random.one_in(2) ? int8_t{-128} : int8_t{127});
    patch.words.push_back(poke(cell, patch.cells.back().second));
  }
  return patch;
}

TEST_F(Campaign, PatchesAreUndoneAfterTheirEvaluation) {
  std::vector<std::vector<uint32_t>> patches;
  std::vector<uint32_t> wanted;
  for (int i = 0; i < 4; ++i) {
    const Patch patch = random_patch(random_, chip_.offsets.size());
    models::ChipOffsets offsets = chip_.offsets;
    for (const auto& [cell, offset] : patch.cells) offsets[cell] = offset;
    patches.push_back(patch.words);
    wanted.push_back(expected(offsets, chip_.stuck));
  }
  EXPECT_EQ(board_.runner->count_patches(patches, false).correct, wanted);
  EXPECT_EQ(board_.device->read_offsets(chip_.network.geometry.banks), chip_.offsets);
}

TEST_F(Campaign, PatchesThatLowerTheCountStayWhenAsked) {
  std::vector<std::vector<uint32_t>> patches;
  std::vector<uint32_t> wanted;
  models::ChipOffsets present = chip_.offsets;
  const uint32_t first = expected(present, chip_.stuck);
  uint32_t best = first, kept = 0;
  for (int i = 0; i < 12; ++i) {
    const Patch patch = random_patch(random_, present.size());
    models::ChipOffsets offsets = present;
    for (const auto& [cell, offset] : patch.cells) offsets[cell] = offset;
    patches.push_back(patch.words);
    wanted.push_back(expected(offsets, chip_.stuck));
    if (wanted.back() >= best) continue;
    best = wanted.back();
    present = offsets;
    ++kept;
  }
  ASSERT_GT(kept, 0U);
  ASSERT_LT(kept, 12U);
  const PatchResult found = board_.runner->count_patches(patches, true);
  EXPECT_EQ(found.correct, wanted);
  EXPECT_EQ(found.first, first);
  EXPECT_EQ(found.best, best);
  EXPECT_EQ(found.kept, kept);
  EXPECT_EQ(board_.device->read_offsets(chip_.network.geometry.banks), present);
}

TEST_F(Campaign, RefusesPatchesBeforeItAppliesAny) {
  const auto beyond = static_cast<uint32_t>(chip_.offsets.size());
  const std::string error = message_of(
      [&] {
        static_cast<void>(board_.runner->count_patches({{poke(0, 1)}, {poke(beyond, 1)}}, false));
      },
      ErrorKind::kDevice);
  expect_says(error, "PATCHES: patch 1");
  EXPECT_EQ(board_.device->read_offsets(chip_.network.geometry.banks), chip_.offsets);
}

TEST_F(Campaign, SaysHowManyBytesKeptImagesMiss) {
  const std::vector<uint8_t> labels(2000), images(144 * labels.size());
  const std::string error =
      message_of([&] { board_.runner->keep(images, labels); }, ErrorKind::kUsage);
  expect_says(error, "2000 kept images with labels: 290000 bytes of board memory are needed");
  const auto number_after = [&](const char* words) {
    return std::stoul(error.substr(error.find(words) + std::string(words).size()));
  };
  const size_t free = number_after("needed, ");
  EXPECT_EQ(number_after("are free: "), 290'000 - free);
  // As many as the message leaves fit, and no more: an image has 144 bytes and a label, and the
  // labels take whole words.
  size_t most = free / 145;
  while (144 * most + (most + 3) / 4 * 4 > free) --most;
  const std::vector<uint8_t> more(most + 1), pixels(144 * more.size());
  EXPECT_THROW(board_.runner->keep(pixels, more), Error);
  board_.runner->keep(std::span(pixels).first(144 * most), std::span(more).first(most));
}

TEST_F(Campaign, TheSelfTestGivesWhatTheDriversGives) {
  const driver::SelfTestResult found = board_.runner->self_test(driver::SelfTest::kBoth);
  const driver::SelfTestResult wanted = board_.device->self_test(driver::SelfTest::kBoth);
  EXPECT_TRUE(found.march_done);
  EXPECT_FALSE(found.march_failed);
  EXPECT_EQ(found.ramp_worst, wanted.ramp_worst);
  EXPECT_EQ(found.ramp_differing, wanted.ramp_differing);
  EXPECT_EQ(board_.device->read_offsets(chip_.network.geometry.banks),
            models::ChipOffsets(chip_.offsets.size()));
}

TEST(Calibration, TakesTheConvertersOffsetsFromTheBiases) {
  TestBoard board(spec::kConfigSmallSoc);
  Random random(23);
  Chip chip = random_chip(random, models::testing::small_shapes(), false, false,
                          board.device->identity().geometry);
  const auto cols = static_cast<size_t>(chip.network.geometry.cols);
  for (size_t c = 0; c < cols; ++c)
    chip.network.common.adc_offset.push_back(static_cast<int16_t>(random(-900, 900)));
  board.program(chip.network, chip.offsets);
  const std::vector<std::vector<int64_t>> zeros = board.runner->calibrate(true);

  // Straight from the definition: every plane of every bank adds its column's offset.
  models::CompiledNetwork corrected = chip.network;
  const std::vector<int16_t>& offset = chip.network.common.adc_offset;
  ASSERT_EQ(zeros.size(), corrected.layers.size());
  for (size_t l = 0; l < zeros.size(); ++l) {
    models::CompiledLayer& layer = corrected.layers[l];
    for (size_t o = 0; o < layer.bias.size(); ++o) {
      const size_t c = 4 * (o % (cols / 4));
      const int64_t scale = int64_t{1} << (chip.network.common.lsb_exp - 8);
      const int64_t sum = 255 * scale * layer.placement.row_blocks *
                          (offset[c] + 4 * offset[c + 1] - offset[c + 2] - 4 * offset[c + 3]);
      const int64_t wanted = (sum + (int64_t{1} << (layer.adc.shift - 1))) >> layer.adc.shift;
      EXPECT_EQ(zeros[l][o], wanted) << "layer " << l << ", output " << o;
      layer.bias[o] -= wanted;
    }
  }
  const std::vector<uint8_t> images =
      models::testing::random_inputs(random, 5, chip.network.input_size());
  EXPECT_EQ(board.runner->run(images, 5), twin_logits(corrected, chip.offsets, images, 5));
  board.runner->load(chip.network);  // and as it was
  EXPECT_EQ(board.runner->run(images, 5), twin_logits(chip.network, chip.offsets, images, 5));
}

TEST(BoardRunner, RefusesADeviceWithoutAController) {
  driver::Accelerator device(std::make_unique<port::ModelPort>(spec::kConfigSmall));
  const std::string error =
      message_of([&] { const BoardRunner runner(device, no_image()); }, ErrorKind::kUsage);
  expect_says(error, "the device 'small' has no controller");
}

}  // namespace
}  // namespace crucible::board
