#include "host/experiment/start_firmware.hpp"

#include <fmt/format.h>

#include "models/error.hpp"

namespace crucible::experiment {

board::BoardRunner start_firmware(driver::Accelerator& device, const std::filesystem::path& elf) {
  const board::FirmwareImage image =
      board::read_firmware(elf.empty() ? board::find_firmware() : elf);
  const std::string address = device.port().describe();
  if (address.starts_with("model:") && device.identity().memory_bytes > 0)
    throw Error(ErrorKind::kUsage,
                fmt::format("{}: the model in this process has no core to run firmware; use "
                            "sim:tlm, sim:rtl or a board",
                            address));
  return board::BoardRunner(device, image);
}

}  // namespace crucible::experiment
