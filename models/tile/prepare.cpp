// Which kernel a machine has, and the bank for given settings.
#include <fmt/format.h>

#include "models/error.hpp"
#include "models/tile/cell_noise_bank.hpp"
#include "models/tile/column_bank.hpp"
#include "models/tile/converted_inputs.hpp"
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

/// The fastest bank that knows the effects, but for those of the input converters.
std::unique_ptr<PreparedBank> ideal_inputs(const BankCells& cells, int rows_used, int cols_used,
                                           const TileSettings& settings, ColumnKernels kernels) {
  const EffectSettings& effects = settings.effects;
  if (effects.noise == ReadNoise::kCell) {
    return std::make_unique<CellNoiseBank>(cells, rows_used, cols_used, settings, kernels);
  }
  const Conductances conductances(cells, rows_used, cols_used, settings);
  if (effects.noise == ReadNoise::kColumn || effects.adc_gain || effects.adc_inl) {
    return std::make_unique<ColumnBank>(cells, conductances, settings, kernels);
  }
  if (settings.adc.transparent) {
    return std::make_unique<TransparentBank>(conductances, settings, kernels);
  }
  return std::make_unique<QuantisingBank>(conductances, settings, kernels);
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
  auto bank = ideal_inputs(cells, rows_used, cols_used, settings, kernels_of(kernel));
  if (!settings.effects.dac) return bank;
  return std::make_unique<ConvertedInputs>(rows_used, settings.effects, std::move(bank));
}

}  // namespace crucible::models
