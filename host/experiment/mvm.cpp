#include "host/experiment/mvm.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "host/driver/accelerator.hpp"
#include "host/record/recording_port.hpp"
#include "models/error.hpp"

namespace crucible::experiment {
namespace {

constexpr int kHighestLevel = 3;

Array<int64_t> empty_result(const MvmProblem& problem) {
  const size_t count = problem.inputs.shape[0];
  const auto outputs = static_cast<size_t>(problem.cells.cols) / 4;
  return {{count, outputs}, std::vector<int64_t>(count * outputs)};
}

/// The matrix in the upper left corner of a bank.
template <class T>
std::vector<T> pad_to_bank(const std::vector<T>& cells, const models::BankCells& matrix,
                           const models::TileGeometry& geometry) {
  const auto cols = static_cast<size_t>(geometry.cols), used = static_cast<size_t>(matrix.cols);
  std::vector<T> bank(geometry.cells(), T{0});
  for (size_t r = 0; r < static_cast<size_t>(matrix.rows); ++r) {
    std::copy_n(cells.begin() + static_cast<std::ptrdiff_t>(r * used), used,
                bank.begin() + static_cast<std::ptrdiff_t>(r * cols));
  }
  return bank;
}

}  // namespace

MvmProblem load_mvm(const std::string& levels, const std::string& offsets,
                    const std::string& inputs, const models::TileSettings& settings) {
  MvmProblem problem;
  problem.settings = settings;
  Array<uint8_t> matrix = load_npy<uint8_t>(levels, {kAnyLength, kAnyLength});
  const size_t rows = matrix.shape[0], cols = matrix.shape[1];
  if (rows == 0 || cols == 0 || cols % 4 != 0) {
    throw Error(ErrorKind::kData, fmt::format("{}: shape {}, but a matrix has rows and a multiple "
                                              "of 4 columns (an output is 4 columns: "
                                              "positive slices 0 and 1, negative slices 0 and 1)",
                                              levels, shape_text(matrix.shape)));
  }
  for (size_t i = 0; i < matrix.values.size(); ++i) {
    if (matrix.values[i] > kHighestLevel) {
      throw Error(ErrorKind::kData,
                  fmt::format("{}: level [{}, {}] is {}, but a level is 0 .. {}", levels, i / cols,
                              i % cols, matrix.values[i], kHighestLevel));
    }
  }
  problem.cells.rows = static_cast<int>(rows);
  problem.cells.cols = static_cast<int>(cols);
  problem.cells.levels = std::move(matrix.values);
  const auto rows64 = static_cast<int64_t>(rows), cols64 = static_cast<int64_t>(cols);
  problem.cells.offsets = offsets.empty() ? std::vector<int8_t>(rows * cols, 0)
                                          : load_npy<int8_t>(offsets, {rows64, cols64}).values;
  problem.inputs = load_npy<uint8_t>(inputs, {kAnyLength, rows64});
  if (problem.inputs.shape[0] == 0) {
    throw Error(ErrorKind::kData, fmt::format("{}: shape {}, but at least one vector is needed",
                                              inputs, shape_text(problem.inputs.shape)));
  }
  return problem;
}

Array<int64_t> multiply_on_model(const MvmProblem& problem) {
  Array<int64_t> result = empty_result(problem);
  models::TileCounters counters;
  const auto bank =
      models::prepare_bank(problem.cells, problem.cells.rows, problem.cells.cols, problem.settings);
  bank->multiply(0, problem.inputs.values, static_cast<int>(problem.inputs.shape[0]), result.values,
                 counters);
  return result;
}

Array<int64_t> multiply_on_device(const MvmProblem& problem, const std::string& address) {
  driver::Accelerator device(record::open_port(address));
  const models::TileGeometry& geometry = device.identity().geometry;
  if (problem.cells.rows > geometry.rows || problem.cells.cols > geometry.cols) {
    throw Error(ErrorKind::kUsage,
                fmt::format("mvm: the matrix has {} rows and {} columns, but a bank of {} ('{}') "
                            "has {} and {}; cut the "
                            "matrix, or choose --hardware",
                            problem.cells.rows, problem.cells.cols, address,
                            device.identity().config_name, geometry.rows, geometry.cols));
  }
  Array<int64_t> result = empty_result(problem);
  device.program_levels(pad_to_bank(problem.cells.levels, problem.cells, geometry), 1);
  device.write_offsets(pad_to_bank(problem.cells.offsets, problem.cells, geometry), 1);
  device.apply(problem.settings);
  device.multiply(0, problem.cells.rows, problem.cells.cols, true, problem.inputs.values,
                  static_cast<int>(problem.inputs.shape[0]), result.values);
  return result;
}

}  // namespace crucible::experiment
