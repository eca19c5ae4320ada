// What an experiment found, before it becomes files and tables.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "host/driver/accelerator.hpp"
#include "host/eval/evaluation.hpp"
#include "host/eval/monte_carlo.hpp"
#include "host/experiment/experiment_config.hpp"
#include "host/port/i_port.hpp"
#include "host/search/problem.hpp"
#include "models/network/compiled_network.hpp"
#include "models/variation/weight_box.hpp"

namespace crucible::experiment {

/// What the second mode (search::run_cell_search) gained on the search's images, in the integer
/// pipeline.
struct CellOutcome {
  int images = 0;
  int first_correct = 0;  ///< the point found weight by weight, realised
  int correct = 0;        ///< the chip found cell by cell
  int measurements = 0;   ///< of all the images; 0: ended before its turn
};

/// What is known of the worst chip of a box, on the same images: certified <= true worst <= found
/// <= clean.
struct AccuracyBracket {
  int images = 0, certified = 0, found = 0, clean = 0;
  bool tight = false;    ///< certified with the linear relaxation where it applies
  bool trivial = false;  ///< inside the ADC's dead zone
};

/// One chip: as it was found, and as it was measured.
struct RowOutcome {
  SearchConfig config;
  models::CompiledNetwork compiled;  ///< with the settings that it was measured with
  models::ChipOffsets offsets;       ///< all zero in the clean row
  std::vector<int> steps;            ///< largest offset a cell may have, per layer
  search::SearchResult search;       ///< empty in the clean row
  std::optional<CellOutcome> cells;  ///< of the rows searched device by device
  std::string
      same_search_as;  ///< row whose search this row shares (only the tile's settings differ)
  eval::Evaluation model;
  std::optional<AccuracyBracket> bracket;
  eval::Evaluation hardware;  ///< no images: not measured
  double search_s = 0, model_s = 0, bracket_s = 0, hardware_s = 0;
  [[nodiscard]] bool is_clean() const { return config.method.empty(); }
};

struct HardwareChip {
  int chip = 0;
  eval::Evaluation hardware;
};

struct MonteCarloOutcome {
  MonteCarloConfig config;
  models::CompiledNetwork compiled;
  int images = 0;
  eval::MonteCarloResult model;
  std::deque<HardwareChip> hardware;
  double model_s = 0, hardware_s = 0;
};

/// The leg over the UART's pins: the same board, another way in.
struct UartOutcome {
  size_t cells_read = 0;
  size_t cells_changed = 0;
  eval::Evaluation hardware;
  port::PortStatistics traffic;
  double seconds = 0;
};

struct RunResult {
  ExperimentConfig config;
  bool interrupted = false;
  std::deque<RowOutcome> rows;  ///< clean first; a deque, so that measuring threads may hold a row
                                ///< while others are added
  std::optional<MonteCarloOutcome> monte_carlo;
  std::optional<UartOutcome> uart;
  driver::Identity device;
  size_t cells_programmed = 0;  ///< and read back
  // Differ from run to run:
  std::string device_address;
  port::PortStatistics traffic;
  std::map<std::string, double> stage_s;
  double total_s = 0;
};

}  // namespace crucible::experiment
