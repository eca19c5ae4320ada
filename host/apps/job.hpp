// The processes of one command: this one alone, or the ranks that mpirun started. Of these the
// first prints, and ends with the exit code of all.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "host/mpi/mpi_workers.hpp"

namespace crucible::apps {

class Job {
 public:
  Job() : launch_(mpi::launch_of_environment()) {}

  [[nodiscard]] bool is_first() const { return launch_.rank == 0; }
  [[nodiscard]] int size() const { return launch_.size; }
  /// Meets the other ranks; null where there are none. Throws what MpiWorkers throws.
  [[nodiscard]] IWorkers* start(std::chrono::milliseconds patience);
  /// Prints the failure, waits for the other ranks, and returns the exit code.
  [[nodiscard]] int end(std::optional<Error> failure);

 private:
  mpi::Launch launch_;
  std::unique_ptr<mpi::MpiWorkers> workers_;
};

}  // namespace crucible::apps
