// `crucible regress`: a user's tile against the tile contract, or a suite of tests.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "host/apps/command.hpp"
#include "host/apps/interrupt.hpp"
#include "host/regress/suite_run.hpp"
#include "host/regress/tile_network.hpp"
#include "host/regress/tile_regress.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

struct RegressOptions {
  std::string tile, suite, out;
  std::vector<std::string> checks, ties, tags, tests;
  int jobs = 1;
  bool no_network = false, resume = false, restart = false;
};

void tell(Program& program, const regress::Outcome& outcome) {
  program.reporter().line(
      fmt::format("{:8} {}", regress::status_word(outcome.status), outcome.name));
}

void conclude(Program& program, const regress::Regression& result,
              const std::filesystem::path& folder) {
  program.output(regress::regression_json(result),
                 fmt::format("\n{}Report: {}\n", regress::text_table(result),
                             (folder / "report.html").string()));
  if (!result.passed() && !interrupted()) {
    throw Error(ErrorKind::kMismatch, fmt::format("{}: {}", result.name, result.headline));
  }
}

/// The data and network of the common options; --config is the tile's here.
experiment::ExperimentConfig experiment_of(const CommonOptions& options) {
  CommonOptions others = options;
  others.config.clear();
  return others.resolve();
}

std::string tile_command(const CommonOptions& common, const RegressOptions& options,
                         const std::string& folder) {
  std::vector<std::string> words{"crucible", "regress",     "--tile", options.tile,
                                 "--config", common.config, "--out",  folder};
  for (const std::string& tie : options.ties) words.insert(words.end(), {"--tie", tie});
  if (!common.data.empty()) words.insert(words.end(), {"--data", common.data});
  if (!common.network.empty()) words.insert(words.end(), {"--network", common.network});
  return regress::shell_text({}, words);
}

void regress_tile(Program& program, const RegressOptions& options) {
  const CommonOptions& common = program.options();
  if (common.config.empty()) {
    throw Error(ErrorKind::kUsage,
                "regress: --tile needs --config FILE.yaml, the tile's description (schema "
                "crucible.tile/1, docs/tile_contract.md)");
  }
  regress::TileConfig config = regress::load_tile_config(common.config, options.tile);
  for (const std::string& tie : options.ties) regress::set_tie(config, tie);
  regress::TileRun run;
  run.folder = options.out.empty() ? "runs/regress/" + config.name : options.out;
  run.seed = common.seed.value_or(1);
  run.jobs = options.jobs;
  run.checks = options.checks;
  run.command = tile_command(common, options, run.folder.string());
  const auto wanted = [&](const char* check) {
    return options.checks.empty() ||
           std::find(options.checks.begin(), options.checks.end(), check) != options.checks.end();
  };
  if (config.has_network && !options.no_network && wanted("network")) {
    run.network = regress::make_network_job(config, experiment_of(common), run.seed);
  }
  conclude(program,
           regress::regress_tile(config, run, interrupted,
                                 [&](const regress::Outcome& outcome) { tell(program, outcome); }),
           run.folder);
}

void regress_suite(Program& program, const RegressOptions& options) {
  const regress::Suite suite = regress::load_suite(options.suite);
  regress::SuiteRun run;
  run.folder = options.out.empty() ? "runs/regress/" + suite.name : options.out;
  run.bin = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  run.source = CRUCIBLE_SOURCE_FOLDER;
  run.jobs = options.jobs;
  run.choice = {options.tags, options.tests, program.options().seed};
  if (options.resume) run.start = regress::SuiteStart::kResume;
  if (options.restart) run.start = regress::SuiteStart::kRestart;
  conclude(program,
           regress::run_suite(suite, run, interrupted,
                              [&](const regress::Outcome& outcome) { tell(program, outcome); }),
           run.folder);
}

void regress_command(Program& program, const RegressOptions& options) {
  if (options.tile.empty() == options.suite.empty()) {
    throw Error(ErrorKind::kUsage, "regress: give --tile FILE.sv, or --suite FILE.yaml");
  }
  if (options.suite.empty()) return regress_tile(program, options);
  regress_suite(program, options);
}

void add_names(CLI::App& command, const char* option, std::vector<std::string>& names,
               const char* help) {
  command.add_option(option, names, help)
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("NAME,...");
}

void add_tile_options(CLI::App& command, RegressOptions& options) {
  command.add_option("--tile", options.tile, "SystemVerilog file of the tile's module")
      ->type_name("FILE.sv");
  add_names(command, "--check", options.checks, "Only these checks of the tile");
  command.add_option("--tie", options.ties, "Value of an extra input of the tile; may be repeated")
      ->allow_extra_args(false)
      ->type_name("PORT=VALUE");
  command.add_flag("--no-network", options.no_network, "Leave the tile's network out");
}

void add_suite_options(CLI::App& command, RegressOptions& options) {
  command.add_option("--suite", options.suite, "Suite of tests (crucible.suite/1)")
      ->type_name("FILE.yaml");
  add_names(command, "--tags", options.tags, "Only the suite's tests with any of these tags");
  add_names(command, "--test", options.tests, "Only these tests of the suite");
  CLI::Option* resume = command.add_flag("--resume", options.resume,
                                         "Go on with a stopped suite: what is finished stays");
  command.add_flag("--restart", options.restart, "Begin a suite anew")->excludes(resume);
}

}  // namespace

void add_regress(Program& program) {
  auto options = std::make_shared<RegressOptions>();
  CLI::App& command = program.add_command(
      "regress", "A tile of your own against the tile contract; or a suite of tests",
      "  crucible regress --tile my_tile.sv --config my.yaml             docs/tile_contract.md\n"
      "  crucible regress --tile my_tile.sv --config my.yaml --check adc_ties --seed 7\n"
      "  crucible regress --suite tests/suites/smoke.yaml -j 2\n"
      "  crucible regress --suite tests/suites/nightly.yaml -j 2 --resume   goes on with a stopped "
      "one\n",
      [&program, options] { regress_command(program, *options); });
  command.get_option("--config")->description("Description of the tile (crucible.tile/1)");
  command.add_option("--out", options->out, "Folder of reports, logs and waves")
      ->type_name("FOLDER");
  command.add_option("-j,--jobs", options->jobs, "Checks or tests at a time")
      ->check(CLI::Range(1, 1024))
      ->type_name("N");
  add_tile_options(command, *options);
  add_suite_options(command, *options);
}

}  // namespace crucible::apps
