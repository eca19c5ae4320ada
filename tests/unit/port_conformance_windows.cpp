// What every device behind a port must do: windows, pokes, bursts.
#include "tests/unit/port_conformance.hpp"

namespace crucible::port {
namespace {

TEST_P(PortConformance, WindowsHoldWhatWasWritten) {
  std::vector<WindowSize> writable;
  for (const WindowSize& window : windows())
    if (window.mask != 0) writable.push_back(window);
  std::vector<Words> expected;
  for (const auto& [base, words, mask] : writable) {
    expected.push_back(random_words(words, mask));
    port_->write(base, expected.back());
  }
  for (size_t i = 0; i < expected.size(); ++i) {
    const auto& [base, words, mask] = writable[i];
    EXPECT_EQ(read(base, words), expected[i]) << describe_address(base) << ", seed " << kSeed;
    for (int burst = 0; burst < 20; ++burst) {
      const auto first = static_cast<size_t>(random_in(0, static_cast<int>(words) - 1));
      const auto count =
          std::min(words - first, static_cast<size_t>(random_in(1, config_.max_payload)));
      const Words change = random_words(count, mask);
      port_->write(word(base, first), change);
      std::copy(change.begin(), change.end(),
                expected[i].begin() + static_cast<std::ptrdiff_t>(first));
    }
  }
  for (size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ(read(writable[i].base, writable[i].words), expected[i])
        << describe_address(writable[i].base) << ", seed " << kSeed;
  }
}

TEST_P(PortConformance, WindowsRefuseValuesOutsideTheirRangeAndTheirWholeFrame) {
  struct Illegal {
    uint32_t base;
    Words values;
  };
  std::vector<Illegal> all = {
      {spec::kWindowAdcOffset, {0x8000, 0xFFFF, 0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFF7FFF}}};
  if (config_.effects != 0) {
    all.push_back({spec::kWindowColumnTable, {0x8000, 0xFFFFFFFF}});
    all.push_back({spec::kWindowRowTable, {0x8000, 0xFFFFFFFF}});
    all.push_back({spec::kWindowStuck, {3, 0xC0000000, 0xFFFFFFFF, 0x1 | 0x3 << 14}});
  }
  for (const auto& [base, values] : all) {
    port_->write(base, Words{1, 2});
    for (const uint32_t value : values) {
      SCOPED_TRACE(testing::Message() << describe_address(base) << " 0x" << std::hex << value);
      expect_refused(spec::Status::kBadValue, word(base, 1), [&] {
        port_->write(base, Words{0, value});
      });
      EXPECT_EQ(read(base, 2), (Words{1, 2}));
    }
  }
}

TEST_P(PortConformance, AdcOffsetsAreReadBackSigned) {
  Words expected;
  for (int c = 0; c < config_.cols; ++c) {
    expected.push_back(static_cast<uint32_t>(int32_t{static_cast<int16_t>(random_())}));
  }
  port_->write(spec::kWindowAdcOffset, expected);
  EXPECT_EQ(read(spec::kWindowAdcOffset, expected.size()), expected);
}

TEST_P(PortConformance, PokesChangeOneCellEach) {
  const size_t words = rows_of_all_banks() * size(config_.cols) / 4;
  Words expected = random_words(words);
  port_->write(spec::kWindowOffset, expected);
  Words pokes;
  for (int i = 0; i < 3 * config_.max_payload / 2; ++i) {
    const auto cell = static_cast<uint32_t>(random_in(0, static_cast<int>(4 * words) - 1));
    const uint32_t offset = random_() & 0xFF;
    pokes.push_back(cell << 8 | offset);
    expected[cell / 4] =
        (expected[cell / 4] & ~(0xFFu << (8 * (cell % 4)))) | offset << (8 * (cell % 4));
  }
  port_->write_fixed(spec::kRegCellPoke, pokes);
  EXPECT_EQ(read(spec::kWindowOffset, words), expected) << "seed " << kSeed;
}

TEST_P(PortConformance, ABurstThatIsRefusedHalfWaySaysHowFarItGot) {
  const auto frame = size(config_.max_payload);
  const size_t first = size(config_.in_words) - frame - 12;
  port_->write(word(spec::kWindowInput, first), Words(frame + 12, 7));
  const RefusedFrame refused =
      refusal([&] { port_->write(word(spec::kWindowInput, first), Words(2 * frame, 9)); });
  EXPECT_EQ(refused.status, spec::Status::kBadAddress);
  EXPECT_EQ(refused.detail, word(spec::kWindowInput, size(config_.in_words)));
  EXPECT_EQ(refused.words_done, frame);
  EXPECT_EQ(refused.step_words, 2 * frame);
  Words expected(frame, 9);
  expected.resize(frame + 12, 7);
  EXPECT_EQ(read(word(spec::kWindowInput, first), frame + 12), expected);
}

}  // namespace
}  // namespace crucible::port
