#include <fmt/format.h>
#include <unistd.h>

#include <cmath>
#include <cstdio>

#include "host/apps/command.hpp"
#include "host/apps/interrupt.hpp"
#include "host/base/program_version.hpp"
#include "host/experiment/nearest.hpp"
#include "models/error.hpp"
#include "spec/gen/crucible_spec.hpp"

namespace crucible::apps {
namespace {

constexpr const char* kDescription =
    "Crucible: the worst case of a neural network on a computing-in-memory tile, found and "
    "measured on hardware.";

constexpr const char* kExamples = R"(Examples:
  crucible run                                          the main job on the emulated board, with a result folder
  crucible search --method margin-ascent --bound 0.03   one search, measured on the bit-exact model
  crucible eval --address uart:/dev/ttyUSB1?baud=3000000 --images 50
  crucible info --address sim:rtl                       what a device says about itself

Addresses: uart:/dev/ttyUSB1?baud=3000000   tcp:127.0.0.1:5555   unix:PATH   sim:rtl, sim:tlm, sim:mixed (start an emulated board)   model
           pcie:0000:03:00.0   vfio:0000:03:00.0   xdma:/dev/xdma0   vfio-user:PATH (an emulated card)
Exit codes: 0 good, 2 usage, 3 data, 4 device, 5 time-out, 6 mismatch, 7 internal, 130 interrupted
'crucible COMMAND --help' explains a command; docs/ explains the rest.)";

std::string hardware_names() {
  std::string names;
  for (const spec::HardwareConfig& config : spec::kConfigs)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", config.name);
  return names;
}

}  // namespace

experiment::ExperimentConfig CommonOptions::resolve() const {
  experiment::ExperimentConfig resolved =
      config.empty() ? experiment::default_config() : experiment::load_config(config);
  if (seed) resolved.seed = *seed;
  if (threads) resolved.threads = *threads;
  if (data == "strokes") {
    resolved.data = {experiment::DataSource::kStrokes, ""};
  } else if (!data.empty()) {
    resolved.data = {experiment::DataSource::kMnist, data};
  }
  if (!network.empty()) resolved.network = network;
  if (!address.empty()) resolved.device.address = address;
  if (!hardware.empty()) resolved.device.hardware = hardware;
  return resolved;
}

Program::Program() : app_(kDescription, "crucible"), reporter_(::isatty(STDERR_FILENO) == 1) {
  app_.require_subcommand(1);
  app_.footer(kExamples);
  app_.set_version_flag(
      "--version", fmt::format("crucible {} (commit {})", program_version(), program_commit()));
  app_.get_formatter()->column_width(34);
  app_.failure_message(CLI::FailureMessage::simple);
}

CLI::App& Program::add_command(const std::string& name, const std::string& summary,
                               const std::string& examples, const Action& action, Ranks ranks) {
  CLI::App& command = *app_.add_subcommand(name, summary);
  command.footer("Examples:\n" + examples);
  CLI::Option_group& common = *command.add_option_group("Common");
  common
      .add_option("--config", options_.config,
                  "Experiment configuration (default: configs/main.yaml as built in)")
      ->type_name("FILE.yaml");
  common.add_option("--seed", options_.seed, "Seed of everything random")->type_name("N");
  common.add_flag("--json", options_.json, "One JSON document on stdout, nothing else");
  common.add_option("--threads", options_.threads, "Threads; results do not depend on it (0: all)")
      ->type_name("N")
      ->check(CLI::Range(0, 1024));
  common.add_option("--data", options_.data, "Folder of MNIST's IDX files, or 'strokes'")
      ->type_name("FOLDER");
  common
      .add_option("--network", options_.network, "Network folder (default: the zoo's for the data)")
      ->type_name("FOLDER");
  common
      .add_option("--address", options_.address,
                  "Device: uart:, tcp:, unix:, pcie:, vfio:, xdma:, vfio-user:, sim:rtl, sim:tlm, "
                  "sim:mixed, model")
      ->type_name("ADDRESS");
  common.add_option("--hardware", options_.hardware, "Hardware configuration: " + hardware_names())
      ->type_name("NAME");
  command.callback([this, name, action, ranks] {
    action_ = action;
    command_ = name;
    ranks_ = ranks;
  });
  return command;
}

IWorkers* Program::start_workers(const RankOptions& options) {
  return job_.start(std::chrono::milliseconds(std::lround(1000 * options.timeout_s)));
}

experiment::IReporter& Program::reporter() {
  if (job_.is_first()) return reporter_;
  return silent_;
}

void Program::output(const nlohmann::ordered_json& document, const std::string& text) const {
  if (!job_.is_first()) return;
  if (options_.json) {
    fmt::print("{}\n", document.dump(2));
  } else {
    fmt::print("{}", text);
  }
  std::fflush(stdout);
}

void Program::require_known_command(int argc, char** argv) const {
  if (argc < 2 || argv[1][0] == '-') return;
  std::vector<std::string> known;
  for (const CLI::App* command : app_.get_subcommands([](const CLI::App*) { return true; })) {
    if (command->get_name() == argv[1]) return;
    known.push_back(command->get_name());
  }
  const std::string meant = experiment::did_you_mean(argv[1], known);
  throw Error(ErrorKind::kUsage, fmt::format("unknown command '{}'{} Commands: {}", argv[1],
                                             meant.empty() ? "." : meant, fmt::join(known, ", ")));
}

void Program::require_rank_count() const {
  if (ranks_ == Ranks::kMany || job_.size() == 1) return;
  throw Error(
      ErrorKind::kUsage,
      fmt::format("{}: does its work in one process, and mpirun started {}; start it "
                  "without mpirun (many ranks share search, chance, compare and write-verify)",
                  command_, job_.size()));
}

int Program::run(int argc, char** argv) {
  std::optional<Error> failure;
  try {
    require_known_command(argc, argv);
    app_.parse(argc, argv);
    require_rank_count();
    catch_interrupts();
    action_();
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) return job_.is_first() ? app_.exit(error) : 0;
    failure.emplace(ErrorKind::kUsage, fmt::format("{} (see 'crucible --help')", error.what()));
  } catch (const Error& error) {
    failure = error;
  } catch (const std::exception& error) {
    failure.emplace(ErrorKind::kInternal, error.what());
  }
  const int code = job_.end(failure);
  return code != 0 ? code : exit_code_;
}

}  // namespace crucible::apps
