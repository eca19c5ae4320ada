// `crucible chance`: what random chips do: mean, quantiles, and the tail.
#include <fmt/format.h>

#include "host/apps/bound_options.hpp"
#include "host/apps/checks.hpp"
#include "host/apps/command.hpp"
#include "host/experiment/chance_study.hpp"
#include "host/experiment/workbench.hpp"
#include "models/error.hpp"

namespace crucible::apps {
namespace {

struct ChanceOptions {
  double bound = 0.03;
  BoundOptions convention;
  std::string distribution = "truncated-gaussian";
  experiment::ChanceStudyConfig study;
  std::vector<double> at_most;  ///< percent
  RankOptions ranks;
};

models::Distribution distribution_of(const std::string& word) {
  using models::Distribution;
  for (const Distribution known :
       {Distribution::kTruncatedGaussian, Distribution::kUniform, Distribution::kVertex}) {
    if (experiment::distribution_word(known) == word) return known;
  }
  throw Error(ErrorKind::kInternal, fmt::format("chance: distribution '{}'", word));
}

void chance(Program& program, const ChanceOptions& options) {
  experiment::ExperimentConfig config = program.options().resolve();
  experiment::ChanceStudyConfig study = options.study;
  options.convention.check("chance");
  study.bound = options.convention.bound(options.bound);
  study.tile = config.tile;
  options.convention.apply_to(study.tile);
  study.distribution = distribution_of(options.distribution);
  for (const double percent : options.at_most) study.at_most.push_back(percent / 100);
  study.seed = config.seed;
  study.threads = config.threads;
  experiment::Workbench bench(config, program.start_workers(options.ranks));
  const experiment::ChanceStudy result = experiment::study_chance(bench, study, program.reporter());
  program.output(experiment::chance_json(result), experiment::chance_text(result));
}

void add_bound_options(CLI::App& command, ChanceOptions& options) {
  command.add_option("--bound", options.bound, "How far a weight or device may move")
      ->type_name("X")
      ->check(non_negative_number())
      ->capture_default_str();
  options.convention.add_to(command);
  command
      .add_option("--distribution", options.distribution,
                  "truncated-gaussian, uniform, or vertex (every weight at an end)")
      ->check(CLI::IsMember({"truncated-gaussian", "uniform", "vertex"}))
      ->type_name("WORD")
      ->capture_default_str();
  command.add_option("--sigma", options.study.sigma, "Gaussian's sigma in units of the bound")
      ->check(positive_number())
      ->type_name("X")
      ->capture_default_str();
}

}  // namespace

void add_chance(Program& program) {
  auto options = std::make_shared<ChanceOptions>();
  CLI::App& command = program.add_command(
      "chance", "What random chips do: mean, quantiles and tail of the accuracy, with intervals",
      "  crucible chance --bound 0.03 --chips 1000 --images 200\n"
      "  crucible chance --bound 0.03 --subset-simulation --chips 0     the tail alone\n"
      "  crucible chance --bound 0.09 --convention device --idle drifts --subset-simulation "
      "--at-most 90",
      [&program, options] { chance(program, *options); }, Ranks::kMany);
  options->ranks.add_to(command);
  add_bound_options(command, *options);
  experiment::ChanceStudyConfig& study = options->study;
  command.add_option("--chips", study.chips, "Random chips of the Monte Carlo (0: none)")
      ->check(non_negative_number())
      ->type_name("N")
      ->capture_default_str();
  command
      .add_option("--images", study.images, "Images for each chip, spread evenly over the test set")
      ->check(positive_number())
      ->type_name("N")
      ->capture_default_str();
  command.add_option("--quantiles", study.quantiles, "Quantiles of the accuracy, 0 .. 1")
      ->delimiter(',')
      ->type_name("Q,Q,..")
      ->default_str("0.5,0.1,0.01,0.001,0.0001");
  command
      .add_option("--at-most", options->at_most,
                  "Probabilities of accuracies of at most these, in percent")
      ->delimiter(',')
      ->type_name("P,P,..");
  command.add_option("--confidence", study.confidence, "Of the intervals")
      ->check(CLI::Range(0.5, 0.9999))
      ->type_name("X")
      ->capture_default_str();
  CLI::Option* split =
      command.add_flag("--subset-simulation", study.split, "The tail by subset simulation as well");
  command
      .add_option("--chains", study.chains, "Subset simulation: chains of a level, 10 chips each")
      ->check(CLI::Range(2, 1'000'000))
      ->type_name("N")
      ->needs(split)
      ->capture_default_str();
  command
      .add_option("--levels", study.most_levels,
                  "Subset simulation: most levels beside the first (as many as the smallest "
                  "quantile needs, but no more)")
      ->check(CLI::Range(0, 60))
      ->type_name("N")
      ->needs(split)
      ->capture_default_str();
}

}  // namespace crucible::apps
