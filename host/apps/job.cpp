#include "host/apps/job.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>

#include "host/apps/interrupt.hpp"

namespace crucible::apps {

namespace {

int say(const Error& error) {
  if (interrupted()) return interrupt_exit_code();
  fmt::print(stderr, "crucible: error: {}\n", error.what());
  std::fflush(stderr);
  return error.exit_code();
}

}  // namespace

IWorkers* Job::start(std::chrono::milliseconds patience) {
  if (launch_.size == 1) return nullptr;
  workers_ = std::make_unique<mpi::MpiWorkers>(launch_, patience);
  return workers_.get();
}

int Job::end(std::optional<Error> failure) {
  int code = interrupt_exit_code();
  if (failure && is_first()) code = say(*failure);
  if (workers_) {
    const mpi::Parting parting = workers_->leave(failure);
    if (!failure && parting.failure) {
      failure = parting.failure;
      if (is_first()) code = say(*failure);
    }
    if (!parting.missing.empty()) {
      const Error late(ErrorKind::kTimeout,
                       fmt::format("mpi: rank {} did not come to the end of the job; the others "
                                   "ended",
                                   fmt::join(parting.missing, " and ")));
      // Rank 0 has told its failure already; where it is the one that is missing, who waits tells.
      if (!is_first() && !parting.first_knows) code = say(failure.value_or(late));
      if (is_first() && !failure) code = say(late);
      workers_->end_job(code);
    }
  }
  return is_first() ? code : 0;  // another code first, and mpirun would end rank 0 before it spoke
}

}  // namespace crucible::apps
