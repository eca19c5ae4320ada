// Every worker has a device of its own: whose is where.
#pragma once

#include <string>

#include "host/base/i_workers.hpp"

namespace crucible::experiment {

/// The address of this worker's device: the one of its rank in a list "A,B,C", with {rank} replaced
/// by its rank. Throws crucible::Error(kUsage) where the list has not one address for each rank.
[[nodiscard]] std::string rank_address(const std::string& address, const IWorkers* workers);

/// Throws crucible::Error(kUsage) on every worker when two of them are given the same serial port
/// or the same socket. Every worker makes the call.
void require_own_device(const std::string& address, IWorkers* workers);

}  // namespace crucible::experiment
