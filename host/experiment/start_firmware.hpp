// Firmware on the core of an experiment's device.
#pragma once

#include <filesystem>

#include "host/board/board_runner.hpp"

namespace crucible::experiment {

/// Starts the ELF, or board::find_firmware() where the path is empty. Throws crucible::Error:
/// kUsage for the in-process device, which has the registers of a core and no core; as BoardRunner
/// else.
[[nodiscard]] board::BoardRunner start_firmware(driver::Accelerator& device,
                                                const std::filesystem::path& elf = {});

}  // namespace crucible::experiment
