// The chip that a command works on: the network as it is, or a row of a result folder.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace crucible::apps {

struct ChipOptions {
  std::string run;  ///< result folder; empty: no stored chip
  std::string row = "clean";

  void add_to(CLI::App& command) {
    CLI::Option* folder = command.add_option("--run", run, "Result folder to take the chip from")
                              ->type_name("FOLDER");
    command.add_option("--row", row, "Row of that folder")
        ->type_name("NAME")
        ->capture_default_str()
        ->needs(folder);
  }
};

}  // namespace crucible::apps
