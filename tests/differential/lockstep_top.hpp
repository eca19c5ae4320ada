// Several simulators of one device behind one IRtlTop: the same inputs in every cycle, and the same
// outputs expected.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "sim/verilated/i_rtl_top.hpp"

namespace crucible::sim {

struct Simulator {
  std::string name;
  std::unique_ptr<IRtlTop> top;
};

/// Shows the outputs of the first simulator. Throws crucible::Error(kMismatch) with cycle, pin and
/// both values in the first cycle in which another one differs.
class LockstepTop final : public IRtlTop {
 public:
  /// At least two, of the same configuration.
  explicit LockstepTop(std::vector<Simulator> simulators);

  void reset() override;
  const RtlOutputs& clock(const RtlInputs& inputs) override;
  [[nodiscard]] const RtlOutputs& outputs() const override { return first().outputs(); }
  void enable_assertions(bool on) override { first().enable_assertions(on); }
  [[nodiscard]] int assertion_failures() const override { return first().assertion_failures(); }
  [[nodiscard]] std::string assertion_report() const override { return first().assertion_report(); }
  void trace(const std::string& path, uint64_t from, uint64_t cycles) override {
    first().trace(path, from, cycles);
  }
  [[nodiscard]] const spec::HardwareConfig& config() const override { return first().config(); }

 private:
  [[nodiscard]] IRtlTop& first() const { return *simulators_.front().top; }

  std::vector<Simulator> simulators_;
};

}  // namespace crucible::sim
