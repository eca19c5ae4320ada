// What all commands of the program share: options, configuration, output.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "host/apps/job.hpp"
#include "host/apps/rank_options.hpp"
#include "host/apps/silent_reporter.hpp"
#include "host/apps/terminal_reporter.hpp"
#include "host/experiment/experiment_config.hpp"

namespace crucible::apps {

/// Options that every command takes; those given replace what the configuration says.
struct CommonOptions {
  std::string config;
  std::optional<uint64_t> seed;
  std::optional<int> threads;
  bool json = false;
  std::string data, network, address, hardware;

  /// The configuration file (or the built-in configs/main.yaml) with the options given. Throws
  /// crucible::Error.
  [[nodiscard]] experiment::ExperimentConfig resolve() const;
};

/// A command's action, called after all of the command line is read.
using Action = std::function<void()>;

/// Whether a command's work can be split between the ranks of mpirun.
enum class Ranks { kOne, kMany };

class Program {
 public:
  Program();
  /// Parses, runs the command, and returns the exit code. Errors go to stderr.
  int run(int argc, char** argv);

  /// A command with the common options. `examples` close its help.
  CLI::App& add_command(const std::string& name, const std::string& summary,
                        const std::string& examples, const Action& action,
                        Ranks ranks = Ranks::kOne);

  /// Starts the work of all ranks; null where this process is alone. Of a command that takes many
  /// ranks, every rank calls it once, before anything that they do together.
  [[nodiscard]] IWorkers* start_workers(const RankOptions& options);

  /// The exit code of a command that ran another program's.
  void end_with(int exit_code) { exit_code_ = exit_code; }

  [[nodiscard]] CommonOptions& options() { return options_; }
  [[nodiscard]] experiment::IReporter& reporter();
  /// Prints the document with --json, the text without, to stdout; on the first rank.
  void output(const nlohmann::ordered_json& document, const std::string& text) const;

 private:
  /// Says which commands there are, instead of only that one is missing.
  void require_known_command(int argc, char** argv) const;
  void require_rank_count() const;

  CLI::App app_;
  CommonOptions options_;
  Job job_;
  TerminalReporter reporter_;
  SilentReporter silent_;
  Action action_;
  std::string command_;
  Ranks ranks_ = Ranks::kOne;
  int exit_code_ = 0;
};

/// All of them.
void add_commands(Program& program);

/// Each in a file of its own under commands/.
void add_info(Program& program);
void add_program(Program& program);
void add_import(Program& program);
void add_mvm(Program& program);
void add_eval(Program& program);
void add_train(Program& program);
void add_search(Program& program);
void add_sweep(Program& program);
void add_compare(Program& program);
void add_sensitivity(Program& program);
void add_chance(Program& program);
void add_chips(Program& program);
void add_certify(Program& program);
void add_self_test(Program& program);
void add_verify(Program& program);
void add_write_verify(Program& program);
void add_run(Program& program);
void add_regress(Program& program);
void add_board(Program& program);
void add_doctor(Program& program);
void add_record(Program& program);
void add_replay(Program& program);

}  // namespace crucible::apps
