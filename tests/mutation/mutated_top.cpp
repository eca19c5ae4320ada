#include "tests/mutation/mutated_top.hpp"

#include <fmt/format.h>

#include "Vcim_mutated.h"
#include "models/error.hpp"
#include "sim/verilated/verilated_top.hpp"
#include "tests/rtl/tested_configs.hpp"

namespace crucible::sim {
namespace {

uint16_t selected = 0;
uint64_t limit = ~uint64_t{0};
uint64_t used = 0;

/// The model with the selector set before anything is evaluated.
class Mutant : public Vcim_mutated {
 public:
  explicit Mutant(VerilatedContext* context) : Vcim_mutated(context) { mutsel_i = selected; }
};

/// A mutant may hang or run on for ever: every clock counts.
class LimitedTop final : public IRtlTop {
 public:
  LimitedTop(const spec::HardwareConfig& config, uint64_t seed) : top_(config, seed) {}
  void reset() override { top_.reset(); }
  const RtlOutputs& clock(const RtlInputs& inputs) override {
    if (++used > limit) {
      throw Error(ErrorKind::kTimeout,
                  fmt::format("mutant {} is not done after {} clock cycles", selected, limit));
    }
    return top_.clock(inputs);
  }
  [[nodiscard]] const RtlOutputs& outputs() const override { return top_.outputs(); }
  void enable_assertions(bool on) override { top_.enable_assertions(on); }
  [[nodiscard]] int assertion_failures() const override { return top_.assertion_failures(); }
  [[nodiscard]] std::string assertion_report() const override { return top_.assertion_report(); }
  void trace(const std::string& path, uint64_t from, uint64_t cycles) override {
    top_.trace(path, from, cycles);
  }
  [[nodiscard]] const spec::HardwareConfig& config() const override { return top_.config(); }

 private:
  VerilatedTop<Mutant> top_;
};

}  // namespace

void select_mutant(uint16_t mutant) { selected = mutant; }
void limit_cycles(uint64_t cycles) {
  limit = cycles;
  used = 0;
}
uint64_t cycles_used() { return used; }

std::vector<const char*> tested_configs(std::vector<const char*>) { return {"tiny"}; }

std::unique_ptr<IRtlTop> make_rtl_top(std::string_view config_name, uint64_t seed) {
  for (const spec::HardwareConfig& config : spec::kConfigs) {
    if (config.name == config_name && config_name == "tiny")
      return std::make_unique<LimitedTop>(config, seed);
  }
  throw Error(
      ErrorKind::kUsage,
      fmt::format("no mutants of '{}': there is tiny; use --gtest_filter='*tiny*'", config_name));
}

}  // namespace crucible::sim
