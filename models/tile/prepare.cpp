// Which kernel a machine has, and the bank for given settings.
#include <fmt/format.h>

#include "models/error.hpp"
#include "models/tile/quantising_bank.hpp"
#include "models/tile/tile_check.hpp"
#include "models/tile/transparent_bank.hpp"

namespace crucible::models {
namespace {

ColumnKernels kernels_of(Kernel kernel) {
  switch (kernel) {
    case Kernel::kPortable:
      return portable_kernels();
    case Kernel::kAvx2:
      return avx2_kernels();
    case Kernel::kAvx512:
      return avx512_kernels();
  }
  return {};
}

}  // namespace

bool has_kernel(Kernel kernel) {
  if (kernels_of(kernel).multiply == nullptr) return false;
#if defined(__x86_64__)
  if (kernel == Kernel::kAvx2) return __builtin_cpu_supports("avx2") != 0;
  if (kernel == Kernel::kAvx512) {
    return __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0;
  }
#endif
  return kernel == Kernel::kPortable;
}

Kernel best_kernel() {
  if (has_kernel(Kernel::kAvx512)) return Kernel::kAvx512;
  if (has_kernel(Kernel::kAvx2)) return Kernel::kAvx2;
  return Kernel::kPortable;
}

std::string_view kernel_name(Kernel kernel) {
  switch (kernel) {
    case Kernel::kPortable:
      return "portable";
    case Kernel::kAvx2:
      return "avx2";
    case Kernel::kAvx512:
      return "avx512";
  }
  return "unknown";
}

std::unique_ptr<PreparedBank> prepare_bank(const BankCells& cells, int rows_used, int cols_used,
                                           const TileSettings& settings, Kernel kernel) {
  check_bank(cells, rows_used, cols_used, settings);
  if (!has_kernel(kernel)) {
    throw Error(ErrorKind::kUsage,
                fmt::format("tile: this machine has no kernel '{}'; the best one is '{}'",
                            kernel_name(kernel), kernel_name(best_kernel())));
  }
  if (settings.effects.any()) {
    throw Error(ErrorKind::kInternal, "tile: prepared banks know no effects yet");
  }
  const ColumnKernels kernels = kernels_of(kernel);
  if (settings.adc.transparent) {
    return std::make_unique<TransparentBank>(cells, rows_used, cols_used, settings, kernels);
  }
  return std::make_unique<QuantisingBank>(cells, rows_used, cols_used, settings, kernels);
}

}  // namespace crucible::models
