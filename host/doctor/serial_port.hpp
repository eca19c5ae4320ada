// What the operating system says of a serial port, before it is opened.
#pragma once

#include <filesystem>

#include "host/doctor/doctor.hpp"

namespace crucible::doctor {

/// The device file is there, is a terminal's, this user may read and write it, and nobody else
/// does.
[[nodiscard]] Finding examine_port(const std::filesystem::path& device);

/// FTDI's chips hold back short answers for their latency timer, 16 ms from the factory: every
/// round trip takes that long. Skipped for ports without one.
[[nodiscard]] Finding examine_latency(const std::filesystem::path& device,
                                      const std::filesystem::path& sysfs);

}  // namespace crucible::doctor
