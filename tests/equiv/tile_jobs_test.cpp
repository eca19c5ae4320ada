// The tile's job port driven back to back: jobs that overlap give the definition's bits, and every
// job is taken in the cycle that rtl/core/README.md says.
#include <Vcim_tile_pairs.h>
#include <Vcim_tile_plain.h>
#include <Vcim_tile_shared.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <verilated.h>

#include <cstdlib>
#include <memory>
#include <vector>

#include "models/tile/tile_contract.hpp"
#include "sim/verilated/assertion_log.hpp"
#include "sim/verilated/coverage_file.hpp"
#include "tests/equiv/random_case.hpp"

namespace crucible::sim {
namespace {

/// Overridden by CRUCIBLE_SEED to repeat a failure.
uint64_t seed() {
  const char* const text = std::getenv("CRUCIBLE_SEED");
  return text == nullptr ? 20261126 : std::strtoull(text, nullptr, 0);
}

/// A configuration for the random cases: a tile has only these of its members.
constexpr spec::HardwareConfig tile(std::string_view name, int rows, int cols, int in_words,
                                    int out_words, int effects, int converters) {
  spec::HardwareConfig config = spec::kConfigFull;
  config.name = name;
  config.rows = rows;
  config.cols = cols;
  config.banks = 3;
  config.in_words = in_words;
  config.out_words = out_words;
  config.effects = effects;
  config.converters = converters;
  return config;
}

// As in tile_jobs_*.f; `hold`: a second set of sums.
struct Pairs {
  using Model = Vcim_tile_pairs;
  static constexpr bool hold = true;
  static constexpr spec::HardwareConfig config = tile("pairs", 128, 64, 256, 4704, 1, 2);
};
struct Plain {
  using Model = Vcim_tile_plain;
  static constexpr bool hold = true;
  static constexpr spec::HardwareConfig config = tile("plain", 32, 16, 64, 128, 0, 1);
};
struct Shared {
  using Model = Vcim_tile_shared;
  static constexpr bool hold = false;
  static constexpr spec::HardwareConfig config = tile("shared", 32, 8, 64, 128, 1, 2);
};

/// The latencies of rtl/core/README.md, without noise cell by cell.
struct Latency {
  const spec::HardwareConfig& config;
  bool hold;
  [[nodiscard]] uint64_t lead() const { return config.effects != 0 ? 3 : 0; }
  [[nodiscard]] uint64_t tail() const { return config.effects != 0 ? 16 : 6; }
  [[nodiscard]] uint64_t groups(const Job& job) const {
    return job.cols / static_cast<uint64_t>(config.converters);
  }
  [[nodiscard]] uint64_t slot(const Job& job) const {
    const uint64_t rows = job.rows + 1, convert = groups(job) + lead();
    return hold ? std::max(rows, convert) : rows + convert;
  }
  /// Cycles of busy_o.
  [[nodiscard]] uint64_t busy(const Job& job) const {
    return (job.count - 1) * slot(job) + job.rows + groups(job) + tail();
  }
  /// Cycles from a job's cycle to that of the next one, offered at once.
  [[nodiscard]] uint64_t next(const Job& job, const Job& following) const {
    const bool overlaps = hold && following.rows + 1 >= groups(job) + tail();
    return overlaps ? job.count * slot(job) : busy(job) + 1;
  }
};

template <class Shape>
class TileJobs : public testing::Test {
 protected:
  TileJobs() {
    context_.fatalOnError(false);
    context_.randReset(VM_COVERAGE ? 0 : 2);
    context_.randSeed(static_cast<int>(seed() & 0x7fffffff) | 1);
    context_.assertOn(false);  // before its reset the tile is in any state at all
    model_ = std::make_unique<typename Shape::Model>(&context_);
    model_->gen_start_i = model_->self_test_i = model_->mem_req_i = model_->mem_we_i = 0;
    model_->job_valid_i = model_->eng_in_we_i = model_->eng_out_re_i = 0;
    model_->rst_ni = 0;
    for (int i = 0; i < 4; ++i) clock();
    context_.assertOn(true);
    model_->rst_ni = 1;
    clock();
  }
  ~TileJobs() override {
    EXPECT_EQ(log_.failures(), 0) << log_.report();
    EXPECT_FALSE(model_->busy_o);
    model_->final();
    write_coverage(context_);
  }

  /// One cycle with the present inputs; what the outputs were in it is counted.
  void clock() {
    const AssertionLog::Scope scope(log_);
    model_->clk_i = 0;
    model_->eval();
    taken_ = model_->job_valid_i && model_->job_ready_o;
    taken_while_busy_ = taken_ && model_->busy_o;
    if (model_->rst_ni) {
      counters_.products += model_->product_o;
      counters_.saturations += model_->sat_o;
      counters_.clamps += model_->clamps_o;
      counters_.reads += model_->read_o;
    }
    model_->clk_i = 1;
    model_->eval();
    ++cycle_;
  }

  void write(int selector, int address, uint32_t word) {
    model_->mem_req_i = model_->mem_we_i = 1;
    model_->mem_sel_i = static_cast<uint8_t>(selector);
    model_->mem_addr_i = static_cast<uint32_t>(address);
    model_->mem_be_i = 15;
    model_->mem_wdata_i = word;
    clock();
    model_->mem_req_i = model_->mem_we_i = 0;
  }

  uint32_t read(int selector, uint32_t address) {
    model_->mem_req_i = 1;
    model_->mem_sel_i = static_cast<uint8_t>(selector);
    model_->mem_addr_i = address;
    clock();
    model_->mem_req_i = 0;
    clock();
    EXPECT_TRUE(model_->mem_rvalid_o);
    return model_->mem_rdata_o;
  }

  void program(int bank, const models::BankCells& cells) {
    for (const models::PortGroup& group : models::port_groups()) {
      for (const models::CellWindow& window : group.cells) {
        const int words = window.words(kGeometry);
        for (int i = 0; i < words; ++i)
          write(window.selector, bank * words + i, window.word(kGeometry, cells, i));
      }
    }
  }

  void apply(const models::TileSettings& s) {
    for (const models::PortGroup& group : models::port_groups()) {
      for (const models::TableWindow& window : group.tables) {
        const int words = window.words(kGeometry);
        for (int i = 0; i < words; ++i) write(window.selector, i, window.word(kGeometry, s, i));
      }
    }
    const models::EffectSettings& e = s.effects;
    model_->inject_en_i = s.inject;
    model_->lsb_exp_i = static_cast<uint8_t>(s.lsb_exp);
    model_->base_i = static_cast<uint8_t>(s.base);
    model_->adc_transparent_i = s.adc.transparent;
    model_->adc_shift_i = static_cast<uint8_t>(s.adc.shift);
    model_->adc_bits_i = static_cast<uint8_t>(s.adc.bits);
    model_->drift_en_i = e.drift;
    model_->drift_loss_i = 0;
    for (size_t level = 0; level < 4; ++level)
      model_->drift_loss_i |= uint64_t{e.drift_loss[level]} << (16 * level);
    model_->stuck_en_i = e.stuck;
    model_->noise_i = static_cast<uint8_t>(e.noise);
    model_->noise_seed_i = e.noise_seed;
    model_->noise_cell_i = e.noise_cell;
    model_->noise_slope_i = e.noise_slope;
    model_->attenuation_en_i = e.attenuation;
    model_->adc_gain_en_i = e.adc_gain;
    model_->adc_inl_en_i = e.adc_inl;
    model_->dac_en_i = e.dac;
  }

  void load(const std::vector<uint8_t>& memory) {
    for (size_t i = 0; i < memory.size(); i += 4) {
      uint32_t word = 0;
      for (size_t lane = 0; lane < 4; ++lane) word |= uint32_t{memory[i + lane]} << (8 * lane);
      write(models::kSelInput, static_cast<int>(i / 4), word);
    }
  }

  /// Offers the job until it is taken: the cycle.
  uint64_t start(const Job& job) {
    model_->job_valid_i = 1;
    model_->job_bank_i = static_cast<uint16_t>(job.bank);
    model_->job_rows_i = static_cast<uint16_t>(job.rows);
    model_->job_cols_i = static_cast<uint16_t>(job.cols);
    model_->job_count_i = static_cast<uint16_t>(job.count);
    model_->job_in_i = static_cast<uint16_t>(job.in);
    model_->job_stride_i = static_cast<uint16_t>(job.stride);
    model_->job_out_i = static_cast<uint16_t>(job.out);
    model_->job_read_i = job.read;
    const uint64_t deadline = cycle_ + kDeadline;
    do {
      if (cycle_ > deadline) throw std::runtime_error("the tile takes no job");
      clock();
    } while (!taken_);
    model_->job_valid_i = 0;
    // Read in that cycle only.
    model_->job_bank_i = model_->job_rows_i = model_->job_cols_i = model_->job_count_i =
        model_->job_in_i = model_->job_stride_i = model_->job_out_i = 0xFFFF;
    model_->job_read_i = 0xFFFFFFFF;
    return cycle_ - 1;
  }

  void wait() {
    const uint64_t deadline = cycle_ + kDeadline;
    while (model_->busy_o) {
      if (cycle_ > deadline) throw std::runtime_error("the tile stays busy");
      clock();
    }
  }

  std::vector<int64_t> results(const Job& job) {
    std::vector<int64_t> values;
    for (uint32_t i = 0; i < job.count * (job.cols / 4); ++i) {
      const uint64_t high = read(models::kSelOutputHi, job.out + i);
      values.push_back(static_cast<int64_t>(high << 32 | read(models::kSelOutputLo, job.out + i)));
    }
    return values;
  }

  /// The definition's results; adds to the counters.
  std::vector<int64_t> expected(const models::BankCells& cells,
                                const models::TileSettings& settings, const Job& job,
                                const std::vector<uint8_t>& memory,
                                models::TileCounters& counters) {
    std::vector<uint8_t> x;
    for (uint32_t k = 0; k < job.count; ++k) {
      const auto first = memory.begin() + 4 * (job.in + (k == 0 ? 0 : int64_t{k} * job.stride));
      x.insert(x.end(), first, first + job.rows);
    }
    std::vector<int64_t> values(size_t{job.count} * (job.cols / 4));
    models::TileCounters own;
    models::reference_multiply(cells, static_cast<int>(job.rows), static_cast<int>(job.cols),
                               settings, job.read, x, static_cast<int>(job.count), values, own);
    counters.products += own.products;
    counters.saturations += own.saturations;
    counters.clamps += own.clamps;
    counters.reads += own.reads;
    return values;
  }

  /// Jobs of all sizes, the most rows in every second one, whose results lie side by side.
  std::vector<Job> random_jobs(int most, int vectors) {
    std::vector<Job> jobs;
    uint32_t out = 0;
    for (int n = random_.uniform(2, most); n > 0; --n) {
      Job job = random_.job(vectors);
      if (random_.one_in(2)) {
        job.rows = static_cast<uint32_t>(kConfig.rows);
        job.in = static_cast<uint32_t>(random_.uniform(0, kConfig.in_words - kConfig.rows / 4));
        job.stride = 0;
      }
      job.out = out;
      out += job.count * (job.cols / 4);
      if (out > static_cast<uint32_t>(kConfig.out_words)) break;
      jobs.push_back(job);
    }
    return jobs;
  }

  static constexpr uint64_t kDeadline = 1'000'000;
  static constexpr const spec::HardwareConfig& kConfig = Shape::config;
  static constexpr models::ContractGeometry kGeometry{.rows = kConfig.rows,
                                                      .cols = kConfig.cols,
                                                      .banks = kConfig.banks,
                                                      .in_bits = kConfig.in_bits,
                                                      .in_words = kConfig.in_words,
                                                      .out_words = kConfig.out_words};
  static constexpr Latency kLatency{kConfig, Shape::hold};

  VerilatedContext context_;
  AssertionLog log_;
  std::unique_ptr<typename Shape::Model> model_;
  RandomCase random_{kConfig, seed()};
  uint64_t cycle_ = 0;
  bool taken_ = false, taken_while_busy_ = false;
  models::TileCounters counters_;
};

using Shapes = testing::Types<Pairs, Plain, Shared>;
struct ShapeName {
  template <class Shape>
  static std::string GetName(int) {
    return std::string(Shape::config.name);
  }
};
TYPED_TEST_SUITE(TileJobs, Shapes, ShapeName);

TYPED_TEST(TileJobs, ThatFollowEachOtherGiveTheDefinitionsBits) {
  constexpr int kRounds = 60, kMostJobs = 8, kMostVectors = 6;
  const std::string repeat = fmt::format("; repeat with CRUCIBLE_SEED={}", seed());
  int overlaps = 0, fewer = 0, more = 0, banks = 0, noisy = 0;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<models::BankCells> cells;
    for (int bank = 0; bank < this->kConfig.banks; ++bank) {
      cells.push_back(this->random_.cells());
      cells.back().bank = static_cast<uint32_t>(bank);
      this->program(bank, cells.back());
    }
    const auto memory = this->random_.inputs(4 * static_cast<size_t>(this->kConfig.in_words));
    this->load(memory);
    const models::TileSettings settings = this->random_.settings();
    this->apply(settings);
    const bool cell_noise = settings.effects.noise == models::ReadNoise::kCell;
    const std::vector<Job> jobs = this->random_jobs(kMostJobs, cell_noise ? 2 : kMostVectors);
    this->counters_ = {};
    for (size_t i = 0; i < jobs.size(); ++i) {
      for (int pause = this->random_.one_in(3) ? this->random_.uniform(1, 200) : 0; pause > 0;
           --pause)
        this->clock();
      this->start(jobs[i]);
      if (!this->taken_while_busy_) continue;
      ASSERT_FALSE(cell_noise) << repeat;
      ++overlaps;
      fewer += jobs[i].cols < jobs[i - 1].cols;
      more += jobs[i].cols > jobs[i - 1].cols;
      banks += jobs[i].bank != jobs[i - 1].bank;
      noisy += settings.effects.noise == models::ReadNoise::kColumn;
    }
    this->wait();
    models::TileCounters counters;
    for (size_t i = 0; i < jobs.size(); ++i) {
      const Job& job = jobs[i];
      const auto values = this->expected(cells[job.bank], settings, job, memory, counters);
      ASSERT_EQ(this->results(job), values)
          << "round " << round << ", job " << i << " of " << jobs.size() << ": bank " << job.bank
          << ", rows " << job.rows << ", cols " << job.cols << ", count " << job.count << repeat;
    }
    ASSERT_EQ(this->counters_.products, counters.products) << repeat;
    ASSERT_EQ(this->counters_.saturations, counters.saturations) << repeat;
    if (this->kConfig.effects != 0) {
      ASSERT_EQ(this->counters_.clamps, counters.clamps) << repeat;
      ASSERT_EQ(this->counters_.reads, counters.reads) << repeat;
    }
  }
  fmt::print(
      "{}: {} jobs began while another one was converted: {} with fewer columns, {} with "
      "more, {} in another bank, {} with noise of columns (seed {})\n",
      this->kConfig.name, overlaps, fewer, more, banks, noisy, seed());
  EXPECT_EQ(fewer > 0, TypeParam::hold);
  EXPECT_EQ(more > 0, TypeParam::hold);
  EXPECT_EQ(banks > 0, TypeParam::hold);
  EXPECT_EQ(noisy > 0, TypeParam::hold && this->kConfig.effects != 0);
}

TYPED_TEST(TileJobs, TakeTheirSlotsAndNoCycleMore) {
  constexpr int kRounds = 100, kMostJobs = 8, kMostVectors = 6;
  models::TileSettings settings;
  if (this->kConfig.effects != 0) settings.effects.noise = models::ReadNoise::kColumn;
  this->apply(settings);
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<Job> jobs = this->random_jobs(kMostJobs, kMostVectors);
    uint64_t begun = this->start(jobs[0]);
    for (size_t i = 1; i < jobs.size(); ++i) {
      const uint64_t next = this->start(jobs[i]);
      ASSERT_EQ(next - begun, this->kLatency.next(jobs[i - 1], jobs[i]))
          << "rows " << jobs[i - 1].rows << ", cols " << jobs[i - 1].cols << ", count "
          << jobs[i - 1].count << ", then rows " << jobs[i].rows
          << "; repeat with CRUCIBLE_SEED=" << seed();
      begun = next;
    }
    this->wait();
    ASSERT_EQ(this->cycle_ - 1 - begun, this->kLatency.busy(jobs.back()))
        << "rows " << jobs.back().rows << ", cols " << jobs.back().cols << ", count "
        << jobs.back().count << "; repeat with CRUCIBLE_SEED=" << seed();
  }
}

// LeNet on `full`: what its products alone take when every job is offered as soon as it may be.
using LeNet = TileJobs<Pairs>;
TEST_F(LeNet, TakesFewerThan35000CyclesInTheTile) {
  struct Layer {
    uint32_t rows, cols, count;
  };
  std::vector<Layer> layers{{9, 24, 784}, {54, 64, 196}};
  for (const uint32_t cols : {64, 64, 64, 64, 64, 64, 64, 32}) {  // 784 inputs, 120 outputs
    for (int block = 0; block < 6; ++block) layers.push_back({128, cols, 1});
    layers.push_back({16, cols, 1});
  }
  for (const uint32_t cols : {64, 64, 64, 64, 64, 16}) layers.push_back({120, cols, 1});
  layers.push_back({84, 40, 1});
  models::TileSettings settings;
  settings.effects.noise = models::ReadNoise::kColumn;
  apply(settings);
  const uint64_t begun = cycle_;
  uint64_t columns = 0;
  for (const Layer& layer : layers) {
    start({.bank = 0,
           .rows = layer.rows,
           .cols = layer.cols,
           .count = layer.count,
           .in = 0,
           .stride = 0,
           .out = 0,
           .read = 0});
    columns += uint64_t{layer.cols} * layer.count;
  }
  wait();
  EXPECT_EQ(columns, 35'096u);
  EXPECT_LT(cycle_ - begun, 35'000u);
  fmt::print("{} columns of {} products in {} cycles\n", columns, counters_.products,
             cycle_ - begun);
}

}  // namespace
}  // namespace crucible::sim
