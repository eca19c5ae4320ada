// One factory per configuration of which a mixed board may be made; each lives in a source file of
// its own.
#pragma once

#include <cstdint>
#include <memory>

#include "sim/tlm/i_tlm_device.hpp"

namespace crucible::sim {

[[nodiscard]] std::unique_ptr<ITlmDevice> make_tiny_device(uint64_t seed, bool assertions);
[[nodiscard]] std::unique_ptr<ITlmDevice> make_small_soc_device(uint64_t seed, bool assertions);
[[nodiscard]] std::unique_ptr<ITlmDevice> make_full_soc_device(uint64_t seed, bool assertions);

}  // namespace crucible::sim
