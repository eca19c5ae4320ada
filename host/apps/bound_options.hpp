// How a bound and its tile are meant, for the commands that look at many bounds or at one.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "host/apps/checks.hpp"
#include "host/experiment/experiment_config.hpp"
#include "models/error.hpp"

namespace crucible::apps {

struct BoundOptions {
  std::string convention = "weight", idle, realisation, adc;
  std::optional<int> base;
  std::vector<double> slices;

  void add_to(CLI::App& command) {
    command
        .add_option("--convention", convention,
                    "weight (fraction of the layer's largest weight), device (levels), full-scale")
        ->check(CLI::IsMember({"weight", "device", "full-scale"}))
        ->type_name("WORD")
        ->capture_default_str();
    command
        .add_option("--idle", idle, "Device conventions: idle devices of a pair are fixed or drift")
        ->check(CLI::IsMember({"fixed", "drifts"}))
        ->type_name("WORD");
    command.add_option("--realisation", realisation, "pair, or active cells only")
        ->check(CLI::IsMember({"pair", "active"}))
        ->type_name("WORD");
    command.add_option("--base", base, "Level 0 above the lower rail, in 2^-8 level")
        ->check(CLI::Range(0, 255))
        ->type_name("N");
    command.add_option("--adc", adc, "calibrated or transparent")
        ->check(CLI::IsMember({"calibrated", "transparent"}))
        ->type_name("WORD");
  }

  /// A tolerance for each slice, in place of --bound, which the command has already.
  void add_slices_to(CLI::App& command) {
    command
        .add_option("--slice-bounds", slices,
                    "Instead of --bound: levels that a device of each slice may move, the least "
                    "significant first")
        ->delimiter(',')
        ->check(non_negative_number())
        ->type_name("A,B")
        ->excludes(command.get_option("--bound"))
        ->excludes(command.get_option("--convention"));
  }

  /// Throws crucible::Error(kUsage) where convention and idle devices do not fit; `command` opens
  /// the message.
  void check(const std::string& command) const {
    if ((convention == "weight" && slices.empty()) == idle.empty()) return;
    throw Error(ErrorKind::kUsage,
                fmt::format("{}: {}", command,
                            idle.empty() ? "a device bound must say with --idle fixed|drifts "
                                           "whether idle devices drift"
                                         : "--idle belongs to the conventions device and "
                                           "full-scale; leave it out with weight"));
  }

  /// Throws what experiment::make_bound() throws.
  [[nodiscard]] models::VariationBound bound(double value) const {
    if (!slices.empty()) return experiment::make_slice_bound(slices, idle);
    return experiment::make_bound(value, convention, idle);
  }

  /// Options that were given replace what the configuration's tile says.
  void apply_to(experiment::TileConfig& tile) const {
    if (!realisation.empty()) {
      tile.realisation =
          realisation == "pair" ? models::Realisation::kPair : models::Realisation::kActive;
    }
    if (!adc.empty()) tile.transparent = adc == "transparent";
    if (base) tile.base = *base;
  }
};

}  // namespace crucible::apps
