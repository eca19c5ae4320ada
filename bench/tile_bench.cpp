// Speed of the bare Verilated tile of the configuration `full` on one core, assertions and traces
// off: what the link and the registers cost is the difference to `products`.
#include <benchmark/benchmark.h>
#include <verilated.h>

#include <memory>
#include <random>

#include "Vcim_tile_full.h"
#include "bench/rails.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace {

using namespace crucible;

constexpr uint8_t kSelLevel = 0, kSelOffset = 1, kSelInput = 2;  // cim_tile_pkg
constexpr uint8_t kNoiseCell = 1, kNoiseColumn = 2;              // 〃
constexpr uint32_t kNoiseVariance = 4000;
constexpr uint64_t kLosses = 0x0400'0300'0200'0100;
constexpr int kVectors = 128;

/// What happens to the cells and columns besides.
enum class Effects { kNone, kOffsets, kColumnNoise, kCellNoise, kAll };

/// The tile with a random bank and random inputs. Tables that nothing writes are what the memories
/// start with: any value is as fast.
class LoadedTile {
 public:
  LoadedTile(bench::Rails rails, Effects effects) {
    context_.assertOn(false);
    tile_ = std::make_unique<Vcim_tile_full>(&context_);
    tile_->rst_ni = 0;
    for (int i = 0; i < 4; ++i) clock();
    tile_->rst_ni = 1;
    tile_->inject_en_i = effects != Effects::kNone;
    tile_->lsb_exp_i = bench::kLsbExp;
    tile_->base_i = bench::base(rails);
    tile_->adc_shift_i = bench::kAdcShift;
    tile_->adc_bits_i = bench::kAdcBits;
    std::mt19937 random(1);
    fill(kSelLevel, config_.rows * config_.cols / 16, random);
    fill(kSelOffset, config_.rows * config_.cols / 4, random);
    fill(kSelInput, config_.in_words, random);
    set(effects);
    tile_->job_bank_i = 0;
    tile_->job_rows_i = static_cast<uint16_t>(config_.rows);
    tile_->job_cols_i = static_cast<uint16_t>(config_.cols);
    tile_->job_count_i = kVectors;
    tile_->job_in_i = 0;
    // The vectors overlap in the inputs' buffer.
    tile_->job_stride_i = static_cast<uint16_t>((config_.in_words - config_.rows / 4) / kVectors);
    tile_->job_out_i = 0;
  }

  /// Runs a job of kVectors vectors; returns its clock cycles.
  int64_t run_job() {
    int64_t cycles = 1;
    tile_->job_valid_i = 1;
    clock();
    tile_->job_valid_i = 0;
    for (; tile_->busy_o != 0; ++cycles) clock();
    return cycles;
  }

 private:
  void clock() {
    tile_->clk_i = 0;
    tile_->eval();
    tile_->clk_i = 1;
    tile_->eval();
  }

  void set(Effects effects) {
    if (effects <= Effects::kOffsets) return;
    tile_->noise_i = effects == Effects::kCellNoise ? kNoiseCell : kNoiseColumn;
    tile_->noise_cell_i = kNoiseVariance;
    tile_->noise_slope_i = kNoiseVariance;
    if (effects != Effects::kAll) return;
    tile_->drift_en_i = tile_->stuck_en_i = tile_->attenuation_en_i = 1;
    tile_->drift_loss_i = kLosses;
    tile_->adc_gain_en_i = tile_->adc_inl_en_i = tile_->dac_en_i = 1;
  }

  void fill(uint8_t window, int words, std::mt19937& random) {
    tile_->mem_req_i = 1;
    tile_->mem_we_i = 1;
    tile_->mem_be_i = 0xf;
    tile_->mem_sel_i = window;
    for (int word = 0; word < words; ++word) {
      tile_->mem_addr_i = static_cast<uint32_t>(word);
      tile_->mem_wdata_i = random();
      clock();
    }
    tile_->mem_req_i = 0;
  }

  spec::HardwareConfig config_ = spec::kConfigFull;
  VerilatedContext context_;
  std::unique_ptr<Vcim_tile_full> tile_;
};

void tile(benchmark::State& state, bench::Rails rails, Effects effects) {
  LoadedTile tile(rails, effects);
  int64_t cycles = 0, vectors = 0;
  for (auto _ : state) {
    cycles += tile.run_job();
    vectors += kVectors;
  }
  bench::report(state, static_cast<double>(cycles), static_cast<double>(vectors));
}

BENCHMARK_CAPTURE(tile, full_effects_off, bench::Rails::kFar, Effects::kNone)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(tile, full_rails_near, bench::Rails::kNear, Effects::kOffsets)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(tile, full_rails_far, bench::Rails::kFar, Effects::kOffsets)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(tile, full_column_noise, bench::Rails::kFar, Effects::kColumnNoise)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(tile, full_cell_noise, bench::Rails::kFar, Effects::kCellNoise)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(tile, full_all_effects, bench::Rails::kNear, Effects::kAll)
    ->Unit(benchmark::kMillisecond);

}  // namespace
