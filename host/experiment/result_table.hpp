// The table of a run, for a terminal and as Markdown.
#pragma once

#include <string>
#include <vector>

#include "host/experiment/run_result.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::experiment {

enum class TableStyle { kTerminal, kMarkdown };

/// Columns as wide as their widest cell; the first column to the left, the others as `right` says.
[[nodiscard]] std::string format_table(const std::vector<std::string>& header,
                                       std::vector<std::vector<std::string>> rows,
                                       const std::vector<bool>& right, TableStyle style);

/// Method, bound with its convention, model and hardware accuracy, gradient evaluations, and
/// (terminal only: they differ from run to run) seconds.
[[nodiscard]] std::string results_table(const RunResult& result, TableStyle style);
/// Weights, w_max, rms(w) / w_max, banks per layer.
[[nodiscard]] std::string layers_table(const Workbench& bench, const RunResult& result,
                                       TableStyle style);
/// Everything that table.md holds.
[[nodiscard]] std::string table_markdown(const Workbench& bench, const RunResult& result);

}  // namespace crucible::experiment
