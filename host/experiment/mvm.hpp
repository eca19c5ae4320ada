// One product of a bank's cells with vectors, from .npy files, on the model or on a device.
#pragma once

#include <string>

#include "host/experiment/npy.hpp"
#include "models/tile/tile_settings.hpp"
#include "models/tile/tile_twin.hpp"

namespace crucible::experiment {

struct MvmProblem {
  models::BankCells cells;  ///< [rows][cols]
  Array<uint8_t> inputs;    ///< [count][rows]
  models::TileSettings settings;
};

/// levels: uint8 [rows][cols], 0 .. 3, cols a multiple of 4; offsets: int8 of the same shape, or an
/// empty path for none; inputs: uint8 [count][rows]. Throws crucible::Error(kData) naming file,
/// cell and value.
[[nodiscard]] MvmProblem load_mvm(const std::string& levels, const std::string& offsets,
                                  const std::string& inputs, const models::TileSettings& settings);

/// int64 [count][cols / 4]. The model takes any size; a device at most the rows and columns of one
/// bank.
[[nodiscard]] Array<int64_t> multiply_on_model(const MvmProblem& problem);
/// Uses bank 0. Throws crucible::Error(kUsage) when the matrix is larger than a bank of the device.
[[nodiscard]] Array<int64_t> multiply_on_device(const MvmProblem& problem,
                                                const std::string& address);

}  // namespace crucible::experiment
