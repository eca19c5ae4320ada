// `crucible program`: a network's cells onto a device.
#include <fmt/format.h>

#include "host/apps/chip_options.hpp"
#include "host/apps/command.hpp"
#include "host/driver/accelerator.hpp"
#include "host/experiment/hardware.hpp"
#include "host/experiment/stored_row.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::apps {
namespace {

void program_device(Program& program, const ChipOptions& options) {
  experiment::ExperimentConfig config = program.options().resolve();
  models::CompiledNetwork network;
  models::ChipOffsets offsets;
  if (options.run.empty()) {
    experiment::Workbench bench(config);
    network = bench.compile(config.tile, 8, false);
    offsets.assign(bench.geometry().cells(), 0);
  } else {
    experiment::StoredRow row = experiment::load_stored_row(options.run, options.row);
    config.device.hardware = row.hardware;
    network = std::move(row.compiled);
    offsets = std::move(row.offsets);
  }
  const std::string address = experiment::device_address(config.device);
  const auto opened = experiment::open_device(address, config.device.hardware);
  driver::Accelerator& device = *opened;
  const int banks = experiment::banks_in_use(network);
  device.program_levels(network.levels, banks);
  device.write_offsets(offsets, banks);
  device.verify_offsets(offsets, banks);
  device.apply(network.settings(0));
  const size_t cells = network.geometry.cells() / static_cast<size_t>(network.geometry.banks) *
                       static_cast<size_t>(banks);
  program.output(
      {{"address", address},
       {"network", network.name},
       {"banks", banks},
       {"cells_programmed_and_verified", cells}},
      fmt::format(
          "{}: {} programmed, {} cells in {} banks, levels and offsets read back and equal\n",
          address, network.name, cells, banks));
}

}  // namespace

void add_program(Program& program) {
  auto options = std::make_shared<ChipOptions>();
  CLI::App& command = program.add_command(
      "program", "Write a network's levels (and a chip's offsets) to a device, and read all back",
      "  crucible program --address tcp:127.0.0.1:5555\n"
      "  crucible program --address uart:/dev/ttyUSB1?baud=3000000 --run runs/main --row "
      "margin-ascent",
      [&program, options] { program_device(program, *options); });
  options->add_to(command);
}

}  // namespace crucible::apps
