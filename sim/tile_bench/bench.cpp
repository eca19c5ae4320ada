#include "sim/tile_bench/bench.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace crucible::sim {

Setup Bench::plain() const {
  Setup setup{models::ideal_cells(dut.geometry), {}};
  setup.settings.adc.shift = setup.settings.lsb_exp;
  setup.settings.adc.bits = 12;
  return setup;
}

Setup Bench::random_setup(const Groups& groups) {
  Setup setup{models::ideal_cells(dut.geometry), {}};
  for (const models::PortGroup* group : groups) {
    if (group->draw != nullptr) group->draw(dut.geometry, setup.settings, setup.cells, draw);
  }
  // Last: the ADC's step follows the scale that the others have chosen.
  dut.groups.front()->draw(dut.geometry, setup.settings, setup.cells, draw);
  return setup;
}

TileJob Bench::random_job(int most) {
  const models::ContractGeometry& g = dut.geometry;
  TileJob job;
  job.bank = static_cast<uint32_t>(draw.edgy(0, g.banks - 1));
  job.rows = static_cast<uint32_t>(draw.edgy(1, g.rows));
  job.cols = static_cast<uint32_t>(4 * draw.edgy(1, g.cols / 4));
  const int vector_words = static_cast<int>(job.rows + 3) / 4;
  const int result_words = static_cast<int>(job.cols) / 4;
  job.count =
      static_cast<uint32_t>(draw.edgy(1, std::max(1, std::min(most, g.out_words / result_words))));
  const int steps = static_cast<int>(job.count) - 1;
  const int widest = steps == 0 ? g.in_words : (g.in_words - vector_words) / steps;
  job.stride =
      static_cast<uint32_t>(draw.one_in(2) ? std::min(vector_words, widest) : draw.edgy(0, widest));
  const int in_end = steps * static_cast<int>(job.stride) + vector_words;
  job.in = static_cast<uint32_t>(
      draw.edgy(0, steps == 0 ? g.in_words - vector_words : g.in_words - in_end));
  job.out =
      static_cast<uint32_t>(draw.edgy(0, g.out_words - static_cast<int>(job.count) * result_words));
  if (steps == 0 && draw.one_in(2))
    job.stride = 0xffff;  // without a second vector it means nothing
  return job;
}

std::vector<uint8_t> Bench::random_inputs() {
  std::vector<uint8_t> inputs(4 * static_cast<size_t>(dut.geometry.in_words));
  const int kind = draw.uniform(0, 4);
  for (uint8_t& input : inputs) {
    input = static_cast<uint8_t>(kind == 0                      ? 255
                                 : kind == 1 && !draw.one_in(4) ? 0
                                                                : draw.uniform(0, 255));
  }
  return inputs;
}

TileJob Bench::whole_bank(int bank) const {
  return {.bank = static_cast<uint32_t>(bank),
          .rows = static_cast<uint32_t>(dut.geometry.rows),
          .cols = static_cast<uint32_t>(dut.geometry.cols),
          .count = 1,
          .in = 0,
          .stride = 0,
          .out = 0};
}

void Bench::install(const Setup& setup, uint32_t bank) {
  driver.mark_transaction();
  driver.program(static_cast<int>(bank), setup.cells);
  driver.apply(setup.settings);
}

Bench::Expected Bench::expect(const Setup& setup, const TileJob& job,
                              const std::vector<uint8_t>& memory) const {
  std::vector<uint8_t> x;
  for (size_t k = 0; k < job.count; ++k) {
    const size_t first = 4 * (job.in + (job.count > 1 ? k * job.stride : 0));
    for (size_t r = 0; r < job.rows; ++r) x.push_back(memory[first + r] & dut.input_mask());
  }
  Expected expected;
  expected.results.resize(size_t{job.count} * (job.cols / 4));
  models::BankCells cells = setup.cells;
  cells.bank = job.bank;
  models::reference_multiply(cells, static_cast<int>(job.rows), static_cast<int>(job.cols),
                             setup.settings, models::first_read(setup.settings), x,
                             static_cast<int>(job.count), expected.results, expected.counters);
  return expected;
}

void Bench::compare(const Setup& setup, const TileJob& job, const std::vector<uint8_t>& memory) {
  const Expected expected = expect(setup, job, memory);
  driver.run(job);
  const std::vector<int64_t> got = driver.results(job);
  for (size_t i = 0; i < got.size(); ++i) {
    if (got[i] == expected.results[i]) continue;
    fail(fmt::format("vector {}, output {}: the tile gives {}, the definition {}{}",
                     i / (job.cols / 4), i % (job.cols / 4), got[i], expected.results[i],
                     describe(job)));
  }
  products += job.count;
}

void Bench::compare_counted(const Setup& setup, const TileJob& job,
                            const std::vector<uint8_t>& memory) {
  driver.forget_events();
  compare(setup, job, memory);
  const models::TileCounters counters = expect(setup, job, memory).counters;
  for (const models::PortGroup* group : dut.groups) {
    for (const models::OutputPort& port : group->outputs) {
      const uint64_t expected = port.expected(counters);
      if (driver.events(port) == expected) continue;
      fail(fmt::format("{} counts {} events, the definition {}{}", port.name, driver.events(port),
                       expected, describe(job)));
    }
  }
}

void Bench::compare_random(const Groups& groups, uint64_t count,
                           void (*change)(const models::PortGroup&, Setup&)) {
  constexpr int kMostVectors = 120, kJobsPerSetup = 3;
  const uint64_t enough = products + count;
  while (products < enough) {
    Setup setup = random_setup(groups);
    if (change != nullptr) change(*groups.back(), setup);
    const std::vector<uint8_t> memory = random_inputs();
    const TileJob first = random_job(kMostVectors);
    install(setup, first.bank);
    driver.load(0, memory);
    for (int n = 0; n < kJobsPerSetup; ++n) {
      TileJob job = n == 0 ? first : random_job(kMostVectors);
      job.bank = first.bank;
      compare_counted(setup, job, memory);
    }
  }
}

std::string Bench::describe(const TileJob& job) const {
  std::string text =
      fmt::format("; bank {}, rows {}, cols {}, count {}, in {}, stride {}, out {}", job.bank,
                  job.rows, job.cols, job.count, job.in, job.stride, job.out);
  for (const models::PortGroup* group : dut.groups) {
    for (const models::InputPort& port : group->inputs) {
      text += fmt::format(", {} {}", port.name, port.value(driver.settings()));
    }
  }
  return text;
}

}  // namespace crucible::sim
