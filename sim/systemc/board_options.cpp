#include "sim/systemc/board_options.hpp"

namespace crucible::sim {

double board_hz(const spec::HardwareConfig& config, const BoardOptions& options) {
  return options.clk_hz > 0 ? options.clk_hz : config.clk_hz;
}

double board_baud(const spec::HardwareConfig& config, double clk_hz) {
  const uint32_t clocks_per_bit = config.clk_hz / config.baud;
  return (clk_hz > 0 ? clk_hz : config.clk_hz) / clocks_per_bit;
}

}  // namespace crucible::sim
