// The register block alone, its cycle counter some clocks before the carry into the upper word.
#include <Vcim_regs_late.h>
#include <gtest/gtest.h>
#include <verilated.h>

#include "spec/gen/crucible_spec.hpp"

namespace crucible::sim {
namespace {

constexpr uint64_t kFirstCycle = 0xffff'ffe0;  // FirstCycle in regs_late.f
constexpr int kClocks = 64;                    // half of them before the carry

class Registers {
 public:
  Registers() {
    model_.rst_ni = 0;
    clock();
    model_.rst_ni = 1;
  }

  uint64_t cycle() const { return model_.cycle_o; }

  /// The answer to a read, two clocks later.
  uint32_t read(uint32_t address) {
    model_.req_i = 1;
    model_.addr_i = address;
    clock();
    model_.req_i = 0;
    clock();
    EXPECT_EQ(model_.rsp_o, 1);
    return model_.rsp_rdata_o;
  }

  void clock() {
    model_.clk_i = 0;
    model_.eval();
    model_.clk_i = 1;
    model_.eval();
  }

 private:
  VerilatedContext context_;
  Vcim_regs_late model_{&context_};
};

TEST(CycleCounter, CountsAcrossTheWordBoundary) {
  Registers registers;
  for (uint64_t i = 0; i < kClocks; ++i) {
    ASSERT_EQ(registers.cycle(), kFirstCycle + i);
    registers.clock();
  }
}

TEST(CycleCounter, ReadsAsOneNumberWhereverTheCarryFalls) {
  for (int delay = 0; delay < kClocks; ++delay) {
    Registers registers;
    for (int i = 0; i < delay; ++i) registers.clock();
    const uint64_t asked = registers.cycle();
    const uint64_t low = registers.read(spec::kRegCyclesLo);
    const uint64_t high = registers.read(spec::kRegCyclesHi);
    EXPECT_EQ(high << 32 | low, asked + 1) << delay << " clocks after reset";
  }
}

TEST(CycleCounter, HoldsTheUpperWordUntilTheLowerOneIsReadAgain) {
  Registers registers;
  const uint32_t low = registers.read(spec::kRegCyclesLo);
  for (int i = 0; i < kClocks; ++i) registers.clock();
  EXPECT_EQ(low, kFirstCycle + 1);
  EXPECT_EQ(registers.read(spec::kRegCyclesHi), 0u);
  EXPECT_LT(registers.read(spec::kRegCyclesLo), low);
  EXPECT_EQ(registers.read(spec::kRegCyclesHi), 1u);
}

}  // namespace
}  // namespace crucible::sim
