// crucible-board: the RTL in a SystemC board, offered over sockets and a pseudo-terminal until a
// signal or its client ends it.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <systemc>

#include "models/error.hpp"
#include "sim/apps/ready_file.hpp"
#include "sim/bridge/host_bridge.hpp"
#include "sim/systemc/board.hpp"
#include "sim/tlm/engineless_device.hpp"
#include "sim/tlm/functional_device.hpp"
#include "sim/tlm/tlm_board.hpp"
#include "sim/verilated/card_board.hpp"
#include "sim/verilated/i_rtl_top.hpp"
#include "sim/verilated/rtl_device.hpp"

namespace {

using namespace crucible;

enum class Model { kRtl, kTlm, kMixed };
const std::map<std::string, Model> kModels{
    {"rtl", Model::kRtl}, {"tlm", Model::kTlm}, {"mixed", Model::kMixed}};
enum class Card { kRtl, kLoose };
const std::map<std::string, Card> kCards{{"rtl", Card::kRtl}, {"loose", Card::kLoose}};

struct Options {
  std::string config = "full";
  Model model = Model::kRtl;
  sim::BridgeOptions bridge;
  sim::BoardOptions board;
  std::string ready_file;
  std::string trace;
  uint64_t trace_from = 0;
  uint64_t trace_cycles = 100'000;
  uint64_t seed = 1;
  std::optional<Card> card;  // none given: see rtl_card()
  pid_t parent = 0;          // 0: the board outlives whoever started it
};

void declare(CLI::App& app, Options& options) {
  app.add_option("--config", options.config,
                 "Hardware configuration: tiny, small, full, nano, small_soc or full_soc")
      ->capture_default_str();
  app.add_option(
         "--model", options.model,
         "What the board is made of: rtl (all of it Verilated), tlm (the TLM-2.0 model, its "
         "core Verilated) or mixed (the TLM-2.0 model around Verilated registers and tile)")
      ->transform(CLI::CheckedTransformer(kModels).description("rtl, tlm or mixed"))
      ->default_str("rtl");
  app.add_option("--tcp", options.bridge.tcp, "Listen on HOST:PORT; port 0 takes a free one");
  app.add_option("--unix", options.bridge.unix_path, "Listen on a Unix-domain socket at this path");
  app.add_option(
      "--vfio-user", options.bridge.vfio_user,
      "Be a PCIe card: serve the vfio-user protocol on a Unix-domain socket at this path");
  app.add_option("--pci-proxy", options.bridge.pci_proxy,
                 "Be a PCIe card in a machine in QEMU: the descriptor of a Unix socket whose other "
                 "end QEMU's x-pci-proxy-dev has; the board ends with QEMU")
      ->check(CLI::NonNegativeNumber);
  app.add_option(
         "--card", options.card,
         "What the PCIe card is made of: rtl (BAR0 and BAR2 are the AXI ports of the Verilated "
         "top; the default for small_soc and full_soc without --model, which alone have it) or "
         "loose (loosely timed, in front of the device)")
      ->transform(CLI::CheckedTransformer(kCards).description("rtl or loose"));
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
  app.add_flag("!--no-assertions", options.board.assertions,
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

bool is_card(const Options& options) {
  return !options.bridge.vfio_user.empty() || options.bridge.pci_proxy >= 0;
}

/// Whether the card is RTL: where it is, unless something else was asked for.
bool rtl_card(const Options& options) {
  if (options.card) return *options.card == Card::kRtl;
  return is_card(options) && options.model == Model::kRtl && sim::has_rtl_card(options.config);
}

void run_rtl_card(const Options& options) {
  if (!options.trace.empty())
    throw Error(ErrorKind::kUsage,
                "the RTL of a card writes no waves: leave out --trace, or give --card loose");
  const std::unique_ptr<sim::IRtlCard> card = sim::make_rtl_card(options.config, options.seed);
  card->enable_assertions(options.board.assertions);
  sim::HostBridge bridge(options.bridge, card->config(), card.get());
  const Announcement announcement(options, bridge, card->config());
  sim::run_card_board(*card, bridge, options.board.max_cycles);
}

void run_rtl(const Options& options) {
  const std::unique_ptr<sim::IRtlTop> top = sim::make_rtl_top(options.config, options.seed);
  top->enable_assertions(options.board.assertions);
  if (!options.trace.empty()) top->trace(options.trace, options.trace_from, options.trace_cycles);
  sim::HostBridge bridge(options.bridge, top->config());
  const Announcement announcement(options, bridge, top->config());
  sim::run_board(*top, bridge, options.board);
}

void run_model(const Options& options) {
  if (!options.trace.empty())
    throw Error(ErrorKind::kUsage, "--trace writes waves of the RTL: leave it out, or --model");
  const auto config =
      std::find_if(spec::kConfigs.begin(), spec::kConfigs.end(),
                   [&](const spec::HardwareConfig& known) { return known.name == options.config; });
  if (config == spec::kConfigs.end()) {
    std::vector<std::string_view> known;
    for (const spec::HardwareConfig& each : spec::kConfigs) known.push_back(each.name);
    throw Error(ErrorKind::kUsage, fmt::format("no configuration '{}': use one of {}",
                                               options.config, fmt::join(known, " ")));
  }
  models::BoardMemory memory(static_cast<size_t>(config->memory_bytes));
  std::unique_ptr<sim::ITlmDevice> device;
  if (options.model == Model::kMixed)
    device = std::make_unique<sim::EnginelessDevice>(
        *config, sim::make_rtl_device(*config, options.seed, options.board.assertions));
  else
    device = std::make_unique<sim::FunctionalDevice>(*config, memory.words());
  sim::HostBridge bridge(options.bridge, *config);
  const Announcement announcement(options, bridge, *config);
  const sim::BoardReport report =
      sim::run_tlm_board(*config, {memory, *device}, bridge, options.board);
  fmt::print("{}\n", nlohmann::json{{"schema", "crucible.board-end/1"},
                                    {"cycles", report.cycles},
                                    {"core_clocked", report.core_clocked}}
                         .dump());
}

void run(const Options& options) {
  if (options.parent != 0) end_with(options.parent);
  if (options.bridge.tcp.empty() && options.bridge.unix_path.empty() && !options.bridge.pty &&
      !is_card(options)) {
    throw Error(ErrorKind::kUsage,
                "nobody could reach the board: give --tcp, --unix or --pty, or --vfio-user or "
                "--pci-proxy");
  }
  if (options.card && !is_card(options))
    throw Error(ErrorKind::kUsage, "--card belongs to --vfio-user or --pci-proxy");
  if (rtl_card(options) && options.model != Model::kRtl)
    throw Error(ErrorKind::kUsage,
                "--card rtl is part of the Verilated board: leave out --model, or give --card "
                "loose");
  if (rtl_card(options))
    run_rtl_card(options);
  else if (options.model == Model::kRtl)
    run_rtl(options);
  else
    run_model(options);
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
