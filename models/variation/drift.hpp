// Drift of conductance by a power law: docs/variation.md, "Drift".
#pragma once

#include <cstdint>

namespace crucible::models {

/// Share of its conductance that a cell has lost when it is `ratio` times as old as when it was
/// programmed and measured: 1 - ratio^-nu, u0.16 as DRIFT_01 and DRIFT_23 hold it, at most
/// 65535 / 65536. Throws crucible::Error(kUsage) unless 0 <= nu <= 1 and ratio is finite and at
/// least 1.
[[nodiscard]] uint16_t drift_loss(double nu, double ratio);

}  // namespace crucible::models
