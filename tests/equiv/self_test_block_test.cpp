// The self-test block alone: memories and converters with planted faults stand in for the tile's,
// which are sound.
#include <Vcim_self_test.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <verilated.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <functional>
#include <optional>
#include <random>
#include <vector>

#include "sim/verilated/assertion_log.hpp"
#include "sim/verilated/coverage_file.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::sim {
namespace {

// As in self_test_block.f.
constexpr uint32_t kCells = 4;  // rows of all banks
constexpr uint32_t kCols = 32;

/// Overridden by CRUCIBLE_SEED to repeat a failure.
uint64_t seed() {
  const char* const text = std::getenv("CRUCIBLE_SEED");
  return text == nullptr ? 20261126 : std::strtoull(text, nullptr, 0);
}

struct Window {
  uint32_t number;  ///< as in SELFTEST_RESULT.memory
  uint32_t words;
  uint32_t ones;  ///< what the march writes as 1
};
constexpr std::array<Window, 3> kWindows = {{{0, kCells* kCols / 16, 0xFFFF'FFFF},
                                             {1, kCells* kCols / 4, 0xFFFF'FFFF},
                                             {10, kCells* kCols / 16, 0x5555'5555}}};

struct Place {
  uint32_t word, bit;
};

/// One fault of one window.
struct Fault {
  enum class Kind {
    kStuckAt,         ///< the victim always reads as `value`
    kTransition,      ///< the victim cannot change to `value`
    kIdempotent,      ///< a change of the aggressor to `edge` makes the victim `value`
    kInversion,       ///< a change of the aggressor to `edge` inverts the victim
    kState,           ///< while the aggressor is `edge` the victim reads as `value`
    kSameCellsTwice,  ///< accesses to the victim's word reach the aggressor's
  };
  Kind kind;
  size_t window;  ///< index into kWindows
  Place victim, aggressor;
  uint32_t value, edge;
};

std::string describe(const Fault& f) {
  return fmt::format(
      "fault {} of window {}: word {} bit {}, by word {} bit {}, value {}, edge {}; repeat with "
      "CRUCIBLE_SEED={}",
      static_cast<int>(f.kind), kWindows[f.window].number, f.victim.word, f.victim.bit,
      f.aggressor.word, f.aggressor.bit, f.value, f.edge, seed());
}

/// The three windows, one of them perhaps with a fault.
class Memories {
 public:
  explicit Memories(std::optional<Fault> fault, std::mt19937_64& random) : fault_(fault) {
    for (size_t i = 0; i < kWindows.size(); ++i) {
      words_[i].resize(kWindows[i].words);
      for (uint32_t& word : words_[i]) word = static_cast<uint32_t>(random());
    }
  }

  [[nodiscard]] uint32_t read(size_t window, uint32_t word) const {
    const uint32_t value = words_[window].at(reached(window, word));
    if (!hit(window) || word != fault_->victim.word) return value;
    const bool held = fault_->kind == Fault::Kind::kStuckAt ||
                      (fault_->kind == Fault::Kind::kState && aggressor() == fault_->edge);
    return held ? with_bit(value, fault_->victim.bit, fault_->value) : value;
  }

  void write(size_t window, uint32_t word, uint32_t value) {
    uint32_t& cell = words_[window].at(reached(window, word));
    if (!hit(window)) {
      cell = value;
      return;
    }
    const uint32_t before = aggressor();
    if (fault_->kind == Fault::Kind::kTransition && word == fault_->victim.word &&
        bit(value, fault_->victim.bit) == fault_->value) {
      value = with_bit(value, fault_->victim.bit, bit(cell, fault_->victim.bit));
    }
    cell = value;
    if (aggressor() == before || aggressor() != fault_->edge) return;
    uint32_t& victim = words_[window][fault_->victim.word];
    if (fault_->kind == Fault::Kind::kIdempotent)
      victim = with_bit(victim, fault_->victim.bit, fault_->value);
    if (fault_->kind == Fault::Kind::kInversion) victim ^= 1u << fault_->victim.bit;
  }

  [[nodiscard]] bool zero() const {
    return std::all_of(words_.begin(), words_.end(), [](const auto& words) {
      return std::all_of(words.begin(), words.end(), [](uint32_t word) { return word == 0; });
    });
  }

 private:
  static uint32_t bit(uint32_t word, uint32_t at) { return word >> at & 1; }
  static uint32_t with_bit(uint32_t word, uint32_t at, uint32_t value) {
    return (word & ~(1u << at)) | value << at;
  }
  [[nodiscard]] bool hit(size_t window) const {
    return fault_.has_value() && fault_->window == window;
  }
  [[nodiscard]] uint32_t aggressor() const {
    return bit(words_[fault_->window][fault_->aggressor.word], fault_->aggressor.bit);
  }
  [[nodiscard]] uint32_t reached(size_t window, uint32_t word) const {
    const bool astray =
        hit(window) && fault_->kind == Fault::Kind::kSameCellsTwice && word == fault_->victim.word;
    return astray ? fault_->aggressor.word : word;
  }

  std::array<std::vector<uint32_t>, 3> words_;
  std::optional<Fault> fault_;
};

/// March C- of docs/numerics.md, "Self-test": the window's index and the word that was read back
/// wrong first, or nothing.
std::optional<std::pair<size_t, uint32_t>> march(Memories& memories) {
  struct Element {
    bool down;
    std::optional<bool> reads, writes;
  };
  const std::array<Element, 6> elements = {{{false, {}, false},
                                            {false, false, true},
                                            {false, true, false},
                                            {true, false, true},
                                            {true, true, false},
                                            {false, false, {}}}};
  for (size_t window = 0; window < kWindows.size(); ++window) {
    const auto [number, words, ones] = kWindows[window];
    for (const Element& element : elements) {
      for (uint32_t i = 0; i < words; ++i) {
        const uint32_t word = element.down ? words - 1 - i : i;
        if (element.reads && memories.read(window, word) != (*element.reads ? ones : 0))
          return std::pair{window, word};
        if (element.writes) memories.write(window, word, *element.writes ? ones : 0);
      }
    }
  }
  return {};
}

/// Code of a column for a sum in LSB.
using Converter = std::function<uint32_t(uint32_t col, uint32_t sum)>;

class SelfTestBlock : public testing::Test {
 protected:
  SelfTestBlock() {
    context_.fatalOnError(false);
    context_.randReset(0);
    const AssertionLog::Scope scope(log_);
    model_ = std::make_unique<Vcim_self_test>(&context_);
    model_->rst_ni = 0;
    clock();
    model_->rst_ni = 1;
    clock();
  }
  ~SelfTestBlock() override {
    EXPECT_EQ(log_.failures(), 0) << log_.report();
    write_coverage(context_);
  }

  /// Starts the tests with these bits of SELFTEST and serves them to their end.
  void run(uint32_t tests, Memories& memories, const Converter& convert) {
    constexpr int kDeadline = 2'000'000;  // clocks; the longest ramp here takes 655,360
    model_->start_i = static_cast<uint8_t>(tests);
    clock();
    model_->start_i = 0;
    accesses_ = 0;
    std::optional<uint32_t> answer, late_answer;  // in the next cycle, in the one after
    for (int i = 0; model_->busy_o != 0; ++i) {
      ASSERT_LT(i, kDeadline) << "the test does not end";
      model_->rvalid_i = answer.has_value();
      model_->rdata_i = answer.value_or(static_cast<uint32_t>(random_()));
      settle();
      answer = late_answer;
      late_answer.reset();
      if (model_->req_o != 0) {
        const auto window = static_cast<size_t>(
            std::find_if(kWindows.begin(), kWindows.end(),
                         [&](const Window& w) { return w.number == model_->sel_o; }) -
            kWindows.begin());
        ASSERT_LT(window, kWindows.size()) << "window " << int{model_->sel_o};
        ASSERT_LT(model_->waddr_o, kWindows[window].words);
        if (model_->we_o != 0) memories.write(window, model_->waddr_o, model_->wdata_o);
        late_answer = memories.read(window, model_->waddr_o);
        ++accesses_;
      }
      const bool converts = model_->adc_en_o != 0;
      const uint32_t code = converts ? convert(model_->col_o, model_->value_o) : 0;
      clock();
      if (converts) model_->code_i = code;
    }
    clock();  // what was found stays
  }

  [[nodiscard]] uint32_t result() const { return model_->result_o; }
  [[nodiscard]] uint32_t worst() const { return model_->ramp_o & 0xFFFF; }
  [[nodiscard]] uint32_t differing() const { return model_->ramp_o >> 16; }
  [[nodiscard]] uint32_t random_below(uint32_t end) {
    return static_cast<uint32_t>(random_() % end);
  }

  /// Runs the march over memories with this fault, beside the plain one over the same.
  void expect_found(const Fault& fault) {
    Memories memories(fault, random_);
    Memories twin = memories;
    const auto expected = march(twin);
    ASSERT_TRUE(expected.has_value()) << "March C- finds every such fault; " << describe(fault);
    run(spec::kSelftestMarchMask, memories, {});
    ASSERT_EQ(result(), spec::kSelftestResultMarchDoneMask | spec::kSelftestResultMarchFailedMask |
                            kWindows[expected->first].number << spec::kSelftestResultMemoryLsb)
        << describe(fault);
    ASSERT_EQ(model_->word_o, expected->second) << describe(fault);
  }

  VerilatedContext context_;
  AssertionLog log_;
  std::unique_ptr<Vcim_self_test> model_;
  std::mt19937_64 random_{seed()};
  uint64_t accesses_ = 0;

 private:
  void settle() {
    const AssertionLog::Scope scope(log_);
    model_->clk_i = 0;
    model_->eval();
  }
  void clock() {
    settle();
    const AssertionLog::Scope scope(log_);
    model_->clk_i = 1;
    model_->eval();
  }
};

TEST_F(SelfTestBlock, PassesSoundMemoriesAndLeavesThemZero) {
  Memories memories({}, random_);
  run(spec::kSelftestMarchMask, memories, {});
  EXPECT_EQ(result(), spec::kSelftestResultMarchDoneMask);
  EXPECT_EQ(model_->word_o, 0u);
  EXPECT_TRUE(memories.zero());
  uint64_t words = 0;
  for (const Window& window : kWindows) words += window.words;
  EXPECT_EQ(accesses_, 10 * words) << "March C- is ten accesses a word";
}

TEST_F(SelfTestBlock, FindsEveryBitThatIsStuckOrCannotChange) {
  for (size_t window = 0; window < kWindows.size(); ++window) {
    for (uint32_t word = 0; word < kWindows[window].words; ++word) {
      for (uint32_t bit = 0; bit < 32; ++bit) {
        for (const uint32_t value : {0u, 1u}) {
          // Of a stuck state the march writes the lower bit only.
          const bool written = (kWindows[window].ones >> bit & 1) != 0;
          if (!written && value == 0) continue;
          const Place place{word, bit};
          const auto fault = [&](Fault::Kind kind) {
            return Fault{kind, window, place, place, value, 0};
          };
          ASSERT_NO_FATAL_FAILURE(expect_found(fault(Fault::Kind::kStuckAt)));
          if (!written) continue;
          ASSERT_NO_FATAL_FAILURE(expect_found(fault(Fault::Kind::kTransition)));
        }
      }
    }
  }
}

TEST_F(SelfTestBlock, FindsWordsThatActOnEachOther) {
  using Kind = Fault::Kind;
  for (int trial = 0; trial < 4000; ++trial) {
    const size_t window = random_below(kWindows.size());
    const auto [number, words, ones] = kWindows[window];
    const auto place = [&, words = words, ones = ones] {
      Place at{random_below(words), random_below(32)};
      if ((ones >> at.bit & 1) == 0) --at.bit;  // the lower bit of a stuck state
      return at;
    };
    const Place victim = place();
    Place aggressor = place();
    // Bits of one word change together: the march cannot see one act on the other.
    if (aggressor.word == victim.word) aggressor.word = (victim.word + 1) % words;
    const std::array kinds = {Kind::kIdempotent, Kind::kInversion, Kind::kState,
                              Kind::kSameCellsTwice};
    const Fault fault{kinds[static_cast<size_t>(trial) % kinds.size()],
                      window,
                      victim,
                      aggressor,
                      random_below(2),
                      random_below(2)};
    ASSERT_NO_FATAL_FAILURE(expect_found(fault));
  }
}

TEST_F(SelfTestBlock, RunsTheRampAfterAMarchThatFailsAndKeepsEachOthersResults) {
  model_->shift_i = 0;
  model_->code_max_i = 15;
  const Fault fault{Fault::Kind::kStuckAt, 1, {7, 3}, {7, 3}, 1, 0};
  Memories broken(fault, random_);
  run(spec::kSelftestMarchMask | spec::kSelftestRampMask, broken,
      [](uint32_t col, uint32_t sum) { return col == 5 && sum == 9 ? 12u : sum; });
  const uint32_t failed = spec::kSelftestResultMarchDoneMask |
                          spec::kSelftestResultMarchFailedMask |
                          1u << spec::kSelftestResultMemoryLsb;
  EXPECT_EQ(result(), failed | spec::kSelftestResultRampDoneMask);
  EXPECT_EQ(model_->word_o, 7u);
  EXPECT_EQ(worst(), 3u);
  EXPECT_EQ(differing(), 1u);
  Memories sound({}, random_);
  run(spec::kSelftestRampMask, sound, [](uint32_t, uint32_t sum) { return sum; });
  EXPECT_EQ(result(), failed | spec::kSelftestResultRampDoneMask) << "the ramp keeps the march's";
  EXPECT_EQ(differing(), 0u);
  run(spec::kSelftestMarchMask, sound, {});
  EXPECT_EQ(result(), spec::kSelftestResultMarchDoneMask | spec::kSelftestResultRampDoneMask);
  EXPECT_EQ(model_->word_o, 0u);
}

TEST_F(SelfTestBlock, CountsTheCodesThatDiffer) {
  constexpr uint32_t kMostDiffering = 65535;
  struct Ramp {
    uint32_t shift, bits, one_in;  ///< every one_in-th code is off; 0: none
  };
  for (const auto& [shift, bits, one_in] : std::vector<Ramp>{
           {0, 12, 0}, {3, 8, 50}, {17, 12, 7}, {18, 12, 3}, {27, 12, 2}, {27, 1, 2}, {0, 12, 1}}) {
    SCOPED_TRACE(fmt::format("shift {}, bits {}, one in {}; repeat with CRUCIBLE_SEED={}", shift,
                             bits, one_in, seed()));
    const uint32_t codes = 1u << std::min(bits, 29 - shift);
    // By column and value of the ramp.
    std::vector<uint32_t> code(size_t{kCols} * codes);
    uint32_t expected_worst = 0, expected_differing = 0;
    for (size_t i = 0; i < code.size(); ++i) {
      const auto k = static_cast<uint32_t>(i % codes);
      code[i] = one_in != 0 && random_below(one_in) == 0 ? random_below(1u << bits) : k;
      const uint32_t difference = std::max(code[i], k) - std::min(code[i], k);
      expected_worst = std::max(expected_worst, difference);
      if (difference != 0) ++expected_differing;
    }
    model_->shift_i = static_cast<uint8_t>(shift);
    model_->code_max_i = static_cast<uint16_t>((1u << bits) - 1);
    Memories memories({}, random_);
    size_t next = 0;
    ASSERT_NO_FATAL_FAILURE(run(spec::kSelftestRampMask, memories, [&](uint32_t col, uint32_t sum) {
      EXPECT_EQ(col, next / codes);
      EXPECT_EQ(sum, static_cast<uint32_t>(next % codes) << shift);
      return code[next++];
    }));
    EXPECT_EQ(next, code.size());
    EXPECT_EQ(accesses_, 0u);
    EXPECT_EQ(worst(), expected_worst);
    EXPECT_EQ(differing(), std::min(expected_differing, kMostDiffering));
    EXPECT_EQ(result(), spec::kSelftestResultRampDoneMask);
  }
}

}  // namespace
}  // namespace crucible::sim
