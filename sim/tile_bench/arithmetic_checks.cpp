// One piece of the arithmetic after the other, each with data that leaves the later pieces out.
#include <fmt/format.h>

#include <algorithm>

#include "sim/tile_bench/checks.hpp"

namespace crucible::sim {
namespace {

constexpr int kRounds = 20;

uint8_t& level(Setup& setup, int row, int col) {
  return setup.cells.levels[static_cast<size_t>(row) * setup.cells.cols + col];
}

/// Inputs of one vector from word 0 on.
std::vector<uint8_t> vector_of(const Bench& bench, uint8_t value) {
  return std::vector<uint8_t>(4 * static_cast<size_t>(bench.dut.geometry.in_words), value);
}

/// Sets every column that stands at `place` in its output: 0, 1 positive, 2, 3 negative slices.
void set_row(Setup& setup, int row, int place, uint8_t value) {
  for (int col = place; col < setup.cells.cols; col += 4) level(setup, row, col) = value;
}

void compare_one(Bench& bench, const Setup& setup, const TileJob& job,
                 const std::vector<uint8_t>& memory) {
  bench.install(setup, job.bank);
  bench.driver.load(0, memory);
  bench.compare(setup, job, memory);
}

/// Row 0 alone, positive slice 0 alone, one plane at a time, then all.
void planes(Bench& bench) {
  Setup setup = bench.plain();
  set_row(setup, 0, 0, 3);
  for (int plane = 0; plane <= 8; ++plane) {
    std::vector<uint8_t> memory = vector_of(bench, 0);
    memory[0] = static_cast<uint8_t>(plane == 8 ? 255 : 1 << plane);
    compare_one(bench, setup, bench.whole_bank(0), memory);
  }
}

void slices(Bench& bench) {
  for (int slice = 0; slice < 2; ++slice) {
    for (uint8_t value = 0; value <= 3; ++value) {
      Setup setup = bench.plain();
      set_row(setup, 0, slice, value);
      compare_one(bench, setup, bench.whole_bank(0), vector_of(bench, 1));
    }
  }
}

void sign(Bench& bench) {
  for (int place = 0; place < 4; ++place) {
    Setup setup = bench.plain();
    set_row(setup, 0, place, 2);
    compare_one(bench, setup, bench.whole_bank(0), vector_of(bench, 1));
  }
}

/// Only the last row in use counts, and those behind it do not.
void last_row(Bench& bench) {
  const int rows = bench.dut.geometry.rows;
  for (int round = 0; round < kRounds; ++round) {
    const int used = round == 0 ? rows : round == 1 ? 1 : bench.draw.uniform(1, rows);
    Setup setup = bench.plain();
    set_row(setup, used - 1, 0, 1);
    for (int row = used; row < rows; ++row) set_row(setup, row, 0, 3);
    TileJob job = bench.whole_bank(bench.draw.edgy(0, bench.dut.geometry.banks - 1));
    job.rows = static_cast<uint32_t>(used);
    compare_one(bench, setup, job, vector_of(bench, 1));
  }
}

/// Each bank has cells of its own.
void banks(Bench& bench) {
  std::vector<Setup> setups;
  for (int bank = 0; bank < bench.dut.geometry.banks; ++bank) {
    Setup setup = bench.plain();
    for (uint8_t& value : setup.cells.levels)
      value = static_cast<uint8_t>(bench.draw.uniform(0, 3));
    bench.install(setup, static_cast<uint32_t>(bank));
    setups.push_back(std::move(setup));
  }
  const std::vector<uint8_t> memory = vector_of(bench, 1);
  bench.driver.load(0, memory);
  for (int n = 0; n < std::max(kRounds, bench.dut.geometry.banks); ++n) {
    const int bank =
        n < bench.dut.geometry.banks ? n : bench.draw.uniform(0, bench.dut.geometry.banks - 1);
    bench.compare(setups[static_cast<size_t>(bank)], bench.whole_bank(bank), memory);
  }
}

/// A job writes its own results and no other.
void outputs(Bench& bench) {
  const int words = bench.dut.geometry.out_words;
  Setup setup = bench.plain();
  for (uint8_t& value : setup.cells.levels) value = static_cast<uint8_t>(bench.draw.uniform(0, 3));
  bench.install(setup, 0);
  std::vector<uint32_t> low, high;
  for (int round = 0; round < kRounds; ++round) {
    const std::vector<uint8_t> memory = bench.random_inputs();
    bench.driver.load(0, memory);
    TileJob job = bench.random_job(16);
    job.bank = 0;
    if (round == 0) {  // every word of the buffer
      job = bench.whole_bank(0);
      job.cols = 4;
      job.count = static_cast<uint32_t>(words);
    }
    bench.compare(setup, job, memory);
    const auto now_low = bench.driver.read(models::kSelOutputLo, 0, static_cast<size_t>(words));
    const auto now_high = bench.driver.read(models::kSelOutputHi, 0, static_cast<size_t>(words));
    const uint32_t end = job.out + job.count * (job.cols / 4);
    for (uint32_t i = 0; round > 0 && i < static_cast<uint32_t>(words); ++i) {
      const bool own = i >= job.out && i < end;
      if (own || (now_low[i] == low[i] && now_high[i] == high[i])) continue;
      bench.fail(fmt::format("output word {} changed, but the job writes {} .. {}{}", i, job.out,
                             end - 1, bench.describe(job)));
    }
    low = now_low;
    high = now_high;
  }
}

void fill_levels(Bench& bench, Setup& setup) {
  for (uint8_t& value : setup.cells.levels) value = static_cast<uint8_t>(bench.draw.uniform(0, 3));
}

/// A step of two levels and sums of whole levels: every odd sum is a tie.
void adc_ties(Bench& bench) {
  for (int round = 0; round < kRounds; ++round) {
    Setup setup = bench.plain();
    fill_levels(bench, setup);
    setup.settings.adc.shift = setup.settings.lsb_exp + 1;
    compare_one(bench, setup, bench.whole_bank(0), vector_of(bench, 1));
  }
}

void adc_clamp(Bench& bench) {
  for (int round = 0; round < kRounds; ++round) {
    Setup setup = bench.plain();
    fill_levels(bench, setup);
    setup.settings.adc.bits = bench.draw.uniform(1, 6);
    setup.settings.adc.shift = bench.draw.uniform(0, setup.settings.lsb_exp);
    compare_one(bench, setup, bench.whole_bank(0), bench.random_inputs());
  }
}

/// Offsets that carry a sum over either end of the ADC's range, and back.
void adc_offset_clamp(Bench& bench) {
  for (int round = 0; round < kRounds; ++round) {
    Setup setup = bench.plain();
    fill_levels(bench, setup);
    setup.settings.adc.bits = bench.draw.uniform(2, 6);
    for (int col = 0; col < setup.cells.cols; ++col) {
      const int limit = 256 << setup.settings.adc.bits;
      setup.settings.adc_offset.push_back(static_cast<int16_t>(bench.draw.uniform(-limit, limit)));
    }
    compare_one(bench, setup, bench.whole_bank(0), bench.random_inputs());
  }
}

/// One row at a time, so that a code is a cell's conductance; `base` says where the rails are.
void rails(Bench& bench, int lowest_base, int highest_base) {
  for (int round = 0; round < kRounds; ++round) {
    Setup setup = bench.plain();
    fill_levels(bench, setup);
    for (int8_t& offset : setup.cells.offsets) {
      offset = static_cast<int8_t>(bench.draw.edgy(-128, 127));
    }
    setup.settings.inject = true;
    setup.settings.base = bench.draw.edgy(lowest_base, highest_base);
    setup.settings.adc.shift = 0;  // at most 2 * 255 + 3 * 256 < 2^12: nothing saturates
    std::vector<uint8_t> memory = vector_of(bench, 0);
    const int row = bench.draw.uniform(0, bench.dut.geometry.rows - 1);
    memory[static_cast<size_t>(row)] = 1;
    compare_one(bench, setup, bench.whole_bank(0), memory);
  }
}

/// Everything saturates, nothing does, and a job as long as the output buffer.
void counters(Bench& bench) {
  Setup setup = bench.plain();
  std::fill(setup.cells.levels.begin(), setup.cells.levels.end(), uint8_t{3});
  const std::vector<uint8_t> ones = vector_of(bench, 255);
  bench.driver.load(0, ones);
  for (const int bits : {1, 12}) {
    setup.settings.adc.bits = bits;
    setup.settings.adc.shift = bits == 1 ? 0 : setup.settings.lsb_exp;
    bench.install(setup, 0);
    bench.compare_counted(setup, bench.whole_bank(0), ones);
    TileJob longest = bench.whole_bank(0);
    longest.cols = 4;
    longest.count = static_cast<uint32_t>(bench.dut.geometry.out_words);
    bench.compare_counted(setup, longest, ones);
  }
}

}  // namespace

std::vector<Check> arithmetic_checks(const Dut& dut) {
  std::vector<Check> checks{
      {"planes", "does bit plane p of an input weigh 2^p?", planes},
      {"slices", "does the second slice weigh four times the first?", slices},
      {"sign", "do the negative columns subtract?", sign},
      {"last_row", "are exactly the rows in use summed, the last one included?", last_row},
      {"banks", "does each bank have cells of its own?", banks},
      {"outputs", "does a job write its own results and no others?", outputs},
      {"adc_ties", "do ties of the ADC go towards +infinity?", adc_ties},
      {"adc_clamp", "does the ADC clamp at its largest code?", adc_clamp},
  };
  if (dut.has("adc_offset")) {
    checks.push_back(
        {"adc_offset_clamp", "is the ADC offset added before the clamp?", adc_offset_clamp});
  }
  if (dut.has("offset")) {
    checks.push_back(
        {"rails_near", "do near rails stop a cell, and only then?",
         [near = dut.has("rails") ? 127 : 0](Bench& bench) { rails(bench, 0, near); }});
  }
  if (dut.has("offset") && dut.has("rails")) {
    checks.push_back({"rails_far", "do far rails leave every offset whole?",
                      [](Bench& bench) { rails(bench, 128, 255); }});
  }
  checks.push_back({"counters", "is every product and every saturation counted?", counters});
  return checks;
}

}  // namespace crucible::sim
