// The result folder runs/<name>/ (docs/results.md). The same experiment gives the same bytes in
// every file but timing.json.
#pragma once

#include <filesystem>

#include "host/experiment/run_result.hpp"
#include "host/experiment/workbench.hpp"

namespace crucible::experiment {

/// Writes everything into a temporary folder beside `folder` and puts it in its place at the end,
/// so that nothing is half-written; an older result there is replaced, but a folder that is no
/// result is left alone. Throws crucible::Error.
void write_result_folder(const std::filesystem::path& folder, const Workbench& bench,
                         const RunResult& result);

/// The levels of one layer's cells, or their offsets: [fan_in][4 * out_channels], row blocks one
/// after the other, physical columns 4 o + 0 .. 3 of output o (positive slices 0 and 1, negative
/// slices 0 and 1). `cells`: [banks][rows][cols].
template <class T>
[[nodiscard]] std::vector<T> layer_cells(const models::CompiledNetwork& network, size_t layer,
                                         std::span<const T> cells);

}  // namespace crucible::experiment
