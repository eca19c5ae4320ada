// The UART at the top's pins: frames at any byte, line noise, breaks.
#include <gtest/gtest.h>

#include <optional>
#include <vector>

#include "sim/verilated/frame_client.hpp"
#include "sim/verilated/uart_port.hpp"
#include "tests/rtl/tested_configs.hpp"

namespace crucible::sim {
namespace {

using spec::Op;

class UartPins : public testing::TestWithParam<const char*> {
 protected:
  ~UartPins() override { EXPECT_EQ(top_->assertion_failures(), 0) << top_->assertion_report(); }

  static std::vector<uint8_t> bytes_of(const Request& request) {
    std::vector<uint8_t> bytes;
    for (const uint32_t word : encode(request)) {
      for (int shift = 0; shift < 32; shift += 8)
        bytes.push_back(static_cast<uint8_t>(word >> shift));
    }
    return bytes;
  }
  Request read(uint32_t address) {
    return {.op = static_cast<uint8_t>(Op::kRead),
            .length = 1,
            .sequence = sequence_++,
            .session = 1,
            .address = address,
            .payload = {}};
  }
  /// The next response; nothing when the line falls quiet without one.
  std::optional<Response> receive() {
    std::deque<uint32_t> words;
    for (int clock = 0; clock < 200'000; ++clock) {
      uart_.clock();
      std::deque<uint8_t>& bytes = uart_.received();
      if (bytes.size() >= sizeof(uint32_t)) {
        uint32_t word = 0;
        for (int shift = 0; shift < 32; shift += 8) {
          word |= uint32_t{bytes.front()} << shift;
          bytes.pop_front();
        }
        words.push_back(word);
        if (auto response = decode(words)) return response;
      }
      if (uart_.quiet()) break;
    }
    return std::nullopt;
  }
  std::optional<Response> transact(const Request& request) {
    uart_.push(bytes_of(request));
    return receive();
  }
  void sync() {
    const auto response = transact({.op = static_cast<uint8_t>(Op::kSync),
                                    .length = 0,
                                    .sequence = 0,
                                    .session = 1,
                                    .address = 0,
                                    .payload = {}});
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->payload.at(0), spec::kMagicValue);
    sequence_ = 1;
  }
  uint32_t get(uint32_t address) {
    const auto response = transact(read(address));
    return response && response->status == spec::Status::kOk ? response->payload.at(0) : 0xdeadbeef;
  }

  std::unique_ptr<IRtlTop> top_ = make_rtl_top(GetParam(), 5);
  UartPort uart_{*top_};
  uint16_t sequence_ = 0;
};

TEST_P(UartPins, AnswersFrames) {
  sync();
  EXPECT_EQ(get(spec::kRegConfigHash), top_->config().hash);
  EXPECT_EQ(get(spec::kRegError), 0u);
  EXPECT_EQ(uart_.framing_errors(), 0u);
}

TEST_P(UartPins, FindsFramesAtAnyByte) {
  sync();
  for (size_t noise = 1; noise < 9; ++noise) {
    uart_.push(std::vector<uint8_t>(noise, 0x7e));  // the preamble's first byte, to lead it astray
    EXPECT_EQ(get(spec::kRegMagic), spec::kMagicValue) << noise << " bytes";
  }
}

TEST_P(UartPins, CountsABreakAndGoesOn) {
  sync();
  uart_.pull_low(40 * static_cast<int>(top_->config().clk_hz / top_->config().baud));
  EXPECT_FALSE(receive().has_value());
  EXPECT_EQ(get(spec::kRegError) & spec::kErrorUartFrameMask, spec::kErrorUartFrameMask);
}

TEST_P(UartPins, DropsADamagedHeaderAndAnswersItsRepetition) {
  sync();
  const Request request = read(spec::kRegMagic);
  for (size_t byte = 4; byte < 20; byte += 3) {
    std::vector<uint8_t> bytes = bytes_of(request);
    bytes[byte] ^= 0x10;
    uart_.push(bytes);
    EXPECT_FALSE(receive().has_value()) << "byte " << byte;
  }
  EXPECT_EQ(transact(request)->payload.at(0), spec::kMagicValue);
  EXPECT_NE(get(spec::kRegError) & spec::kErrorHcrcMask, 0u);
}

TEST_P(UartPins, ALostByteCostsNoMoreThanTheFramesAroundIt) {
  sync();
  const Request request = read(spec::kRegMagic);
  std::vector<uint8_t> bytes = bytes_of(request);
  bytes.erase(bytes.begin() + 9);
  uart_.push(bytes);
  // The repetition completes the damaged header, the one after it is found.
  std::optional<Response> response;
  for (int repetition = 0; repetition < 3 && !response; ++repetition) response = transact(request);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->payload.at(0), spec::kMagicValue);
}

INSTANTIATE_TEST_SUITE_P(Configurations, UartPins,
                         testing::ValuesIn(tested_configs({"tiny", "small"})),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace crucible::sim
