// What the operating system says of a serial port, before it is opened.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>

#include "host/doctor/doctor.hpp"

namespace crucible::doctor {

/// The device file is there, is a terminal's, this user may read and write it, and nobody else
/// does.
[[nodiscard]] Finding examine_port(const std::filesystem::path& device);

/// What lets a user in at a port of this group and mode: the group, where it may read and write and
/// is not root's.
[[nodiscard]] std::string permission_advice(gid_t group, mode_t mode);

/// FTDI's chips hold back short answers for their latency timer, 16 ms from the factory: every
/// round trip takes that long. Skipped for ports without one.
[[nodiscard]] Finding examine_latency(const std::filesystem::path& device,
                                      const std::filesystem::path& sysfs);

}  // namespace crucible::doctor
