// What every device with a controller must do when its layer engine is used over the bus, the core
// in reset: registers, runs, refusals, stops.
#include <tuple>

#include "tests/unit/port_conformance.hpp"

namespace crucible::port {
namespace {

constexpr uint32_t kNetwork = spec::kWindowMemory, kBias = kNetwork + 0x100,
                   kImages = kNetwork + 0x200, kMost = 1000, kLogits = kImages + 8 * kMost,
                   kStart = 1;

using Words = std::vector<uint32_t>;

/// One layer of two row blocks over random cells, in board memory and in the tile: 8 inputs, 4 to a
/// block, and the biases of its outputs, of which there are one or two.
class OneLayer {
 public:
  OneLayer(IPort& port, const spec::HardwareConfig& config, std::mt19937& random) : port_(port) {
    outputs = static_cast<uint32_t>(std::min(config.cols / 4, 2));
    const auto random_words = [&](size_t count, uint32_t mask) {
      Words words(count);
      for (uint32_t& word : words) word = static_cast<uint32_t>(random()) & mask;
      return words;
    };
    bias_ = random_words(outputs, 0xFFF);
    images_ = random_words(2 * kMost, ~0u);
    const auto cells = static_cast<uint32_t>(std::min(16, config.cols));
    const uint32_t row_words = static_cast<uint32_t>(config.cols) / cells;
    const uint32_t mask = cells < 16 ? (1u << (2 * cells)) - 1 : ~0u;
    for (const uint32_t bank : {1u, 2u})
      port.write(spec::kWindowLevel + 4 * bank * row_words * static_cast<uint32_t>(config.rows),
                 random_words(4 * size_t{row_words}, mask));
    port.write(kNetwork, descriptor());
    port.write(kBias, bias_);
    port.write(kImages, images_);
  }
  [[nodiscard]] Words descriptor() const {
    return {0, 8, 1, 1, 1, 0, outputs, kAdc, 2, 1, 4, outputs, 1, kBias, 0, 0};
  }
  void start(uint32_t count) {
    const Words request{kNetwork, 1, kImages, count, 0, kLogits, kStart};
    port_.write(spec::kRegEngineNetwork, request);
  }
  /// Logits by jobs.
  Words by_jobs(size_t image) {
    Words logits = bias_;
    port_.write_word(spec::kRegAdc, kAdc);
    port_.write(spec::kWindowInput, Words{images_[2 * image], images_[2 * image + 1]});
    for (const uint32_t block : {0u, 1u}) {
      port_.write(spec::kRegJobBank, Words{1 + block, 4, 4 * outputs, 1, block, 0, 0, kStart});
      port_.wait_idle(100'000);
      Words sums(outputs);
      port_.read(spec::kWindowOutputLo, sums);
      for (size_t o = 0; o < outputs; ++o) logits[o] += sums[o];
    }
    return logits;
  }
  [[nodiscard]] uint32_t status(uint32_t mask, uint32_t lsb) {
    return (port_.read_word(spec::kRegEngineStatus) & mask) >> lsb;
  }
  [[nodiscard]] uint32_t reason() {
    return status(spec::kEngineStatusReasonMask, spec::kEngineStatusReasonLsb);
  }

  uint32_t outputs = 0;

 private:
  static constexpr uint32_t kAdc = 8u << spec::kAdcBitsLsb | 6;
  IPort& port_;
  Words bias_, images_;
};

TEST_P(PortController, TheLayerEngineStartsWithTheResetValues) {
  EXPECT_EQ(port_->read_word(spec::kRegEngineInfo),
            static_cast<uint32_t>(4 * config_.in_words) | 16u << spec::kEngineInfoMostLayersLsb);
  EXPECT_EQ(read(spec::kRegEngineNetwork, 6), (Words{0, 1, 0, 1, 0, 0}));
  EXPECT_EQ(read(spec::kRegEngineStatus, 5), Words(5, 0));
}

TEST_P(PortController, TheLayerEngineRunsImagesAsJobsDo) {
  OneLayer net(*port_, config_, random_);
  constexpr size_t kCount = 5;
  const uint32_t adc = port_->read_word(spec::kRegAdc);
  net.start(kCount);
  port_->wait_idle(kPatience);
  EXPECT_EQ(port_->read_word(spec::kRegIrqPending), spec::kIrqPendingTileMask);
  EXPECT_EQ(port_->read_word(spec::kRegEngineStatus), 0u);
  EXPECT_EQ(port_->read_word(spec::kRegEngineDone), kCount);
  EXPECT_EQ(port_->read_word(spec::kRegProducts), 2 * kCount);
  const Words cycles = read(spec::kRegEngineCycles, 2);
  EXPECT_GT(cycles[0], cycles[1]);
  EXPECT_EQ(port_->read_word(spec::kRegBusyCycles), cycles[1]);
  EXPECT_EQ(port_->read_word(spec::kRegAdc), adc) << "the engine's ADC is its own";
  const Words logits = read(kLogits, kCount * net.outputs);
  for (size_t image = 0; image < kCount; ++image)
    EXPECT_EQ(Words(logits.begin() + static_cast<std::ptrdiff_t>(image * net.outputs),
                    logits.begin() + static_cast<std::ptrdiff_t>((image + 1) * net.outputs)),
              net.by_jobs(image))
        << "image " << image;
}

TEST_P(PortController, TheLayerEngineNamesTheWordThatItRefusesAndRunsNothing) {
  OneLayer net(*port_, config_, random_);
  port_->write(kLogits, Words{7, 8});
  for (const auto& [index, value] : {std::pair{0u, 4u},
                                     {1u, 9000u},
                                     {4u, 2u},
                                     {7u, 0x1000u},
                                     {8u, 3u},
                                     {12u, 4096u},
                                     {13u, kBias + 2},
                                     {14u, 1u}}) {
    SCOPED_TRACE(testing::Message() << "word " << index << " is " << value);
    port_->write_word(word(kNetwork, index), value);
    net.start(1);
    port_->wait_idle(kPatience);
    EXPECT_EQ(net.reason(), 2u);
    EXPECT_EQ(net.status(spec::kEngineStatusLayerMask, spec::kEngineStatusLayerLsb), 0u);
    EXPECT_EQ(net.status(spec::kEngineStatusWordMask, spec::kEngineStatusWordLsb), index);
    EXPECT_EQ(port_->read_word(spec::kRegEngineValue), value);
    port_->write(kNetwork, net.descriptor());
  }
  port_->write_word(spec::kRegEngineLogits, 4);
  port_->write_word(spec::kRegEngineStart, kStart);
  port_->wait_idle(kPatience);
  EXPECT_EQ(net.reason(), 1u);
  EXPECT_EQ(net.status(spec::kEngineStatusWordMask, spec::kEngineStatusWordLsb), 6u);
  EXPECT_EQ(port_->read_word(spec::kRegEngineValue), 4u);
  EXPECT_EQ(port_->read_word(spec::kRegProducts), 0u);
  EXPECT_EQ(read(kLogits, 2), (Words{7, 8}));
}

TEST_P(PortController, TheDeviceIsBusyWhileTheLayerEngineRuns) {
  OneLayer net(*port_, config_, random_);
  net.start(kMost);
  EXPECT_EQ(port_->read_word(spec::kRegStatus), spec::kStatusBusyMask);
  EXPECT_EQ(net.status(spec::kEngineStatusBusyMask, 0), 1u);
  for (const uint32_t address :
       {spec::kRegInject, spec::kRegJobBank, spec::kRegEngineNetwork, spec::kRegEngineCount,
        spec::kWindowInput, spec::kWindowOutputLo}) {
    expect_refused(spec::Status::kBusy, address, [&] { std::ignore = port_->read_word(address); });
  }
  expect_refused(spec::Status::kBusy, spec::kRegEngineStart,
                 [&] { port_->write_word(spec::kRegEngineStart, kStart); });
  expect_refused(spec::Status::kBusy, spec::kRegJobStart,
                 [&] { port_->write_word(spec::kRegJobStart, kStart); });
  port_->write_word(word(kLogits, 2 * kMost), 3);
  EXPECT_EQ(port_->read_word(word(kLogits, 2 * kMost)), 3u) << "board memory is never busy";
  port_->wait_idle(kPatience);
  EXPECT_EQ(port_->read_word(spec::kRegEngineDone), kMost);
  EXPECT_EQ(port_->read_word(spec::kRegEngineFirst), 0u);
}

/// A model may have done all of it already.
TEST_P(PortController, TheLayerEngineEndsWhenItIsStopped) {
  OneLayer net(*port_, config_, random_);
  port_->write_word(spec::kRegEngineStop, 1);
  EXPECT_EQ(net.reason(), 0u) << "nothing runs";
  net.start(kMost);
  port_->write_word(spec::kRegEngineStop, 1);
  port_->wait_idle(kPatience);
  const uint32_t done = port_->read_word(spec::kRegEngineDone);
  EXPECT_TRUE(net.reason() == 3 ? done < kMost : done == kMost) << "reason " << net.reason();
  net.start(3);
  port_->wait_idle(kPatience);
  EXPECT_EQ(port_->read_word(spec::kRegEngineStatus), 0u);
  EXPECT_EQ(port_->read_word(spec::kRegEngineDone), 3u);
}

TEST_P(PortController, TheLayerEngineStopsWithTheCore) {
  OneLayer net(*port_, config_, random_);
  port_->write(kNetwork, Words{0x0000006F});  // a jump to itself
  port_->write_word(spec::kRegCoreCtrl, spec::kCoreCtrlRunMask);
  const Words descriptor_words = net.descriptor();
  port_->write(kBias + 0x40, descriptor_words);
  const Words request{kBias + 0x40, 1, kImages, kMost, 0, kLogits, kStart};
  port_->write(spec::kRegEngineNetwork, request);
  port_->write_word(spec::kRegCoreCtrl, 0);
  port_->wait_idle(kPatience);
  const uint32_t done = port_->read_word(spec::kRegEngineDone);
  EXPECT_TRUE(net.reason() == 3 ? done < kMost : done == kMost) << "reason " << net.reason();
}

}  // namespace
}  // namespace crucible::port
