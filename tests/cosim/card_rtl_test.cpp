// The RTL card behind AXI masters beside the loosely timed one: the same accesses, the same
// answers, whatever waits. The device's end is a loop: every word of a request comes back as a
// response.
#include <gtest/gtest.h>
#include <verilated.h>

#include <deque>
#include <random>

#include "Vcim_card.h"
#include "models/error.hpp"
#include "sim/pcie/card_model.hpp"
#include "sim/verilated/assertion_log.hpp"
#include "sim/verilated/axi_pins.hpp"
#include "sim/verilated/coverage_file.hpp"
#include "tests/unit/card_bus.hpp"

namespace crucible::sim {
namespace {

namespace card = spec::card;
constexpr uint64_t kSeed = 20261126;
constexpr uint32_t kRingWords = 1u << CardModel::kRingLog2;
constexpr const spec::HardwareConfig& kConfig = spec::kConfigSmallSoc;
constexpr uint32_t kMemoryEnd =
    card::kBoardMemory + static_cast<uint32_t>(spec::kConfigSmallSoc.memory_bytes);

class RtlCard final {
 public:
  RtlCard(double idle, uint64_t seed)
      : idle_(idle),
        random_(seed),
        lite_(
            pins_.lite, [this] { clock(); }, idle, seed + 1),
        full_(
            pins_.full, [this] { clock(); }, idle, seed + 2) {
    context_.fatalOnError(false);
    context_.randReset(2);
    context_.randSeed(static_cast<int>(seed & 0x7fffffff) | 1);
    const AssertionLog::Scope scope(log_);
    model_ = std::make_unique<Vcim_card>(&context_);
    model_->rst_ni = 0;
    for (int i = 0; i < 4; ++i) clock();
    model_->rst_ni = 1;
  }
  ~RtlCard() {
    model_->final();
    write_coverage(context_);
  }

  bool write(int bar, uint32_t offset, std::span<const uint32_t> words,
             AxiMaster::Shape shape = {}) {
    return (bar == 0 ? lite_ : full_).write(offset, words, shape);
  }
  bool read(int bar, uint32_t offset, std::span<uint32_t> words, AxiMaster::Shape shape = {}) {
    return (bar == 0 ? lite_ : full_).read(offset, words, shape);
  }
  uint32_t word(uint32_t offset) {
    uint32_t value = 0;
    read(0, offset, {&value, 1});
    return value;
  }
  /// Until the device has taken and returned everything.
  void settle() {
    for (int quiet = 0; quiet < 16;) {
      const bool moved = model_->rx_valid_o || !loop_.empty();
      clock();
      quiet = moved ? 0 : quiet + 1;
    }
  }
  [[nodiscard]] bool interrupt() const { return model_->irq_o; }
  void attention(bool level) { bus_.calls = level; }
  [[nodiscard]] std::string assertions() const { return log_.report(); }

 private:
  /// A word of the board's bus; returns whether it was served.
  bool access(bool write, uint32_t address, uint32_t& word) {
    return (write ? bus_.write(address, {&word, 1}, 4) : bus_.read(address, {&word, 1})).status ==
           spec::Status::kOk;
  }
  bool chance() { return static_cast<double>(random_() >> 11) * 0x1p-53 < idle_; }

  void clock() {
    const AssertionLog::Scope scope(log_);
    Vcim_card& m = *model_;
    drive_axi(m, pins_);
    m.rx_ready_i = !chance();
    if (!offered_) offered_ = !loop_.empty() && !chance();
    m.tx_valid_i = offered_;
    if (offered_) m.tx_data_i = loop_.front();
    m.clk_i = 0;
    m.eval();
    m.attention_i = bus_.attention();
    m.dev_ack_i = m.dev_req_o && !chance();
    if (m.dev_ack_i) {
      uint32_t word = m.dev_wdata_o;
      m.dev_err_i = !access(m.dev_we_o, m.dev_addr_o, word);
      m.dev_rdata_i = word;
    }
    m.memw_ack_i = m.memw_req_o && !chance();
    m.memr_ack_i = m.memr_req_o && !m.memw_ack_i && !chance();
    if (m.memw_ack_i || m.memr_ack_i) {
      uint32_t word = m.memw_wdata_o;
      m.mem_err_i = !access(m.memw_ack_i, m.memw_ack_i ? m.memw_addr_o : m.memr_addr_o, word);
      m.mem_rdata_i = word;
    }
    m.eval();
    sample_axi(m, pins_);
    const bool taken = m.rx_valid_o && m.rx_ready_i;
    const uint32_t word = m.rx_data_o;
    const bool put = m.tx_valid_i && m.tx_ready_o;
    const bool flush = m.flush_o;
    m.clk_i = 1;
    m.eval();
    if (put) {
      loop_.pop_front();
      offered_ = false;
    }
    if (taken) loop_.push_back(word);
    if (flush) {
      loop_.clear();
      offered_ = false;
    }
  }

  const double idle_;
  std::mt19937_64 random_;
  VerilatedContext context_;
  AssertionLog log_;
  std::unique_ptr<Vcim_card> model_;
  AxiPins pins_;
  AxiMaster lite_, full_;
  CardBus bus_{kConfig};
  std::deque<uint32_t> loop_;
  bool offered_ = false;  ///< the front of the loop: a valid word may not be withdrawn
};

/// The loosely timed card with the same loop, in front of the same bus.
class LooseCard {
 public:
  LooseCard() { model_.set_bus(&bus_); }
  bool write(int bar, uint32_t offset, std::span<const uint32_t> words) {
    model_.write(bar, offset, {reinterpret_cast<const uint8_t*>(words.data()), words.size_bytes()});
    settle();
    return true;
  }
  void read(int bar, uint32_t offset, std::span<uint32_t> words) {
    model_.read(bar, offset, {reinterpret_cast<uint8_t*>(words.data()), words.size_bytes()});
  }
  uint32_t word(uint32_t offset) {
    uint32_t value = 0;
    read(0, offset, {&value, 1});
    return value;
  }
  void attention(bool level) {
    bus_.calls = level;
    model_.follow_board();
  }
  [[nodiscard]] bool interrupt() const { return model_.interrupt(); }

 private:
  void settle() {
    while (model_.has_input()) model_.send(model_.take(4096));
  }
  CardBus bus_{kConfig};
  CardModel model_{kConfig};
};

class CardRtl : public testing::TestWithParam<double> {
 protected:
  uint32_t random(uint32_t below) { return static_cast<uint32_t>(random_() % below); }
  std::vector<uint32_t> random_words(size_t count) {
    std::vector<uint32_t> words(count);
    for (uint32_t& word : words) word = static_cast<uint32_t>(random_());
    return words;
  }
  void write(int bar, uint32_t offset, std::span<const uint32_t> words) {
    rtl_.write(bar, offset, words);
    rtl_.settle();
    loose_.write(bar, offset, words);
  }
  void write(uint32_t offset, uint32_t value) { write(0, offset, {&value, 1}); }
  void attention(bool level) {
    rtl_.attention(level);
    rtl_.settle();
    loose_.attention(level);
  }
  void expect_equal_reads(int bar, uint32_t offset, size_t count) {
    std::vector<uint32_t> got(count), expected(count);
    rtl_.read(bar, offset, got);
    loose_.read(bar, offset, expected);
    ASSERT_EQ(got, expected) << "BAR" << bar << " 0x" << std::hex << offset;
  }
  void expect_equal_state() {
    for (uint32_t offset = card::kRegCardId; offset <= card::kRegCardError; offset += 4) {
      if (offset == card::kRegCardCtrl) continue;  // reading it is an error
      ASSERT_EQ(rtl_.word(offset), loose_.word(offset)) << std::hex << offset;
    }
    ASSERT_EQ(rtl_.interrupt(), loose_.interrupt());
  }

  std::mt19937_64 random_{kSeed};
  RtlCard rtl_{GetParam(), kSeed};
  LooseCard loose_;
};

TEST_P(CardRtl, AnswersAsTheLooselyTimedCardDoes) {
  uint32_t tail = 0, head = 0;
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE(testing::Message() << "round " << round << ", seed " << kSeed);
    switch (random(12)) {
      case 0:
      case 1:
      case 2: {  // requests into the ring, then the doorbell
        const uint32_t room = kRingWords - (tail - head);
        const uint32_t count = std::min(room, 1 + random(300));
        for (uint32_t done = 0; done < count;) {  // at most 256 words, and not across the end
          const uint32_t at = (tail + done) % kRingWords;
          const uint32_t part = std::min({count - done, 1 + random(256), kRingWords - at});
          write(2, card::kRequestRing + 4 * at, random_words(part));
          done += part;
        }
        tail += count;
        write(card::kRegRequestTail, tail);
        break;
      }
      case 3:
      case 4: {  // responses out of it
        const uint32_t count = random(tail - head + 1);
        for (uint32_t done = 0; done < count;) {
          const uint32_t at = (head + done) % kRingWords;
          const uint32_t part = std::min({count - done, 1 + random(256), kRingWords - at});
          expect_equal_reads(2, card::kResponseRing + 4 * at, part);
          done += part;
        }
        head += count;
        write(card::kRegResponseHead, head);
        break;
      }
      case 5:  // counters that leave the ring or go back
        write(card::kRegRequestTail,
              tail + (random(2) != 0 ? kRingWords + 1 + random(99) : -1 - random(9)));
        write(card::kRegResponseHead,
              head + (random(2) != 0 ? tail - head + 1 + random(99) : -1 - random(9)));
        break;
      case 6:
        write(card::kRegToken, static_cast<uint32_t>(random_()));
        write(card::kRegIrqEnable, random(4));
        attention(random(2) != 0);
        break;
      case 7:
        if (random(4) == 0) {
          write(card::kRegCardCtrl, card::kCardCtrlResetMask);
          tail = head = 0;
        }
        write(card::kRegCardError, random(4));
        break;
      case 8: {  // where nothing is
        const uint32_t nowhere[] = {0x1000, 0x7FFC, 0x8030, 0x9000, 0xFFFC, card::kRegCardCtrl};
        expect_equal_reads(0, nowhere[random(6)], 1);
        const uint32_t windows[] = {0x10000, 0x7FFFC, card::kRequestRing, kMemoryEnd, 0xFFFFC};
        expect_equal_reads(2, windows[random(5)], 1);
        write(0x8014, 5);
        write(2, card::kResponseRing, random_words(3));
        break;
      }
      case 9: {  // board memory, up to its end and beyond
        const uint32_t at =
            (random(2) != 0 ? card::kBoardMemory : kMemoryEnd - 1024) + 4 * random(256);
        write(2, at, random_words(1 + random(256)));
        const uint32_t from =
            (random(2) != 0 ? card::kBoardMemory : kMemoryEnd - 1024) + 4 * random(256);
        expect_equal_reads(2, from, 1 + random(256));
        break;
      }
      default: {  // the device's registers, those that are not there and values that it refuses
        write(4 * random(40), static_cast<uint32_t>(random_()));
        expect_equal_reads(0, 4 * random(40), 1);
      }
    }
    expect_equal_state();
    if (HasFatalFailure()) return;
  }
  EXPECT_EQ(rtl_.assertions(), "");
}

TEST_P(CardRtl, RefusesEverythingButAlignedWordsAndSaysSo) {
  const uint32_t word = 7;
  uint32_t got = 0;
  const auto refused = [&] {
    const bool noted = rtl_.word(card::kRegCardError) == card::kCardErrorAccessMask;
    rtl_.write(0, card::kRegCardError, std::array{card::kCardErrorAccessMask});
    return noted;
  };
  EXPECT_FALSE(rtl_.write(0, card::kRegToken, {&word, 1}, {.strobes = 0x3}));
  EXPECT_TRUE(refused());
  EXPECT_FALSE(rtl_.write(0, card::kRegToken + 2, {&word, 1}));
  EXPECT_TRUE(refused());
  EXPECT_FALSE(rtl_.read(0, card::kRegToken + 1, {&got, 1}));
  EXPECT_EQ(got, ~0u);
  EXPECT_TRUE(refused());
  EXPECT_TRUE(rtl_.write(0, card::kRegToken, {&word, 1}, {.strobes = 0}));  // legal: writes nothing
  EXPECT_FALSE(refused());
  EXPECT_EQ(rtl_.word(card::kRegToken), 0u);
  std::array<uint32_t, 4> words{1, 2, 3, 4};
  for (const AxiMaster::Shape shape : {AxiMaster::Shape{.burst = 0}, AxiMaster::Shape{.burst = 2},
                                       AxiMaster::Shape{.size = 1}, AxiMaster::Shape{.size = 0}}) {
    EXPECT_FALSE(rtl_.write(2, card::kRequestRing, words, shape));
    EXPECT_TRUE(refused());
    std::array<uint32_t, 4> read{};
    EXPECT_FALSE(rtl_.read(2, card::kResponseRing, read, shape));
    EXPECT_EQ(read, (std::array{~0u, ~0u, ~0u, ~0u}));
    EXPECT_TRUE(refused());
  }
  EXPECT_FALSE(
      rtl_.write(2, card::kRequestRing + 4 * kRingWords - 8, words));  // two in, two beyond
  EXPECT_TRUE(refused());
  EXPECT_EQ(rtl_.assertions(), "");
}

TEST_P(CardRtl, BoardMemoryIsReadAndWrittenInBurstsAndRefusedBehindItsEnd) {
  constexpr uint32_t kWords = 1024;  // of the memory's last page
  constexpr uint32_t kPage = kMemoryEnd - 4 * kWords;
  std::vector<uint32_t> expected(kWords);
  rtl_.write(0, card::kRegCardError, std::array{~0u});
  for (uint32_t at = 0; at < kWords; at += 256)
    EXPECT_TRUE(rtl_.write(2, kPage + 4 * at, std::span(expected).subspan(at, 256)));
  std::array<uint32_t, 4> ring{};
  EXPECT_TRUE(rtl_.read(2, card::kResponseRing, ring));
  for (int round = 0; round < 100; ++round) {
    const uint32_t at = random(kWords), count = 1 + random(std::min(256u, kWords - at));
    const std::vector<uint32_t> words = random_words(count);
    EXPECT_TRUE(rtl_.write(2, kPage + 4 * at, words));
    std::copy(words.begin(), words.end(), expected.begin() + at);
    const uint32_t from = random(kWords), length = 1 + random(std::min(256u, kWords - from));
    std::vector<uint32_t> got(length);
    EXPECT_TRUE(rtl_.read(2, kPage + 4 * from, got));
    ASSERT_TRUE(std::equal(got.begin(), got.end(), expected.begin() + from)) << "round " << round;
    // A ring in between: neither is taken for the other.
    std::array<uint32_t, 4> again{};
    EXPECT_TRUE(rtl_.read(2, card::kResponseRing, again));
    ASSERT_EQ(again, ring) << "round " << round;
  }
  EXPECT_EQ(rtl_.word(card::kRegCardError), 0u);
  std::array<uint32_t, 4> words{1, 2, 3, 4};
  EXPECT_FALSE(rtl_.write(2, kPage + 4 * kWords - 8, words));  // two in, two beyond
  EXPECT_FALSE(rtl_.read(2, kPage + 4 * kWords - 4, words));
  EXPECT_EQ(words, (std::array<uint32_t, 4>{2, ~0u, ~0u, ~0u}));
  EXPECT_FALSE(rtl_.write(2, kPage, words, {.strobes = 0x7}));
  EXPECT_EQ(rtl_.word(card::kRegCardError), card::kCardErrorAccessMask);
  uint32_t first = 0;
  EXPECT_TRUE(rtl_.read(2, kPage, {&first, 1}));
  EXPECT_EQ(first, expected[0]);
  EXPECT_EQ(rtl_.assertions(), "");
}

TEST_P(CardRtl, AttentionRaisesTheInterruptWhereItIsEnabled) {
  EXPECT_FALSE(rtl_.interrupt());
  rtl_.attention(true);
  rtl_.settle();
  EXPECT_FALSE(rtl_.interrupt());
  EXPECT_EQ(rtl_.word(card::kRegIrqStatus), card::kIrqStatusAttentionMask);
  rtl_.write(0, card::kRegIrqEnable, std::array{card::kIrqEnableAttentionMask});
  EXPECT_TRUE(rtl_.interrupt());
  rtl_.attention(false);
  rtl_.settle();
  EXPECT_FALSE(rtl_.interrupt());
}

INSTANTIATE_TEST_SUITE_P(Waits, CardRtl, testing::Values(0.0, 0.3), [](const auto& instance) {
  return instance.param == 0 ? "never" : "at_random";
});

}  // namespace
}  // namespace crucible::sim
