// What a check works with: a driven tile, random numbers, and the definition to compare with.
#pragma once

#include <string>
#include <vector>

#include "sim/tile_bench/tile_driver.hpp"

namespace crucible::sim {

using Groups = std::vector<const models::PortGroup*>;

/// Cells and settings of one product.
struct Setup {
  models::BankCells cells;
  models::TileSettings settings;
};

class Bench {
 public:
  Bench(ITile& tile, const Dut& description, uint64_t seed)
      : dut(description), draw(seed), driver(tile, dut, draw) {
    driver.reset();
  }

  const Dut& dut;
  models::Draw draw;
  TileDriver driver;
  uint64_t products = 0;  ///< compared so far

  /// Cells at level 0 and a 12-bit ADC with a step of one level: a code is the sum of levels.
  [[nodiscard]] Setup plain() const;
  /// Random values of the base group and of these.
  [[nodiscard]] Setup random_setup(const Groups& groups);
  /// A legal job of at most `most` vectors, with any stride, also zero and overlapping.
  [[nodiscard]] TileJob random_job(int most);
  /// Random inputs for the whole input buffer: dense, sparse or all ones.
  [[nodiscard]] std::vector<uint8_t> random_inputs();
  /// A job of one vector with all rows and columns of a bank.
  [[nodiscard]] TileJob whole_bank(int bank) const;

  /// Programs cells and settings.
  void install(const Setup& setup, uint32_t bank);
  /// Runs the job over the installed setup and compares each result with the definition.
  void compare(const Setup& setup, const TileJob& job, const std::vector<uint8_t>& memory);
  /// The same, and what was counted.
  void compare_counted(const Setup& setup, const TileJob& job, const std::vector<uint8_t>& memory);
  /// Random products until there are `count` more.
  void compare_random(const Groups& groups, uint64_t count,
                      void (*change)(const models::PortGroup&, Setup&) = nullptr);

  [[noreturn]] void fail(const std::string& what) const { throw Violation(what); }
  [[nodiscard]] std::string describe(const TileJob& job) const;

 private:
  struct Expected {
    std::vector<int64_t> results;
    models::TileCounters counters;
  };
  [[nodiscard]] Expected expect(const Setup& setup, const TileJob& job,
                                const std::vector<uint8_t>& memory) const;
};

}  // namespace crucible::sim
