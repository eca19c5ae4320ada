// Before workers share a job: do they stand on the same configuration, network and data?
#pragma once

namespace crucible::experiment {

class Workbench;

/// Throws crucible::Error(kMismatch) on every worker of the bench, naming what differs between
/// whom. Threads, device address and folders may differ: results do not depend on them.
void require_equal_bench(const Workbench& bench);

}  // namespace crucible::experiment
