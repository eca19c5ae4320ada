// The ranks that mpirun started, as workers. The only library that uses MPI.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

#include "host/base/i_workers.hpp"
#include "host/mpi/launch.hpp"
#include "models/error.hpp"

namespace crucible::mpi {

/// How a job ended, seen from this rank.
struct Parting {
  std::vector<int> missing;      ///< ranks that did not come to the end in time
  std::optional<Error> failure;  ///< the first one that another rank told
  bool first_knows = true;       ///< rank 0 came to the end, or this is it
};

/// One a process, from the start of the shared work to its end.
class MpiWorkers final : public IWorkers {
 public:
  /// patience: the longest wait for another rank. Throws crucible::Error(kDevice) when MPI does not
  /// start or has another number of ranks than the launch.
  MpiWorkers(const Launch& launch, std::chrono::milliseconds patience);
  /// Ends the whole job where leave() was not called, or ranks were missing.
  ~MpiWorkers() override;

  [[nodiscard]] int rank() const override;
  [[nodiscard]] int size() const override;
  [[nodiscard]] int neighbours() const override;
  void gather(std::span<std::byte> bytes, std::span<const size_t> ends) override;
  void relay(std::span<std::byte> bytes, const std::function<void()>& add) override;

  /// The last call: tells the other ranks how this one ended and waits until all have come here:
  /// after a failure only for a short time, and for rank 0, which writes the results, for a day.
  [[nodiscard]] Parting leave(const std::optional<Error>& failure);
  /// Ends all ranks at once; for when some did not come.
  [[noreturn]] void end_job(int exit_code);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace crucible::mpi
