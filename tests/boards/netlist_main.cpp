// The board process around a board's top with nothing but its pins (netlist_top.cpp):
// netlist_board --config NAME --pty LINK.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <systemc>

#include "models/error.hpp"
#include "sim/bridge/host_bridge.hpp"
#include "sim/systemc/board.hpp"

namespace {

using namespace crucible;

void run(const std::string& config, const sim::BridgeOptions& options) {
  const std::unique_ptr<sim::IRtlTop> top = sim::make_rtl_top(config, 0);
  sim::HostBridge bridge(options, top->config());
  const nlohmann::json ready = {
      {"config", config}, {"pid", ::getpid()}, {"pty", bridge.pty_path()}};
  fmt::print("{}\n", ready.dump());
  std::fflush(stdout);
  sim::run_board(*top, bridge, {});
}

}  // namespace

/// What SystemC's kernel calls after its own start.
int sc_main(int argc, char** argv) {
  CLI::App app("A board's top, driven over its pins.", "netlist_board");
  std::string config;
  sim::BridgeOptions bridge;
  bridge.pty = true;
  app.add_option("--config", config)->required();
  app.add_option("--pty", bridge.pty_link)->required();
  try {
    app.parse(argc, argv);
    run(config, bridge);
  } catch (const CLI::ParseError& error) {
    return app.exit(error);
  } catch (const std::exception& error) {
    fmt::print(stderr, "netlist_board: {}\n", error.what());
    return 1;
  }
  return 0;
}

int main(int argc, char** argv) {
  ::setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);
  return sc_core::sc_elab_and_sim(argc, argv);
}
