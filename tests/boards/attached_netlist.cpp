// The program CRUCIBLE_BOARD_PROGRAM with the configuration CRUCIBLE_NETLIST_CONFIG, on a
// pseudo-terminal.
#include <fmt/format.h>

#include <stdexcept>

#include "tests/boards/board_fixture.hpp"
#include "tests/cosim/board_program.hpp"

namespace crucible::boards {

std::optional<AttachedBoard> attach_board() {
  const std::string name = CRUCIBLE_NETLIST_CONFIG;
  const auto program = std::make_shared<sim::BoardProgram>(
      std::vector<std::string>{"--config", name, "--pty", "{DIR}/uart"});
  if (program->ready_line().empty())
    throw std::runtime_error("the board ended at once: " + program->errors());
  const auto* const config =
      std::find_if(spec::kConfigs.begin(), spec::kConfigs.end(),
                   [&](const spec::HardwareConfig& known) { return known.name == name; });
  return AttachedBoard{
      fmt::format("uart:{}?baud={}", (program->folder() / "uart").string(), config->baud), program};
}

TEST_F(Board, IsOfTheConfigurationThatItWasMadeOf) {
  EXPECT_EQ(config_->name, CRUCIBLE_NETLIST_CONFIG);
}

}  // namespace crucible::boards
