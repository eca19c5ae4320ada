// For the commands whose work the ranks of mpirun share.
#pragma once

#include <CLI/CLI.hpp>

namespace crucible::apps {

struct RankOptions {
  double timeout_s = 600;

  void add_to(CLI::App& command) {
    command
        .add_option("--rank-timeout", timeout_s,
                    "Under mpirun: the longest wait for another rank, seconds")
        ->check(CLI::Range(0.1, 1e6))
        ->type_name("S")
        ->capture_default_str();
  }
};

}  // namespace crucible::apps
