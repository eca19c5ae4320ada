// Memory, handshake, stale data, reset: nothing here needs the arithmetic to be right, so a wrong
// sum is not named here.
#include <fmt/format.h>

#include <algorithm>

#include "sim/tile_bench/checks.hpp"

namespace crucible::sim {
namespace {

constexpr int kRounds = 20;

/// One window's words of one bank, or of a table, and what they must read.
struct Shadow {
  std::string name;
  int selector = 0;
  bool byte_enables = false;
  std::vector<uint32_t> words;
};

/// Contents that tell every word of every window from the others.
std::vector<Shadow> random_contents(Bench& bench) {
  const Dut& dut = bench.dut;
  std::vector<Shadow> windows;
  const Groups effects(dut.groups.begin() + 1, dut.groups.end());
  const Setup tables = bench.random_setup(effects);
  for (const models::PortGroup* group : dut.groups) {
    for (const models::CellWindow& window : group->cells) {
      Shadow shadow{fmt::format("{} (selector {})", group->name, window.selector),
                    window.selector,
                    window.byte_enables,
                    {}};
      for (int bank = 0; bank < dut.geometry.banks; ++bank) {
        const Setup setup = bench.random_setup(effects);
        for (int i = 0; i < window.words(dut.geometry); ++i) {
          shadow.words.push_back(window.word(dut.geometry, setup.cells, i));
        }
      }
      windows.push_back(std::move(shadow));
    }
    for (const models::TableWindow& window : group->tables) {
      const bool shared = std::any_of(windows.begin(), windows.end(), [&](const Shadow& other) {
        return other.selector == window.selector;
      });
      if (shared) continue;
      Shadow shadow{fmt::format("{} (selector {})", group->name, window.selector),
                    window.selector,
                    false,
                    {}};
      for (int i = 0; i < window.words(dut.geometry); ++i) {
        shadow.words.push_back(window.word(dut.geometry, tables.settings, i));
      }
      windows.push_back(std::move(shadow));
    }
  }
  Shadow inputs{"inputs (selector 2)", models::kSelInput, false, {}};
  for (int i = 0; i < dut.geometry.in_words; ++i) inputs.words.push_back(bench.draw.word());
  windows.push_back(std::move(inputs));
  return windows;
}

void expect_contents(Bench& bench, const std::vector<Shadow>& windows) {
  for (const Shadow& window : windows) {
    const auto got = bench.driver.read(window.selector, 0, window.words.size());
    for (size_t i = 0; i < got.size(); ++i) {
      if (got[i] == window.words[i]) continue;
      bench.fail(fmt::format("{}: word {} reads {:#010x}, written {:#010x}", window.name, i, got[i],
                             window.words[i]));
    }
  }
}

void memory(Bench& bench) {
  for (int round = 0; round < 2; ++round) {
    const std::vector<Shadow> windows = random_contents(bench);
    for (const Shadow& window : windows) bench.driver.write(window.selector, 0, window.words);
    expect_contents(bench, windows);
  }
}

void sparse_writes(Bench& bench) {
  std::vector<Shadow> windows = random_contents(bench);
  for (const Shadow& window : windows) bench.driver.write(window.selector, 0, window.words);
  const std::vector<Shadow> others = random_contents(bench);
  for (int round = 0; round < kRounds; ++round) {
    bench.driver.mark_transaction();
    for (size_t w = 0; w < windows.size(); ++w) {
      Shadow& window = windows[w];
      const int i = bench.draw.edgy(0, static_cast<int>(window.words.size()) - 1);
      const uint32_t enables =
          window.byte_enables ? static_cast<uint32_t>(bench.draw.uniform(0, 15)) : 15;
      uint32_t mask = 0;
      for (int lane = 0; lane < 4; ++lane) mask |= (enables >> lane & 1) * (0xffu << (8 * lane));
      const uint32_t fresh = others[w].words[static_cast<size_t>(
          bench.draw.uniform(0, static_cast<int>(window.words.size()) - 1))];
      bench.driver.write(window.selector, static_cast<uint32_t>(i), {&fresh, 1}, enables);
      uint32_t& word = window.words[static_cast<size_t>(i)];
      word = (word & ~mask) | (fresh & mask);
    }
    expect_contents(bench, windows);
  }
}

/// Every bank with cells of its own, inputs, and settings.
void fill(Bench& bench) {
  const Groups effects(bench.dut.groups.begin() + 1, bench.dut.groups.end());
  for (int bank = 0; bank < bench.dut.geometry.banks; ++bank) {
    bench.driver.program(bank, bench.random_setup(effects).cells);
  }
  bench.driver.apply(bench.plain().settings);
  bench.driver.load(0, bench.random_inputs());
}

/// Jobs whose results do not overlap.
std::vector<TileJob> disjoint_jobs(Bench& bench, int most) {
  std::vector<TileJob> jobs;
  uint32_t out = 0;
  while (static_cast<int>(jobs.size()) < most) {
    TileJob job = bench.random_job(3);
    const uint32_t words = job.count * (job.cols / 4);
    if (out + words > static_cast<uint32_t>(bench.dut.geometry.out_words)) break;
    job.out = out;
    out += words;
    jobs.push_back(job);
  }
  return jobs;
}

std::vector<std::vector<int64_t>> results_of(Bench& bench, const std::vector<TileJob>& jobs) {
  std::vector<std::vector<int64_t>> results;
  for (const TileJob& job : jobs) results.push_back(bench.driver.results(job));
  return results;
}

void handshake(Bench& bench) {
  for (int round = 0; round < kRounds; ++round) {
    fill(bench);
    const std::vector<TileJob> jobs = disjoint_jobs(bench, bench.draw.uniform(2, 6));
    for (const TileJob& job : jobs)
      bench.driver.run(job);  // leaves other results than the next inputs
    const std::vector<uint8_t> memory = bench.random_inputs();
    bench.driver.load(0, memory);
    for (const TileJob& job : jobs) {  // offered while the tile is busy, at any time
      for (int pause = bench.draw.one_in(2) ? 0 : bench.draw.uniform(0, 40); pause > 0; --pause) {
        bench.driver.clock();
      }
      bench.driver.start(job);
    }
    bench.driver.wait();
    const auto together = results_of(bench, jobs);
    for (const TileJob& job : jobs) bench.driver.run(job);
    if (results_of(bench, jobs) != together) {
      bench.fail(
          fmt::format("{} jobs that follow each other without a pause give other results "
                      "than one by one",
                      jobs.size()));
    }
    for (const TileJob& job : jobs) bench.products += 3 * job.count;
  }
}

/// The same job over rewritten data, and over the same data that was never anything else.
void stale_data(Bench& bench) {
  const int banks = bench.dut.geometry.banks;
  for (int round = 0; round < kRounds; ++round) {
    fill(bench);
    TileJob job = bench.random_job(4);
    bench.driver.run(job);
    bench.driver.load(0, bench.random_inputs());
    const Groups effects(bench.dut.groups.begin() + 1, bench.dut.groups.end());
    const models::BankCells cells = bench.random_setup(effects).cells;
    bench.driver.program(static_cast<int>(job.bank), cells);
    bench.driver.run(job);
    const auto again = bench.driver.results(job);
    TileJob fresh = job;
    if (banks > 1) {
      fresh.bank = (job.bank + 1) % static_cast<uint32_t>(banks);
      bench.driver.program(static_cast<int>(fresh.bank), cells);
    }
    // Another place for the results, and another job between, so that nothing is left of the first.
    fresh.out = static_cast<uint32_t>(bench.dut.geometry.out_words) - job.count * (job.cols / 4);
    TileJob between = bench.whole_bank(0);
    bench.driver.run(between);
    bench.driver.run(fresh);
    if (bench.driver.results(fresh) != again) {
      bench.fail(
          "a job over rewritten inputs and cells gives other results than the same job over "
          "data that is new: something old is kept" +
          bench.describe(job));
    }
    bench.products += 4 * job.count;
  }
}

void reset(Bench& bench) {
  for (int round = 0; round < kRounds; ++round) {
    const Groups effects(bench.dut.groups.begin() + 1, bench.dut.groups.end());
    const models::BankCells cells = bench.random_setup(effects).cells;
    const std::vector<uint8_t> memory = bench.random_inputs();
    TileJob job = bench.random_job(4);
    const auto once = [&] {
      bench.driver.program(static_cast<int>(job.bank), cells);
      bench.driver.apply(bench.plain().settings);
      bench.driver.load(0, memory);
      bench.driver.run(job);
      return bench.driver.results(job);
    };
    const auto clean = once();
    bench.driver.start(bench.whole_bank(static_cast<int>(job.bank)));
    for (int n = bench.draw.uniform(0, 3 * bench.dut.geometry.rows); n > 0; --n) {
      bench.driver.clock();
    }
    bench.driver.reset();  // in the middle of the job, most of the time
    if (once() != clean) {
      bench.fail(
          "after a reset in the middle of a job the next job gives other results than "
          "before: the reset leaves state" +
          bench.describe(job));
    }
    bench.products += 2 * job.count;
  }
}

}  // namespace

std::vector<Check> protocol_checks(const Dut&) {
  return {
      {"memory", "does every word of every window read what was written, two cycles later, once?",
       memory},
      {"sparse_writes", "does a write of single words and bytes leave all others alone?",
       sparse_writes},
      {"handshake", "is no job lost when jobs are offered at any time, also while busy?",
       handshake},
      {"stale_data", "does a job see rewritten inputs and cells?", stale_data},
      {"reset", "does a reset at any time leave nothing of a job?", reset},
  };
}

}  // namespace crucible::sim
