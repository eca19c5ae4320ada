// crucible-board: the RTL in a SystemC board, offered over sockets and a pseudo-terminal until a
// signal or its client ends it.
#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <systemc>

#include "models/error.hpp"
#include "sim/apps/ready_file.hpp"
#include "sim/bridge/host_bridge.hpp"
#include "sim/systemc/board.hpp"
#include "sim/verilated/card_board.hpp"
#include "sim/verilated/i_rtl_top.hpp"

namespace {

using namespace crucible;

struct Options {
  std::string config = "full";
  sim::BridgeOptions bridge;
  sim::BoardOptions board;
  std::string ready_file;
  std::string trace;
  uint64_t trace_from = 0;
  uint64_t trace_cycles = 100'000;
  uint64_t seed = 1;
  bool rtl_card = false;
  pid_t parent = 0;  // 0: the board outlives whoever started it
  bool no_assertions = false;
};

void declare(CLI::App& app, Options& options) {
  app.add_option("--config", options.config,
                 "Hardware configuration: tiny, small, full, small_soc or full_soc")
      ->capture_default_str();
  app.add_option("--tcp", options.bridge.tcp, "Listen on HOST:PORT; port 0 takes a free one");
  app.add_option("--unix", options.bridge.unix_path, "Listen on a Unix-domain socket at this path");
  app.add_option(
      "--vfio-user", options.bridge.vfio_user,
      "Be a PCIe card: serve the vfio-user protocol on a Unix-domain socket at this path");
  app.add_option("--pci-proxy", options.bridge.pci_proxy,
                 "Be a PCIe card in a machine in QEMU: the descriptor of a Unix socket whose other "
                 "end QEMU's x-pci-proxy-dev has; the board ends with QEMU")
      ->check(CLI::NonNegativeNumber);
  app.add_flag(
      "--rtl-card", options.rtl_card,
      "The card is its RTL: BAR0 and BAR2 are the AXI ports of the Verilated top (default: "
      "a loosely timed card in front of the device)");
  app.add_option("--pty", options.bridge.pty_link,
                 "Offer the UART as a pseudo-terminal; with a path, link it there")
      ->expected(0, 1)
      ->each([&options](const std::string&) { options.bridge.pty = true; });
  app.add_option("--ready-file", options.ready_file,
                 "Write addresses as JSON to this file when ready");
  app.add_flag("--exit-with-client", options.bridge.exit_with_client, "End when the client goes");
  app.add_option("--parent", options.parent,
                 "End when this process, which started the board, is gone however it ended");
  app.add_option("--max-cycles", options.board.max_cycles,
                 "End with an error after so many device cycles (0: never)");
  app.add_option("--quantum", options.board.quantum_clocks,
                 "Clocks that the device may run ahead of the board")
      ->check(CLI::Range(1, 1 << 20))
      ->capture_default_str();
  app.add_option("--clk-hz", options.board.clk_hz,
                 "Frequency of the board's oscillator; the UART's rate follows it (default: the "
                 "configuration's)")
      ->check(CLI::PositiveNumber);
  app.add_option("--trace", options.trace, "Write waves to this file (FST)");
  app.add_option("--trace-from", options.trace_from, "First device cycle in the waves")
      ->capture_default_str();
  app.add_option("--trace-cycles", options.trace_cycles, "Number of device cycles in the waves")
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Seed of what reset does not set")->capture_default_str();
  app.add_flag("--no-assertions", options.no_assertions,
               "Do not check the RTL's assertions (faster)");
}

std::string describe(const Options& options, const sim::HostBridge& bridge,
                     const spec::HardwareConfig& config) {
  nlohmann::json ready{
      {"schema", "crucible.board/1"}, {"pid", ::getpid()}, {"config", options.config}};
  if (!bridge.tcp_address().empty()) ready["tcp"] = bridge.tcp_address();
  if (!options.bridge.unix_path.empty()) ready["unix"] = options.bridge.unix_path;
  if (!options.bridge.vfio_user.empty()) ready["vfio_user"] = options.bridge.vfio_user;
  if (options.bridge.pty) {
    ready["pty"] = bridge.pty_path();
    ready["baud"] = std::lround(sim::board_baud(config, options.board.clk_hz));
  }
  if (!options.bridge.pty_link.empty()) ready["pty_link"] = options.bridge.pty_link;
  return ready.dump();
}

/// Asks for SIGTERM when the parent ends, SIGKILL included. A parent that is gone already sends
/// none.
void end_with(pid_t parent) {
  if (::prctl(PR_SET_PDEATHSIG, SIGTERM) != 0) {
    throw Error(ErrorKind::kDevice,
                fmt::format("cannot watch the parent process: {}", std::strerror(errno)));
  }
  if (::getppid() != parent) {
    throw Error(
        ErrorKind::kUsage,
        fmt::format("--parent {} is not the process that started the board, or is gone; the "
                    "parent is {}",
                    parent, ::getppid()));
  }
}

/// Says on standard output, and in a file while it lives, how the board is reached.
class Announcement {
 public:
  Announcement(const Options& options, const sim::HostBridge& bridge,
               const spec::HardwareConfig& config) {
    const std::string ready = describe(options, bridge, config);
    if (!options.ready_file.empty()) file_.emplace(options.ready_file, ready);
    fmt::print("{}\n", ready);
    std::fflush(stdout);
  }

 private:
  std::optional<sim::ReadyFile> file_;
};

void run_rtl_card(const Options& options) {
  if (options.bridge.vfio_user.empty() && options.bridge.pci_proxy < 0)
    throw Error(ErrorKind::kUsage, "--rtl-card belongs to --vfio-user or --pci-proxy");
  if (!options.trace.empty())
    throw Error(ErrorKind::kUsage, "--rtl-card writes no waves: leave out --trace");
  const std::unique_ptr<sim::IRtlCard> card = sim::make_rtl_card(options.config, options.seed);
  card->enable_assertions(!options.no_assertions);
  sim::HostBridge bridge(options.bridge, card->config(), card.get());
  const Announcement announcement(options, bridge, card->config());
  sim::run_card_board(*card, bridge, options.board.max_cycles);
}

void run(const Options& options) {
  if (options.parent != 0) end_with(options.parent);
  if (options.bridge.tcp.empty() && options.bridge.unix_path.empty() && !options.bridge.pty &&
      options.bridge.vfio_user.empty() && options.bridge.pci_proxy < 0) {
    throw Error(ErrorKind::kUsage,
                "nobody could reach the board: give --tcp, --unix or --pty, or --vfio-user or "
                "--pci-proxy");
  }
  if (options.rtl_card) return run_rtl_card(options);
  const std::unique_ptr<sim::IRtlTop> top = sim::make_rtl_top(options.config, options.seed);
  top->enable_assertions(!options.no_assertions);
  if (!options.trace.empty()) top->trace(options.trace, options.trace_from, options.trace_cycles);
  sim::HostBridge bridge(options.bridge, top->config());
  const Announcement announcement(options, bridge, top->config());
  sim::run_board(*top, bridge, options.board);
}

}  // namespace

/// What SystemC's kernel calls after its own start.
int sc_main(int argc, char** argv) {
  CLI::App app("The emulated board: Crucible's RTL, Verilated, in a SystemC board.",
               "crucible-board");
  Options options;
  declare(app, options);
  try {
    app.parse(argc, argv);
    run(options);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(ErrorKind::kUsage);
  } catch (const Error& error) {
    fmt::print(stderr, "crucible-board: {}\n", error.what());
    return error.exit_code();
  } catch (const std::exception& error) {
    fmt::print(stderr, "crucible-board: {}\n", error.what());
    return static_cast<int>(ErrorKind::kInternal);
  }
  return 0;
}

int main(int argc, char** argv) {
  ::setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 0);
  return sc_core::sc_elab_and_sim(argc, argv);
}
