// What a device that answers is asked.
#pragma once

#include "host/doctor/doctor.hpp"
#include "host/driver/accelerator.hpp"

namespace crucible::doctor {

/// Versions and fingerprints, those of this host beside those of the device.
[[nodiscard]] Finding examine_identity(port::IPort& port);
/// Frames of random words and their answers: how many had to be sent again, and how fast it is.
[[nodiscard]] Finding examine_link(port::IPort& port, const std::string& name, int frames,
                                   uint64_t seed);
/// A march over every cell memory, by the device where it can, else by patterns of this host.
[[nodiscard]] Finding examine_memory(driver::Accelerator& device);
/// The device's ramp over its converters beside the model's.
[[nodiscard]] Finding examine_converters(driver::Accelerator& device);
/// Logits of a random network with random offsets beside the model's.
[[nodiscard]] Finding examine_network(driver::Accelerator& device, uint64_t seed);

}  // namespace crucible::doctor
