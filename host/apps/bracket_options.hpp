// The bracket of every row: certified <= worst <= found <= clean.
#pragma once

#include <CLI/CLI.hpp>
#include <optional>

#include "host/apps/checks.hpp"
#include "host/experiment/experiment_config.hpp"

namespace crucible::apps {

struct BracketOptions {
  std::optional<int> images;
  bool tight = false;

  void add_to(CLI::App& command) {
    command
        .add_option("--bracket", images,
                    "First test images that the certified floor of each row is computed on (0: "
                    "none; default: the first 1,000)")
        ->check(non_negative_number())
        ->type_name("N");
    command.add_flag("--tight", tight,
                     "Certify with the linear relaxation, too (transparent ADC; up to 20 ms an "
                     "image)");
  }
  /// Options that were given replace what the configuration says.
  void apply_to(experiment::BracketConfig& config) const {
    if (images) config.images = *images;
    if (tight) config.tight = true;
  }
};

}  // namespace crucible::apps
