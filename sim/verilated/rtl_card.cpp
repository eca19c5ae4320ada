// The cards of the named configurations.
#include <fmt/format.h>

#include "models/error.hpp"
#include "sim/verilated/cards.hpp"

namespace crucible::sim {

bool has_rtl_card(std::string_view config_name) {
  return CRUCIBLE_CONTROLLER != 0 &&
         (config_name == spec::kConfigSmallSoc.name || config_name == spec::kConfigFullSoc.name);
}

std::unique_ptr<IRtlCard> make_rtl_card(std::string_view config_name,
                                        [[maybe_unused]] uint64_t seed) {
#if CRUCIBLE_CONTROLLER
  if (config_name == spec::kConfigSmallSoc.name)
    return make_small_soc_card(spec::kConfigSmallSoc, seed);
  if (config_name == spec::kConfigFullSoc.name)
    return make_full_soc_card(spec::kConfigFullSoc, seed);
  throw Error(ErrorKind::kUsage,
              fmt::format("the RTL of a card has a controller, and '{}' has none: use one of {}, "
                          "{}, or --card loose",
                          config_name, spec::kConfigSmallSoc.name, spec::kConfigFullSoc.name));
#else
  throw Error(ErrorKind::kUsage,
              fmt::format("no RTL of a card of '{}' in this build ({}); give --card loose",
                          config_name, CRUCIBLE_CONTROLLER_MISSING));
#endif
}

}  // namespace crucible::sim
