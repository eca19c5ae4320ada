// What a model has counted goes into a file where the build counts (CRUCIBLE_COVERAGE) and the
// environment names a folder.
#pragma once

#include <verilated.h>
#if VM_COVERAGE
#include <unistd.h>
#include <verilated_cov.h>

#include <atomic>
#include <cstdlib>
#include <string>
#endif

namespace crucible::sim {

/// Writes $CRUCIBLE_COVERAGE_DIR/<process>-<number>.dat; nothing without the variable or the
/// counters.
inline void write_coverage([[maybe_unused]] VerilatedContext& context) {
#if VM_COVERAGE
  static std::atomic<int> number{0};
  const char* const folder = std::getenv("CRUCIBLE_COVERAGE_DIR");
  if (folder == nullptr) return;
  const std::string file = std::string(folder) + "/" + std::to_string(::getpid()) + "-" +
                           std::to_string(number++) + ".dat";
  context.coveragep()->write(file.c_str());
#endif
}

}  // namespace crucible::sim
