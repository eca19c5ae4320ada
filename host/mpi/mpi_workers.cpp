#include "host/mpi/mpi_workers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "host/mpi/exchange.hpp"
#include "host/mpi/wait.hpp"

namespace crucible::mpi {

namespace {

using std::chrono::milliseconds;

/// After a failure: for the others to see it and close their devices.
constexpr milliseconds kAfterFailure{10'000};
/// After a good end: rank 0 may have much to do alone, such as a certificate.
constexpr std::chrono::hours kFirstEnds{24};

void require_size(size_t bytes) {
  if (bytes <= static_cast<size_t>(std::numeric_limits<int>::max())) return;
  throw Error(ErrorKind::kInternal,
              fmt::format("mpi: {} bytes for one call; at most 2^31 - 1", bytes));
}

}  // namespace

struct MpiWorkers::Impl {
  Exchange ranks;
  std::vector<std::byte> in, out;  ///< what is under way outlives the caller's buffers
};

MpiWorkers::MpiWorkers(const Launch& launch, milliseconds patience)
    : impl_(std::make_unique<Impl>(Impl{Exchange(launch, patience), {}, {}})) {
  impl_->ranks.start();
}

MpiWorkers::~MpiWorkers() {
  if (impl_->ranks.running()) MPI_Abort(MPI_COMM_WORLD, static_cast<int>(ErrorKind::kInternal));
}

int MpiWorkers::rank() const { return impl_->ranks.launch().rank; }
int MpiWorkers::size() const { return impl_->ranks.launch().size; }
int MpiWorkers::neighbours() const { return impl_->ranks.launch().neighbours; }

void MpiWorkers::gather(std::span<std::byte> bytes, std::span<const size_t> ends) {
  Impl& job = *impl_;
  Exchange& ranks = job.ranks;
  require_size(bytes.size());
  const auto begin_of = [&](int r) {
    return r == 0 ? size_t{0} : ends[static_cast<size_t>(r) - 1];
  };
  const auto part_of = [&](std::span<std::byte> whole, int r) {
    return whole.subspan(begin_of(r), ends[static_cast<size_t>(r)] - begin_of(r));
  };
  const std::span<std::byte> own = part_of(bytes, rank());
  job.out.assign(own.begin(), own.end());
  job.in.resize(bytes.size());
  for (int r = 0; r < size(); ++r) {
    if (r == rank()) continue;
    ranks.receive(r, part_of(job.in, r));
    ranks.send(r, job.out);
  }
  ranks.finish();
  std::copy(own.begin(), own.end(), part_of(job.in, rank()).begin());
  std::copy(job.in.begin(), job.in.end(), bytes.begin());
}

void MpiWorkers::relay(std::span<std::byte> bytes, const std::function<void()>& add) {
  Impl& job = *impl_;
  Exchange& ranks = job.ranks;
  require_size(bytes.size());
  const int last = size() - 1;
  job.in.resize(bytes.size());
  if (rank() > 0) {
    ranks.receive(rank() - 1, job.in);
    ranks.finish();
    std::copy(job.in.begin(), job.in.end(), bytes.begin());
  }
  add();
  job.out.assign(bytes.begin(), bytes.end());
  if (rank() < last) {
    ranks.send(rank() + 1, job.out);
    ranks.receive(last, job.in);
  } else {
    for (int r = 0; r < last; ++r) ranks.send(r, job.out);
  }
  ranks.finish();
  if (rank() < last) std::copy(job.in.begin(), job.in.end(), bytes.begin());
}

Parting MpiWorkers::leave(const std::optional<Error>& failure) {
  Exchange& ranks = impl_->ranks;
  ranks.say_farewell(failure);
  milliseconds patience = failure ? std::min(kAfterFailure, ranks.patience()) : ranks.patience();
  if (rank() != 0) patience = failure ? patience + kFirstSpeaks : kFirstEnds;
  Parting parting;
  Wait wait;
  for (;;) {
    parting.missing = ranks.not_parted();
    if (parting.missing.empty() || wait.spent() >= patience) break;
    wait.pause();
  }
  parting.failure = ranks.failure();
  parting.first_knows =
      std::find(parting.missing.begin(), parting.missing.end(), 0) == parting.missing.end();
  if (parting.missing.empty()) ranks.end();
  return parting;
}

void MpiWorkers::end_job(int exit_code) {
  MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::_Exit(exit_code);
}

}  // namespace crucible::mpi
