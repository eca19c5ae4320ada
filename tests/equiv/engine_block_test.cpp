// The layer engine's RTL beside its C++ twin: the same jobs in the same order, the same words in
// board memory, INPUT and OUTPUT, the same refusals; while memory and tile let it wait.
#include <Vcim_engine.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <verilated.h>

#include <algorithm>
#include <cstdlib>
#include <memory>

#include "sim/verilated/assertion_log.hpp"
#include "sim/verilated/coverage_file.hpp"
#include "tests/equiv/engine_networks.hpp"

namespace crucible::sim {
namespace {

using models::EngineOutcome;
using Word = models::EngineDescriptor::Word;

/// Overridden by CRUCIBLE_SEED to repeat a failure.
uint64_t seed() {
  const char* const text = std::getenv("CRUCIBLE_SEED");
  return text == nullptr ? 20261126 : std::strtoull(text, nullptr, 0);
}

bool same(const models::EngineJob& a, const models::EngineJob& b) {
  return a.bank == b.bank && a.rows == b.rows && a.cols == b.cols && a.count == b.count &&
         a.in == b.in && (a.stride == b.stride || a.count == 1) && a.out == b.out &&
         a.read == b.read && a.adc == b.adc;
}

std::string text(const models::EngineJob& job) {
  return fmt::format("bank {} rows {} cols {} count {} in {} stride {} out {} read {} adc 0x{:x}",
                     job.bank, job.rows, job.cols, job.count, job.in, job.stride, job.out, job.read,
                     job.adc);
}

/// How memory and tile behave.
struct Manners {
  uint32_t grants_in_8 = 8;  ///< how many of 8 requests memory grants at once
  bool overlap = true;
  uint32_t slowest = 4;  ///< cycles of a vector
};

class EngineBlock : public testing::Test {
 protected:
  EngineBlock() {
    context_.fatalOnError(false);
    const AssertionLog::Scope scope(log_);
    model_ = std::make_unique<Vcim_engine>(&context_);
    reset();
  }
  ~EngineBlock() override {
    EXPECT_EQ(log_.failures(), 0) << log_.report();
    write_coverage(context_);
  }

  void reset() {
    model_->rst_ni = 0;
    eval(0);
    eval(1);
    model_->rst_ni = 1;
  }
  void eval(uint8_t clock) {
    const AssertionLog::Scope scope(log_);
    model_->clk_i = clock;
    model_->eval();
  }
  [[nodiscard]] uint32_t any() { return static_cast<uint32_t>(random_()); }

  void set(const models::EngineRequest& request) {
    model_->network_i = request.network;
    model_->layers_i = static_cast<uint8_t>(request.layers);
    model_->images_i = request.images;
    model_->count_i = static_cast<uint16_t>(request.count);
    model_->first_i = request.first;
    model_->logits_i = request.logits;
  }

  [[nodiscard]] models::EngineJob offered() const {
    const auto part = [&](uint32_t index) {
      return model_->job_o[index / 2] >> 16 * (index % 2) & 0xFFFF;
    };
    return {part(0),      part(1), part(2), part(3), part(4), part(5), part(6), model_->job_read_o,
            model_->adc_o};
  }

  /// One clock between memory and tile.
  void clock(StandIn& board, SlowTile& tile, const Manners& manners) {
    model_->job_ready_i = tile.ready();
    model_->tile_busy_i = tile.busy();
    const bool product = tile.product();
    model_->product_i = product;
    model_->mem_gnt_i = 0;
    model_->mem_rdata_i = read_.value_or(any());
    const uint64_t result =
        static_cast<uint64_t>(result_.value_or(static_cast<int64_t>(random_())));
    model_->out_rdata_i = result & ((uint64_t{1} << 42) - 1);
    read_.reset();
    result_.reset();
    eval(0);
    const bool granted = model_->mem_req_o != 0 && random_() % 8 < manners.grants_in_8;
    model_->mem_gnt_i = granted;
    eval(0);
    if (granted && model_->mem_we_o != 0) board.set_memory(model_->mem_word_o, model_->mem_wdata_o);
    if (granted && model_->mem_we_o == 0) read_ = board.memory(model_->mem_word_o);
    if (model_->in_we_o != 0) board.set_input(model_->in_addr_o, model_->in_wdata_o);
    if (model_->out_re_o != 0) result_ = board.output(model_->out_addr_o);
    if (model_->job_valid_o != 0 && model_->job_ready_i != 0) tile.take(offered());
    eval(1);
    model_->start_i = 0;
    model_->stop_i = 0;
    ++clocks_;
  }

  [[nodiscard]] EngineOutcome outcome() const {
    return {static_cast<EngineOutcome::Reason>(model_->reason_o), model_->layer_o, model_->word_o,
            model_->value_o, model_->done_o};
  }

  /// Starts, and clocks to the end of the run.
  void run(const models::EngineRequest& request, StandIn& board, SlowTile& tile,
           const Manners& manners) {
    constexpr uint64_t kDeadline = 3'000'000;
    set(request);
    model_->start_i = 1;
    clocks_ = 0;
    do {
      clock(board, tile, manners);
      ASSERT_LT(clocks_, kDeadline) << "the run does not end";
    } while (model_->busy_o != 0);
  }

  static void expect_same(const EngineOutcome& rtl, const EngineOutcome& twin) {
    EXPECT_EQ(rtl.reason, twin.reason);
    EXPECT_EQ(rtl.layer, twin.layer);
    EXPECT_EQ(rtl.word, twin.word);
    EXPECT_EQ(rtl.value, twin.value);
    EXPECT_EQ(rtl.done, twin.done);
  }
  static void expect_same(const StandIn& rtl, const StandIn& twin) {
    ASSERT_EQ(rtl.jobs.size(), twin.jobs.size());
    for (size_t i = 0; i < rtl.jobs.size(); ++i)
      ASSERT_TRUE(same(rtl.jobs[i], twin.jobs[i]))
          << "job " << i << " is " << text(rtl.jobs[i]) << ", not " << text(twin.jobs[i]);
    expect_same("INPUT", rtl.input_, twin.input_);
    expect_same("OUTPUT", rtl.output_, twin.output_);
    expect_same("board memory", rtl.memory_, twin.memory_);
  }
  template <typename Word>
  static void expect_same(const char* what, const std::vector<Word>& rtl,
                          const std::vector<Word>& twin) {
    const auto [at, other] = std::mismatch(rtl.begin(), rtl.end(), twin.begin());
    EXPECT_TRUE(at == rtl.end()) << fmt::format("{}: word {} is {:x}, not {:x}", what,
                                                at - rtl.begin(), *at, *other);
  }

  /// Both from the same memories.
  void run_both(const EngineNetwork& network, const Manners& manners) {
    StandIn board(config_);
    networks_.write(network, board);
    StandIn twin = board;
    SlowTile tile(board, random_, manners.overlap, manners.slowest);
    ASSERT_NO_FATAL_FAILURE(run(network.request, board, tile, manners));
    expect_same(outcome(), models::LayerEngine(config_, twin).run(network.request));
    expect_same(board, twin);
    EXPECT_FALSE(tile.busy());
    EXPECT_EQ(model_->cycles_o, clocks_ - 1);  // the first one is that of the start
    EXPECT_LE(model_->tile_cycles_o, model_->cycles_o);
  }

  Manners any_manners() {
    return {1 + static_cast<uint32_t>(random_() % 8), random_() % 2 == 0,
            random_() % 4 == 0 ? 100 : 1 + static_cast<uint32_t>(random_() % 20)};
  }

  spec::HardwareConfig config_ = block_config();
  VerilatedContext context_;
  AssertionLog log_;
  std::unique_ptr<Vcim_engine> model_;
  std::mt19937_64 random_{seed()};
  EngineNetworks networks_{config_, random_};
  std::optional<uint32_t> read_;
  std::optional<int64_t> result_;
  uint64_t clocks_ = 0;
};

TEST_F(EngineBlock, RunsRandomNetworksAsItsTwin) {
  for (int trial = 0; trial < 400; ++trial) {
    SCOPED_TRACE(fmt::format("trial {}, CRUCIBLE_SEED={}", trial, seed()));
    ASSERT_NO_FATAL_FAILURE(run_both(networks_.draw(), any_manners()));
    if (HasFailure()) return;
  }
}

/// What random draws seldom hit: each end of what fits.
TEST_F(EngineBlock, RunsWhatJustFits) {
  const std::vector<std::vector<EngineShape>> networks = {
      {{1, 1, 1, 1, 0, 1, false}},
      {{450, 1, 1, 1, 0, 3, false}},                               // 15 row blocks
      {{4, 1, 1, 1, 0, 64, false}, {64, 1, 1, 1, 0, 2, false}},    // 16 column blocks
      {{1, 45, 45, 1, 0, 1, true}, {484, 1, 1, 1, 0, 1, false}},   // 2025 of 2048 bytes
      {{2, 32, 32, 2, 1, 1, true}, {256, 1, 1, 1, 0, 1, false}},   // an activation memory's all
      {{1, 2, 128, 1, 0, 2, true}, {128, 1, 1, 1, 0, 4, false}},   // OUTPUT's all, one line
      {{1, 1, 170, 3, 1, 1, false}, {170, 1, 1, 1, 0, 2, false}},  // INPUT's all but a word
      {{3, 7, 7, 7, 6, 3, true}, {108, 1, 1, 1, 0, 10, false}},    // a kernel as large as its image
      {{1, 3, 3, 2, 0, 1, true}, {1, 1, 1, 1, 0, 2, false}},       // pooled to a single activation
      {{5, 4, 4, 4, 0, 7, false}},                                 // a kernel over all of its input
  };
  for (const std::vector<EngineShape>& shapes : networks) {
    SCOPED_TRACE(
        fmt::format("{} channels, {} x {}", shapes[0].channels, shapes[0].height, shapes[0].width));
    const EngineNetwork network = networks_.build(shapes);
    for (int trial = 0; trial < 3; ++trial)
      ASSERT_NO_FATAL_FAILURE(run_both(network, any_manners()));
    EXPECT_EQ(outcome().reason, EngineOutcome::kNone)
        << "layer " << outcome().layer << ", word " << outcome().word;
  }
}

/// A word of a legal network becomes another one: beside a limit, a single bit, or anything.
TEST_F(EngineBlock, RefusesWhatItsTwinRefuses) {
  int refused = 0;
  std::array<int, Word::kWords> named{};
  for (int trial = 0; trial < 4000; ++trial) {
    SCOPED_TRACE(fmt::format("trial {}, CRUCIBLE_SEED={}", trial, seed()));
    EngineNetwork network = networks_.draw();
    auto& layer = network.layers[networks_.below(network.request.layers)];
    uint32_t& word = layer.words[networks_.below(Word::kWords)];
    switch (networks_.below(5)) {
      case 0:
        word = any();
        break;
      case 1:
        word ^= 1u << networks_.below(32);
        break;
      case 2:
        word = networks_.below(70);
        break;
      default:
        word += networks_.below(2) == 0 ? 1 : ~0u;
        break;
    }
    ASSERT_NO_FATAL_FAILURE(run_both(network, {8, true, 1}));
    if (HasFailure()) return;
    if (outcome().reason != EngineOutcome::kBadDescriptor) continue;
    ++refused;
    ++named.at(outcome().word);
  }
  EXPECT_GT(refused, 2000);
  for (size_t word = 0; word < named.size(); ++word) EXPECT_GT(named[word], 0) << "word " << word;
}

TEST_F(EngineBlock, RefusesPlacesOutsideBoardMemory) {
  const auto end = spec::kWindowMemory + static_cast<uint32_t>(config_.memory_bytes);
  const EngineNetwork network =
      networks_.build({{3, 5, 5, 3, 1, 2, true}, {8, 1, 1, 1, 0, 3, false}});
  EngineNetwork wrong = network;
  const auto expect_refused = [&](uint32_t index, uint32_t value) {
    SCOPED_TRACE(fmt::format("register {} is 0x{:x}", index, value));
    ASSERT_NO_FATAL_FAILURE(run_both(wrong, {8, true, 1}));
    EXPECT_EQ(outcome().reason, EngineOutcome::kBadRegister);
    EXPECT_EQ(outcome().word, index);
    EXPECT_EQ(outcome().value, value);
    wrong = network;
  };
  const uint32_t image_bytes = 76 * network.request.count;
  const uint32_t logit_bytes = (network.layers[1].wide() ? 24 : 12) * network.request.count;
  for (const uint32_t value : {0u, spec::kWindowMemory + 1, spec::kWindowMemory + 2, end - 124, end,
                               0x81000000u, 0xFFFFFFFCu}) {
    wrong.request.network = value;
    expect_refused(1, value);
  }
  for (const uint32_t value : {0u, spec::kWindowMemory - 4, end - image_bytes + 4, end,
                               network.request.images + 1, 0x81000000u + 0x100}) {
    wrong.request.images = value;
    expect_refused(3, value);
  }
  for (const uint32_t value : {0u, end - logit_bytes + 4, end, network.request.logits + 3}) {
    wrong.request.logits = value;
    expect_refused(6, value);
  }
  wrong.request.count = 65535;
  expect_refused(3, wrong.request.images);
  wrong.request.logits = end - logit_bytes;
  ASSERT_NO_FATAL_FAILURE(run_both(wrong, {8, true, 1}));
  EXPECT_EQ(outcome().reason, EngineOutcome::kNone);
}

/// Whenever it is stopped: the jobs that the tile has taken end, nothing is written any more, and
/// the next run is as if nothing had been.
TEST_F(EngineBlock, StopsAtAnyMomentAndRunsAgain) {
  const EngineNetwork network =
      networks_.build({{2, 6, 6, 3, 1, 5, true}, {45, 1, 1, 1, 0, 6, false}});
  const Manners manners{6, true, 6};
  StandIn start(config_);
  networks_.write(network, start);
  StandIn board = start;
  SlowTile tile(board, random_, true, manners.slowest);
  ASSERT_NO_FATAL_FAILURE(run(network.request, board, tile, manners));
  const uint64_t whole = clocks_;
  for (uint64_t when = 1; when < whole + 20; when += 1 + random_() % 8) {
    SCOPED_TRACE(fmt::format("stopped after {} of {} clocks", when, whole));
    board = start;
    set(network.request);
    model_->start_i = 1;
    for (uint64_t i = 0; i < when; ++i) clock(board, tile, manners);
    const bool ran = model_->busy_o != 0;
    const size_t jobs = board.jobs.size();
    model_->stop_i = 1;
    clock(board, tile, manners);
    const std::vector<uint32_t> memory = board.memory_;
    for (int i = 0; model_->busy_o != 0; ++i) {
      ASSERT_LT(i, 10'000);
      clock(board, tile, manners);
    }
    EXPECT_FALSE(tile.busy());
    EXPECT_LE(board.jobs.size(), jobs + 1) << "the one that it took in that cycle";
    EXPECT_EQ(board.memory_, memory);
    EXPECT_EQ(outcome().reason, ran ? EngineOutcome::kStopped : EngineOutcome::kNone);
    ASSERT_NO_FATAL_FAILURE(run_both(network, manners));
    if (HasFailure()) return;
  }
}

TEST_F(EngineBlock, AResetAtAnyMomentLeavesItReady) {
  for (int trial = 0; trial < 60; ++trial) {
    const EngineNetwork network = networks_.draw();
    StandIn board(config_);
    networks_.write(network, board);
    SlowTile tile(board, random_, true, 4);
    set(network.request);
    model_->start_i = 1;
    for (uint64_t left = random_() % 3000; left > 0; --left) clock(board, tile, {8, true, 4});
    reset();
    ASSERT_EQ(model_->busy_o, 0);
    read_.reset();
    result_.reset();
    ASSERT_NO_FATAL_FAILURE(run_both(networks_.draw(), any_manners()));
    if (HasFailure()) return;
  }
}

TEST_F(EngineBlock, EndsWithAReasonWhereTheTileGivesNoProducts) {
  const EngineNetwork network = networks_.build({{9, 1, 1, 1, 0, 2, false}});
  StandIn board(config_);
  networks_.write(network, board);
  SlowTile tile(board, random_, true, 1);
  tile.hangs = true;
  ASSERT_NO_FATAL_FAILURE(run(network.request, board, tile, {}));
  clock(board, tile, {});  // the reason stays
  EXPECT_EQ(outcome().reason, EngineOutcome::kNoProducts);
  EXPECT_EQ(outcome().done, 0U);
  EXPECT_GE(clocks_, 1U << 20);
}

}  // namespace
}  // namespace crucible::sim
