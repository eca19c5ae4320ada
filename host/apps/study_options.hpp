// The folder of a study that is put away row by row, and how a command begins or goes on with it.
#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <string>

#include "host/experiment/study_folder.hpp"

namespace crucible::apps {

struct StudyOptions {
  std::string name;  ///< empty: the command chooses
  std::string out = "runs";
  bool resume = false, restart = false;

  /// what: the study as the help calls it.
  void add_to(CLI::App& command, const std::string& what,
              const std::string& name_text = "Name of the folder") {
    CLI::Option* goes_on =
        command.add_flag("--resume", resume, fmt::format("Go on with the folder's {}", what));
    command.add_flag("--restart", restart, fmt::format("Begin anew where a {} is left", what))
        ->excludes(goes_on);
    command.add_option("--name", name, name_text)->type_name("NAME")->capture_default_str();
    command.add_option("--out", out, "Where result folders go")
        ->type_name("FOLDER")
        ->capture_default_str();
  }
  [[nodiscard]] experiment::StudyStart start() const {
    return resume    ? experiment::StudyStart::kResume
           : restart ? experiment::StudyStart::kRestart
                     : experiment::StudyStart::kNew;
  }
};

/// What stands above the folder's name where a study was stopped; found: what it is made of.
[[nodiscard]] inline std::string study_ending(bool complete, const std::string& found) {
  if (complete) return "";
  return fmt::format("INTERRUPTED: the {} found by then. The same command with --resume goes on.\n",
                     found);
}

}  // namespace crucible::apps
