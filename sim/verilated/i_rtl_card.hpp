// The RTL of a PCIe card, Verilated: what its bus sees, and its clock. Nothing of Verilator is
// visible here.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "sim/pcie/i_card_model.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::sim {

/// An access of the bus is a transaction on the card's AXI ports and takes the clocks that it
/// takes; between accesses time passes in run().
class IRtlCard : public ICardModel {
 public:
  /// Runs the clock.
  virtual void run(int clocks) = 0;
  /// More clocks would change nothing: no job, no program, no frame on its way.
  [[nodiscard]] virtual bool settled() const = 0;
  /// Clock cycles since reset.
  [[nodiscard]] virtual uint64_t cycle() const = 0;
  virtual void enable_assertions(bool on) = 0;
  /// Throws crucible::Error(kMismatch) with the report if an assertion has fired.
  virtual void require_no_assertion_failures() const = 0;
  [[nodiscard]] virtual const spec::HardwareConfig& config() const = 0;
};

/// Whether a configuration has a card in this build.
[[nodiscard]] bool has_rtl_card(std::string_view config_name);

/// Makes a card that is out of reset. `seed` sets every register and memory word that reset does
/// not. Throws crucible::Error(kUsage) on a configuration that has no card in this build, and lists
/// those that have.
[[nodiscard]] std::unique_ptr<IRtlCard> make_rtl_card(std::string_view config_name, uint64_t seed);

}  // namespace crucible::sim
