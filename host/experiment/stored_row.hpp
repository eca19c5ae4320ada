// A row of a result folder, read back: enough to put the chip onto a device or the model again.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "host/experiment/npy.hpp"
#include "models/network/compiled_network.hpp"
#include "models/network/network.hpp"

namespace crucible::experiment {

struct StoredRow {
  std::string name;
  std::string data;      ///< "mnist" or "strokes"
  std::string hardware;  ///< named configuration
  models::QuantisedNetwork network;
  models::CompiledNetwork compiled;
  models::ChipOffsets offsets;
  Array<int64_t> logits;  ///< [images][classes], of the first test images
};

/// Names of the rows of runs/<name>/, in order. Throws crucible::Error(kData).
[[nodiscard]] std::vector<std::string> stored_rows(const std::filesystem::path& folder);

/// Compiles the folder's network again with the row's settings and requires that levels, biases and
/// constants come out as they are stored. Throws crucible::Error: kUsage for an unknown row, kData
/// for damaged files, kMismatch where they do not agree.
[[nodiscard]] StoredRow load_stored_row(const std::filesystem::path& folder,
                                        const std::string& row);

}  // namespace crucible::experiment
