// The network block: what the host writes, and that firmware refuses every field that is illegal.
#include "host/board/network_block.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstring>

#include "firmware/interface/network_block.h"
#include "host/link/crc32.hpp"
#include "tests/unit/board_support.hpp"

namespace crucible::board {
namespace {

using models::testing::conv;
using models::testing::dense;
using models::testing::Random;

constexpr uint32_t kHeaderWords = sizeof(fw_block_header) / 4, kLayerWords = sizeof(fw_layer) / 4;

constexpr uint32_t header_word(size_t offset) { return static_cast<uint32_t>(offset / 4); }
constexpr uint32_t layer_word(uint32_t layer, size_t offset) {
  return kHeaderWords + layer * kLayerWords + static_cast<uint32_t>(offset / 4);
}
#define IN_HEADER(field) header_word(offsetof(fw_block_header, field))
#define IN_LAYER(layer, field) layer_word(layer, offsetof(fw_layer, field))

void seal(std::vector<uint32_t>& block) {
  block[IN_HEADER(crc)] =
      link::crc32(std::span(reinterpret_cast<const uint8_t*>(block.data()), 4 * block.size())
                      .subspan(FW_BLOCK_CRC_FROM));
}

class NetworkBlock : public testing::Test {
 protected:
  NetworkBlock() : board_(spec::kConfigSmallSoc) {
    Random random(1);
    network_ = compiled(random, models::testing::small_shapes());
    board_.program(network_, models::ChipOffsets(network_.geometry.cells()));
    block_ = make_network_block(network_, board_.device->identity());
  }
  [[nodiscard]] models::CompiledNetwork compiled(
      Random& random, const std::vector<models::LayerShape>& shapes) const {
    models::AdcPlan plan;
    plan.step_exp.assign(shapes.size(), 1);
    return models::compile(models::testing::random_network(random, shapes),
                           board_.device->identity().geometry, {}, plan);
  }
  Results load(const std::vector<uint32_t>& block) {
    constexpr uint32_t kAt = FirmwareBoard::kFreeFrom;
    board_.port->write(kAt, block);
    return board_.runner->controller().call(FW_CMD_LOAD, std::array{kAt, 0U});
  }
  /// What the firmware says to the block with one word changed.
  std::string refusal(uint32_t word, uint32_t value, bool sealed = true) {
    std::vector<uint32_t> block = block_;
    block.at(word) = value;
    if (sealed) seal(block);
    return message_of([&] { load(block); }, ErrorKind::kDevice);
  }
  /// What it says to a block that ends `free` bytes before the memory does.
  std::string said_near_the_end(const std::vector<uint32_t>& block, uint32_t free) {
    const uint32_t end = spec::kWindowMemory + 256 * 1024 - free;
    const auto at = static_cast<uint32_t>(end - 4 * block.size());
    board_.port->write(at, block);
    return message_of(
        [&] {
          board_.runner->controller().call(FW_CMD_LOAD, std::array{at, 0U});
        },
        ErrorKind::kDevice);
  }

  TestBoard board_;
  models::CompiledNetwork network_;
  std::vector<uint32_t> block_;
};

TEST_F(NetworkBlock, IsAcceptedAsTheHostWritesIt) {
  const Results loaded = load(block_);
  EXPECT_EQ(loaded[1], 144U);  // bytes of an image's slot
  EXPECT_EQ(loaded[2], 1U);    // words of a logit
  EXPECT_EQ(loaded[3], 4U);    // classes
}

TEST_F(NetworkBlock, EveryIllegalWordOfTheHeaderIsRefusedByItsName) {
  const auto bytes = static_cast<uint32_t>(4 * block_.size());
  expect_says(refusal(IN_HEADER(magic), 1), "magic of its header is 1 (0x1) and must be");
  expect_says(refusal(IN_HEADER(version), 2), "version of its header is 2");
  expect_says(refusal(IN_HEADER(bytes), 0xFFFFFFFC), "bytes of its header is 4294967292");
  expect_says(refusal(IN_HEADER(bytes), 8), "bytes of its header is 8");
  expect_says(refusal(IN_HEADER(bytes), bytes - 2), "bytes of its header");
  expect_says(refusal(IN_HEADER(crc), 5, false), "crc of its header is 5");
  expect_says(refusal(IN_HEADER(config_hash), 7), "config_hash of its header is 7");
  expect_says(refusal(IN_HEADER(layers), 0), "layers of its header is 0 (0x0); legal is 1 to 16");
  expect_says(refusal(IN_HEADER(layers), 17), "layers of its header is 17");
  expect_says(refusal(IN_HEADER(layers_at), bytes), "layers_at of its header");
  expect_says(refusal(IN_HEADER(layers_at), 4 * kHeaderWords + 2), "layers_at of its header");
  expect_says(refusal(IN_HEADER(image_bytes), 143),
              "image_bytes of its header is 143 (0x8f) and must be 144");
  expect_says(refusal(IN_HEADER(classes), 5), "classes of its header is 5 (0x5) and must be 4");
}

TEST_F(NetworkBlock, EveryIllegalWordOfALayerIsRefusedByItsNameAndLayer) {
  struct Case {
    uint32_t word, value;
    const char* says;
  };
  const auto bytes = static_cast<uint32_t>(4 * block_.size());
  const Case cases[] = {
      {IN_LAYER(0, kind), 2, "layer 0: kind is 2 (0x2); legal is 0 to 1"},
      {IN_LAYER(0, in_channels), 0, "layer 0: in_channels is 0"},
      {IN_LAYER(0, in_channels), 4097, "layer 0: in_channels is 4097"},
      {IN_LAYER(1, in_channels), 6, "layer 1: in_channels is 6 (0x6) and must be 5"},
      {IN_LAYER(2, in_channels), 64, "layer 2: in_channels is 64 (0x40) and must be 63"},
      {IN_LAYER(0, in_height), 0, "layer 0: in_height is 0"},
      {IN_LAYER(1, in_height), 7, "layer 1: in_height is 7 (0x7) and must be 6"},
      {IN_LAYER(2, in_height), 2, "layer 2: in_height is 2 (0x2) and must be 1"},
      {IN_LAYER(0, in_width), 9999, "layer 0: in_width is 9999"},
      {IN_LAYER(1, in_width), 5, "layer 1: in_width is 5 (0x5) and must be 6"},
      {IN_LAYER(0, kernel), 0, "layer 0: kernel is 0"},
      {IN_LAYER(0, kernel), 15, "layer 0: kernel is 15 (0xf); legal is 1 to 14"},
      {IN_LAYER(3, kernel), 3, "layer 3: kernel is 3"},
      {IN_LAYER(0, pad), 3, "layer 0: pad is 3 (0x3); legal is 0 to 2"},
      {IN_LAYER(2, pad), 1, "layer 2: pad is 1"},
      {IN_LAYER(0, out_channels), 0, "layer 0: out_channels is 0"},
      {IN_LAYER(0, pool), 2, "layer 0: pool is 2"},
      {IN_LAYER(2, pool), 1, "layer 2: pool is 1"},
      {IN_LAYER(0, adc), 0x0000'0000, "layer 0: adc is 0"},
      {IN_LAYER(0, adc), 0x0000'0D00, "layer 0: adc is 3328"},
      {IN_LAYER(0, adc), 0x0000'081C, "layer 0: adc is 2076"},
      {IN_LAYER(0, adc), 0x0002'0800, "layer 0: adc is 133120"},
      {IN_LAYER(0, adc), 0x0001'0800, "layer 0: wide is 0 (0x0) and must be 1"},
      {IN_LAYER(0, wide), 2, "layer 0: wide is 2"},
      {IN_LAYER(0, row_blocks), 2, "layer 0: row_blocks is 2 (0x2) and must be 1"},
      {IN_LAYER(0, column_blocks), 1, "layer 0: column_blocks is 1 (0x1) and must be 2"},
      {IN_LAYER(0, block_rows), 36, "layer 0: block_rows is 36 (0x24); legal is 4 to 32"},
      {IN_LAYER(0, block_rows), 10, "layer 0: block_rows is 10 (0xa) and must be 8"},
      {IN_LAYER(0, block_outputs), 5, "layer 0: block_outputs is 5"},
      {IN_LAYER(0, banks_at), 0, "layer 0: banks_at is 0"},
      {IN_LAYER(0, banks_at), bytes - 4, "layer 0: banks_at is"},
      {IN_LAYER(0, banks_at), 4 * kHeaderWords + 1, "layer 0: banks_at is"},
      {IN_LAYER(0, bias_at), bytes, "layer 0: bias_at is"},
      {IN_LAYER(0, bias_at), 0xFFFFFFFC, "layer 0: bias_at is 4294967292"},
      {IN_LAYER(0, multiplier), 0x7FFF, "layer 0: multiplier is 32767"},
      {IN_LAYER(0, multiplier), 0x10000, "layer 0: multiplier is 65536"},
      {IN_LAYER(3, multiplier), 1, "layer 3: multiplier is 1 (0x1) and must be 0"},
      {IN_LAYER(0, shift), 0, "layer 0: shift is 0 (0x0); legal is 1 to 62"},
      {IN_LAYER(0, shift), 63, "layer 0: shift is 63"},
      {IN_LAYER(3, shift), 1, "layer 3: shift is 1"},
      {block_[IN_LAYER(1, banks_at)] / 4 + 1, 16, "layer 1, bank 1 of its list is 16"},
      {block_[IN_LAYER(1, bias_at)] / 4 + 3, 0x7FFFFFFF, "layer 1: the bias of output 3"},
      {block_[IN_LAYER(1, bias_at)] / 4 + 3, 0x80000000, "layer 1: the bias of output 3"},
  };
  for (const Case& bad : cases) {
    const std::string said = refusal(bad.word, bad.value);
    expect_says(said, "LOAD: the network block is refused: ");
    expect_says(said, bad.says);
  }
}

TEST_F(NetworkBlock, EveryDamagedWordIsRefused) {
  for (uint32_t word = 0; word < block_.size(); ++word) {
    SCOPED_TRACE(testing::Message() << "word " << word);
    refusal(word, block_[word] ^ 0x10, false);
  }
}

/// No word, whatever it is, makes firmware leave the memory or fail otherwise than by a refusal.
TEST_F(NetworkBlock, RandomWordsAreRefusedOrHarmless) {
  Random random(99);
  int accepted = 0;
  for (int i = 0; i < 4000; ++i) {
    std::vector<uint32_t> block = block_;
    const int words = random(1, 3);
    for (int k = 0; k < words; ++k) {
      uint32_t& word = block[static_cast<size_t>(random(4, static_cast<int>(block.size()) - 1))];
      word = random.one_in(2) ? word + static_cast<uint32_t>(random(-4, 4))
                              : static_cast<uint32_t>(random(0, 0x7FFFFFFF)) << random(0, 1);
    }
    seal(block);
    try {
      load(block);
      ++accepted;
    } catch (const Error& error) {
      ASSERT_EQ(error.kind(), ErrorKind::kDevice) << error.what();
      continue;
    }
    ASSERT_NO_THROW(static_cast<void>(
        board_.runner->run(std::vector<uint8_t>(144), 1)));  // as the network before: one image
  }
  EXPECT_GT(accepted, 0);
}

TEST_F(NetworkBlock, ARefusedBlockLeavesNoNetwork) {
  refusal(IN_HEADER(version), 9);
  const std::string said =
      message_of([&] { static_cast<void>(board_.runner->run(std::vector<uint8_t>(144), 1)); },
                 ErrorKind::kDevice);
  expect_says(said, "RUN: no network is loaded");
}

TEST_F(NetworkBlock, ABlockThatLeavesNoRoomForItsBuffersSaysHowMuchIsMissing) {
  // Inputs of layers 0 and 2: 14 lines of 16 bytes; of layers 1 and 3: 5 channels of 8 lines of 8;
  // 4 descriptors of 64 bytes; logits of 16 images, 4 words each: 1,056 bytes.
  expect_says(
      said_near_the_end(block_, 700),
      fmt::format("need {} bytes, 356 bytes more than there are", 4 * block_.size() + 1056));
  // An input of 144 bytes, one descriptor, logits of 16 images: 464 bytes, more than the block has.
  Random random(4);
  const std::vector<uint32_t> block =
      make_network_block(compiled(random, {dense("fc", 144, 4)}), board_.device->identity());
  ASSERT_LT(4 * block.size(), 464u);
  expect_says(said_near_the_end(block, 0),
              fmt::format("need {} bytes, 464 bytes more than there are", 4 * block.size() + 464));
}

TEST_F(NetworkBlock, TheWriterSaysWhichBanksAndCellsAreMissing) {
  Random random(2);
  const models::QuantisedNetwork wide =
      models::testing::random_network(random, {dense("fc1", 512, 40), dense("fc2", 40, 4)});
  models::AdcPlan plan;
  plan.step_exp = {1, 1};
  const models::CompiledNetwork network = models::compile(wide, {128, 64, 72}, {}, plan);
  const std::string said =
      message_of([&] { static_cast<void>(make_network_block(network, board_.device->identity())); },
                 ErrorKind::kUsage);
  expect_says(said, "takes 13 of them (106496 cells)");
  expect_says(said, "0 banks and 98304 cells are missing");
}

TEST_F(NetworkBlock, TheWriterSaysWhichWordsOfTheBuffersAreMissing) {
  Random random(3);
  models::LayerShape shape = conv("wide", 1, 0, 3, 1, 4, true);
  shape.in_height = 4;
  shape.in_width = 90;
  const models::CompiledNetwork network = compiled(random, {shape, dense("fc", 2 * 45 * 4, 1)});
  const std::string said = message_of([&] { board_.runner->load(network); }, ErrorKind::kUsage);
  expect_says(said,
              "layer 'wide': 180 of its positions are run at a time and take 540 words of "
              "INPUT and 720 of OUTPUT");
  expect_says(said, "28 and 208 words are missing");
}

}  // namespace
}  // namespace crucible::board
