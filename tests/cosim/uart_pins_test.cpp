// The UART at the top's pins: frames at any byte, line noise, breaks.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
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
  Request write(uint32_t address, uint32_t word) {
    return {.op = static_cast<uint8_t>(Op::kWrite),
            .length = 1,
            .sequence = sequence_++,
            .session = 1,
            .address = address,
            .payload = {word}};
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
  static Request sync_request() {
    return {.op = static_cast<uint8_t>(Op::kSync),
            .length = 0,
            .sequence = 0,
            .session = 1,
            .address = 0,
            .payload = {}};
  }
  void sync() {
    const auto response = transact(sync_request());
    ASSERT_TRUE(response.has_value());
    EXPECT_EQ(response->payload.at(0), spec::kMagicValue);
    sequence_ = 1;
  }
  uint32_t get(uint32_t address) {
    const auto response = transact(read(address));
    return response && response->status == spec::Status::kOk ? response->payload.at(0) : 0xdeadbeef;
  }

  [[nodiscard]] size_t clocks_per_bit() const {
    return static_cast<size_t>(top_->config().clk_hz / top_->config().baud);
  }
  /// Received bytes that may wait: those of two of the longest frames, and the next power of two.
  [[nodiscard]] size_t queue_bytes() const {
    return std::bit_ceil(8 * (static_cast<size_t>(top_->config().max_payload) + 8));
  }
  /// To the stream and back.
  void change_link() {
    for (const bool stream : {true, false}) {
      uart_.inputs().link_sel = stream;
      for (int clock = 0; clock < 3; ++clock) uart_.clock();
    }
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
  // Cleared alone, it leaves the others.
  std::vector<uint8_t> damaged = bytes_of(write(spec::kRegScratch, 1));
  --sequence_;
  damaged[4 * spec::kHeaderWords] ^= 1;
  uart_.push(damaged);
  EXPECT_EQ(receive()->status, spec::Status::kPayloadCrc);
  EXPECT_EQ(transact(write(spec::kRegError, spec::kErrorUartFrameMask))->status, spec::Status::kOk);
  EXPECT_EQ(get(spec::kRegError), spec::kErrorPcrcMask);
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

TEST_P(UartPins, SendsBytesWithoutAGapAndSaysSoForAsLongAsItDoes) {
  sync();
  uart_.push(bytes_of(read(spec::kRegMagic)));
  // Request: idle is not said while a byte's start and data bits are on the line.
  std::vector<bool> line;
  const size_t character = 10 * clocks_per_bit();
  const size_t request = 4 * spec::kHeaderWords * character;
  for (size_t clock = 0; clock < request; ++clock) {
    uart_.clock();
    if (clock % character < 9 * clocks_per_bit()) {
      ASSERT_FALSE(top_->outputs().link_idle) << clock;
    }
    if (!line.empty() || !top_->outputs().uart_tx) line.push_back(top_->outputs().uart_tx);
  }
  const size_t response = 4 * (spec::kHeaderWords + 2) * character;
  for (size_t clock = 0; line.size() < response; ++clock) {
    ASSERT_LT(clock, 2 * response);
    uart_.clock();
    ASSERT_FALSE(top_->outputs().link_idle) << clock;
    if (!line.empty() || !top_->outputs().uart_tx) line.push_back(top_->outputs().uart_tx);
  }
  for (size_t at = 0; at < line.size(); ++at) {
    ASSERT_EQ(line[at], line[at - at % clocks_per_bit()]) << "clock " << at;
    const size_t bit = at % character / clocks_per_bit();
    if (bit == 0 || bit == 9) {
      ASSERT_EQ(line[at], bit == 9) << "clock " << at;
    }
  }
  for (int clock = 0; clock < 3; ++clock) uart_.clock();
  EXPECT_TRUE(top_->outputs().link_idle);
  EXPECT_TRUE(top_->outputs().uart_tx);
}

TEST_P(UartPins, TakesMoreBytesThanItsQueueHolds) {
  sync();
  const auto length =
      static_cast<uint16_t>(std::min(top_->config().max_payload, top_->config().in_words));
  size_t sent = 0;
  while (sent < 2 * queue_bytes() + 100) {
    Request write = read(spec::kWindowInput);
    write.op = static_cast<uint8_t>(Op::kWrite);
    write.length = length;
    write.payload.assign(length, 0x01020304u + static_cast<uint32_t>(sent));
    const std::vector<uint8_t> bytes = bytes_of(write);
    sent += bytes.size();
    const auto response = transact(write);
    ASSERT_TRUE(response.has_value()) << sent << " bytes";
    ASSERT_EQ(response->status, spec::Status::kOk);
    ASSERT_EQ(get(spec::kWindowInput + 4 * (length - 1u)), write.payload.back());
  }
  EXPECT_EQ(get(spec::kRegError), 0u);
}

TEST_P(UartPins, SaysThatRequestsCameFasterThanItAnswers) {
  sync();
  Request request = read(spec::kRegMagic);
  request.length = 8;
  // A response is almost three times as long, and what is kept may be carried out ahead of it.
  const size_t requests = queue_bytes() / 8 + 4 * static_cast<size_t>(top_->config().kept);
  for (size_t i = 0; i < requests; ++i) {
    uart_.push(bytes_of(request));
    ++request.sequence;
  }
  size_t answered = 0;
  while (const auto response = receive()) answered += response->status == spec::Status::kOk;
  EXPECT_GT(answered, queue_bytes() / 40);
  EXPECT_LT(answered, requests);
  for (int attempt = 0; attempt < 4 && !transact(sync_request()); ++attempt) {
  }  // the first may complete a frame of which bytes were lost
  sync();
  get(0x1fc);  // another error leaves it set
  const uint32_t both = spec::kErrorRxOverflowMask | spec::kErrorBadAddressMask;
  EXPECT_EQ(get(spec::kRegError) & both, both);
  transact(write(spec::kRegError, spec::kErrorBadAddressMask));
  EXPECT_EQ(get(spec::kRegError) & both, spec::kErrorRxOverflowMask);
}

TEST_P(UartPins, AChangeOfTheLinkForgetsEveryByte) {
  sync();
  const std::vector<uint8_t> bytes = bytes_of(read(spec::kRegMagic));
  --sequence_;  // never executed
  for (const size_t first : {1u, 2u, 3u, 4u, 5u, 7u, 18u, 19u}) {
    for (size_t later = 0; later < 10; later += later < 3 ? 1 : 3) {
      uart_.push({bytes.data(), first});
      const size_t clocks = 10 * first * clocks_per_bit() - clocks_per_bit() / 2 + later;
      for (size_t clock = 0; clock < clocks; ++clock) uart_.clock();
      change_link();
      uart_.push({bytes.data() + first, bytes.size() - first});
      EXPECT_FALSE(receive().has_value()) << first << " bytes, " << later << " clocks";
      ASSERT_EQ(get(spec::kRegScratch), 0u) << first << " bytes, " << later << " clocks";
    }
  }
  EXPECT_EQ(get(spec::kRegError) & ~spec::kErrorUartFrameMask, 0u);
}

TEST_P(UartPins, AChangeOfTheLinkWithinAWordDoesNotCostTheNextResponse) {
  sync();
  for (size_t bytes = 1; bytes <= 8; ++bytes) {
    uart_.push(bytes_of(read(spec::kRegMagic)));
    for (int clock = 0; clock < 100'000 && uart_.received().size() < bytes; ++clock) uart_.clock();
    change_link();
    for (int clock = 0; clock < 100'000 && !uart_.quiet(); ++clock) uart_.clock();
    EXPECT_TRUE(uart_.quiet());
    EXPECT_LE(uart_.received().size(), bytes + 1);
    uart_.received().clear();
    EXPECT_EQ(get(spec::kRegScratch), 0u) << bytes << " bytes";
  }
}

TEST_P(UartPins, AResetOfOneClockEndsWhateverIsOnTheLine) {
  for (int clocks = 0; clocks < 40; ++clocks) {
    sync();
    uart_.push(bytes_of(read(spec::kRegMagic)));
    for (size_t clock = 0; clock < 37u * static_cast<size_t>(clocks); ++clock) uart_.clock();
    uart_.inputs().reset = true;
    uart_.clock();
    uart_.inputs().reset = false;
    uart_.clear();
    uart_.clock();
    EXPECT_TRUE(top_->outputs().uart_tx);
    EXPECT_TRUE(top_->outputs().link_idle);
    for (int clock = 0; clock < 100'000 && !uart_.quiet(); ++clock) uart_.clock();
    EXPECT_TRUE(uart_.received().empty());
    ASSERT_FALSE(HasFailure()) << clocks;
  }
  sync();
  EXPECT_EQ(get(spec::kRegError), 0u);
}

TEST_P(UartPins, LosesNoByteThatItsQueueHolds) {
  sync();
  Request request = read(spec::kRegMagic);
  request.length = 8;
  const size_t bytes = bytes_of(request).size();
  // Each round leaves most of the queue full, at another place of it.
  for (int round = 0; round < 4; ++round) {
    const size_t requests = queue_bytes() / bytes - static_cast<size_t>(round);
    for (size_t i = 0; i < requests; ++i) {
      uart_.push(bytes_of(request));
      ++request.sequence;
    }
    for (size_t i = 0; i < requests; ++i) {
      const auto response = receive();
      ASSERT_TRUE(response.has_value()) << "round " << round << ", request " << i;
      EXPECT_EQ(response->status, spec::Status::kOk);
    }
  }
  sequence_ = request.sequence;
  EXPECT_EQ(get(spec::kRegError), 0u);
}

TEST_P(UartPins, IsNotIdleFromThePreamblesLastByteToTheResponsesEnd) {
  sync();
  const std::vector<uint8_t> bytes = bytes_of(read(spec::kRegMagic));
  uart_.push({bytes.data(), 3});
  for (int clock = 0; clock < 1000 && !uart_.quiet(); ++clock) uart_.clock();
  ASSERT_TRUE(uart_.quiet());
  uart_.push({bytes.data() + 3, 1});
  for (size_t clock = 0; clock < 2 * clocks_per_bit(); ++clock) uart_.clock();
  ASSERT_FALSE(top_->outputs().link_idle);
  const size_t rest = 40 * clocks_per_bit();  // a pause before the other bytes
  for (size_t clock = 0; clock < rest; ++clock) {
    uart_.clock();
    ASSERT_FALSE(top_->outputs().link_idle) << clock;
  }
  uart_.push({bytes.data() + 4, bytes.size() - 4});
  constexpr size_t kResponse = 4 * (spec::kHeaderWords + 2);
  for (size_t clock = 0; uart_.received().size() < kResponse; ++clock) {
    ASSERT_LT(clock, 100'000u);
    ASSERT_FALSE(top_->outputs().link_idle) << clock;
    uart_.clock();
  }
}

TEST_P(UartPins, IsNotIdleWithinAByte) {
  sync();
  for (const uint8_t byte : {uint8_t{0}, uint8_t{0x55}, uint8_t{0xff}}) {
    uart_.push({&byte, 1});
    // A bit for the start bit's edge to come in; not the last one, in whose middle the byte ends.
    for (size_t clock = 0; clock < 9 * clocks_per_bit(); ++clock) {
      uart_.clock();
      ASSERT_FALSE(clock >= clocks_per_bit() && top_->outputs().link_idle) << clock;
    }
    for (int clock = 0; clock < 1000 && !uart_.quiet(); ++clock) uart_.clock();
  }
  EXPECT_EQ(get(spec::kRegMagic), spec::kMagicValue);
}

TEST_P(UartPins, AResetForgetsThePartOfAPreamble) {
  sync();
  const std::vector<uint8_t> bytes = bytes_of(sync_request());
  for (size_t first = 1; first < 4; ++first) {
    uart_.push({bytes.data(), first});
    for (int clock = 0; clock < 1000 && !uart_.quiet(); ++clock) uart_.clock();
    uart_.inputs().reset = true;
    uart_.clock();
    uart_.inputs().reset = false;
    uart_.push({bytes.data() + first, bytes.size() - first});
    EXPECT_FALSE(receive().has_value()) << first << " bytes";
    sync();
  }
}

INSTANTIATE_TEST_SUITE_P(Configurations, UartPins,
                         testing::ValuesIn(tested_configs({"tiny", "small"})),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace crucible::sim
