#include "host/mpi/mpi_workers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mpi.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>
#include <thread>

#include "host/mpi/watchdog.hpp"

namespace crucible::mpi {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

enum Tag { kPart = 1, kFarewell = 2 };

/// After a failure: for the others to see it and close their devices.
constexpr milliseconds kAfterFailure{10'000};
/// Rank 0 speaks for all; the others wait a little longer before they do.
constexpr milliseconds kFirstSpeaks{2'000};
constexpr milliseconds kStart{60'000}, kFinalize{10'000};
/// A process that was stopped and goes on must not count the time that it slept.
constexpr milliseconds kLongestNap{100};

/// How a rank ended. Small enough to be sent without waiting for its receiver.
struct Farewell {
  int failed = 0;
  int kind = 0;
  std::array<char, 2000> text{};
};

void check(int code, const char* what) {
  if (code == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(code, text.data(), &length);
  throw Error(ErrorKind::kDevice,
              fmt::format("mpi: {}: {}; is another rank gone?", what, text.data()));
}

/// Time spent waiting, and pauses that grow from none.
class Wait {
 public:
  [[nodiscard]] milliseconds spent() const {
    return std::chrono::duration_cast<milliseconds>(spent_);
  }
  void pause() {
    constexpr int kYields = 2'000;
    constexpr std::chrono::microseconds kSleep{200};
    if (++pauses_ < kYields)
      std::this_thread::yield();
    else
      std::this_thread::sleep_for(kSleep);
    const Clock::time_point now = Clock::now();
    spent_ += std::min<Clock::duration>(now - last_, kLongestNap);
    last_ = now;
  }

 private:
  Clock::time_point last_ = Clock::now();
  Clock::duration spent_{};
  int pauses_ = 0;
};

bool is_done(MPI_Request& request, const char* what) {
  int done = 0;
  check(MPI_Test(&request, &done, MPI_STATUS_IGNORE), what);
  return done != 0;
}

}  // namespace

struct MpiWorkers::Impl {
  Launch launch;
  milliseconds patience;
  bool running = false;
  MPI_Comm comm = MPI_COMM_NULL;
  std::vector<MPI_Request> to, from;  ///< by rank: this call's parts
  std::vector<MPI_Request> farewells_from, farewells_to;
  std::vector<Farewell> farewells;
  Farewell mine;
  std::vector<std::byte> in, out;  ///< what is under way outlives the caller's buffers

  Impl(const Launch& l, milliseconds p) : launch(l), patience(p) {}
  void start();
  void receive_farewells();
  /// Throws what another rank failed with, if one did.
  void look_at_farewells();
  [[nodiscard]] Error error_of(int rank) const;
  void exchange(std::span<const size_t> ends);
};

void MpiWorkers::Impl::start() {
  const Watchdog watchdog(
      kStart,
      fmt::format("mpi: rank {} of {} has not met the others within {} s; did one of them not "
                  "start?",
                  launch.rank, launch.size, kStart.count() / 1000),
      static_cast<int>(ErrorKind::kTimeout));
  int level = 0, size = 0, rank = 0;
  check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &level), "start");
  running = true;
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  check(MPI_Comm_dup(MPI_COMM_WORLD, &comm), "start");
  MPI_Comm_set_errhandler(comm, MPI_ERRORS_RETURN);
  MPI_Comm_size(comm, &size);
  MPI_Comm_rank(comm, &rank);
  if (size != launch.size || rank != launch.rank)
    throw Error(ErrorKind::kDevice,
                fmt::format("mpi: started as rank {} of {}, but MPI says rank {} of {}; start with "
                            "the mpirun of the same Open MPI",
                            launch.rank, launch.size, rank, size));
  receive_farewells();
}

void MpiWorkers::Impl::receive_farewells() {
  const auto n = static_cast<size_t>(launch.size);
  for (auto* requests : {&to, &from, &farewells_from, &farewells_to})
    requests->assign(n, MPI_REQUEST_NULL);
  farewells.resize(n);
  for (int r = 0; r < launch.size; ++r) {
    if (r == launch.rank) continue;
    const auto at = static_cast<size_t>(r);
    check(MPI_Irecv(&farewells[at], sizeof(Farewell), MPI_BYTE, r, kFarewell, comm,
                    &farewells_from[at]),
          "start");
  }
}

Error MpiWorkers::Impl::error_of(int rank) const {
  const Farewell& farewell = farewells[static_cast<size_t>(rank)];
  return {static_cast<ErrorKind>(farewell.kind),
          fmt::format("rank {}: {}", rank, farewell.text.data())};
}

void MpiWorkers::Impl::look_at_farewells() {
  for (int r = 0; r < launch.size; ++r) {
    MPI_Request& request = farewells_from[static_cast<size_t>(r)];
    if (request == MPI_REQUEST_NULL || !is_done(request, "farewell")) continue;
    if (farewells[static_cast<size_t>(r)].failed != 0) throw error_of(r);
  }
}

void MpiWorkers::Impl::exchange(std::span<const size_t> ends) {
  const auto begin_of = [&](size_t r) { return r == 0 ? size_t{0} : ends[r - 1]; };
  const auto me = static_cast<size_t>(launch.rank);
  for (size_t r = 0; r < ends.size(); ++r) {
    if (r == me) continue;
    const size_t size = ends[r] - begin_of(r);
    if (size > 0)
      check(MPI_Irecv(in.data() + begin_of(r), static_cast<int>(size), MPI_BYTE,
                      static_cast<int>(r), kPart, comm, &from[r]),
            "receive");
    if (!out.empty())
      check(MPI_Isend(out.data(), static_cast<int>(out.size()), MPI_BYTE, static_cast<int>(r),
                      kPart, comm, &to[r]),
            "send");
  }
  Wait wait;
  for (;;) {
    std::vector<int> missing;
    for (size_t r = 0; r < ends.size(); ++r) {
      const bool received = is_done(from[r], "receive"), sent = is_done(to[r], "send");
      if (!received || !sent) missing.push_back(static_cast<int>(r));
    }
    if (missing.empty()) return;
    look_at_farewells();
    if (wait.spent() >= patience + (launch.rank == 0 ? milliseconds{0} : kFirstSpeaks))
      throw Error(ErrorKind::kTimeout,
                  fmt::format("mpi: rank {} has waited {:.1f} s for rank {}; is it stopped, or its "
                              "device stuck? --rank-timeout gives slow ranks longer",
                              launch.rank, static_cast<double>(wait.spent().count()) / 1000,
                              fmt::join(missing, " and ")));
    wait.pause();
  }
}

MpiWorkers::MpiWorkers(const Launch& launch, milliseconds patience)
    : impl_(std::make_unique<Impl>(launch, patience)) {
  impl_->start();
}

MpiWorkers::~MpiWorkers() {
  if (impl_->running) MPI_Abort(MPI_COMM_WORLD, static_cast<int>(ErrorKind::kInternal));
}

int MpiWorkers::rank() const { return impl_->launch.rank; }
int MpiWorkers::size() const { return impl_->launch.size; }
int MpiWorkers::neighbours() const { return impl_->launch.neighbours; }

void MpiWorkers::gather(std::span<std::byte> bytes, std::span<const size_t> ends) {
  const auto me = static_cast<size_t>(rank());
  const size_t begin = me == 0 ? 0 : ends[me - 1];
  if (ends.size() != static_cast<size_t>(size()) || ends.back() != bytes.size() ||
      bytes.size() > static_cast<size_t>(std::numeric_limits<int>::max()))
    throw Error(ErrorKind::kInternal,
                fmt::format("mpi: {} bytes in {} parts for {} ranks; at most 2^31 - 1 bytes, one "
                            "part a rank",
                            bytes.size(), ends.size(), size()));
  const std::span<std::byte> own = bytes.subspan(begin, ends[me] - begin);
  impl_->out.assign(own.begin(), own.end());
  impl_->in.resize(bytes.size());
  impl_->exchange(ends);
  std::copy(own.begin(), own.end(), impl_->in.begin() + static_cast<std::ptrdiff_t>(begin));
  std::copy(impl_->in.begin(), impl_->in.end(), bytes.begin());
}

Parting MpiWorkers::leave(const std::optional<Error>& failure) {
  Impl& job = *impl_;
  job.mine.failed = failure ? 1 : 0;
  if (failure) {
    job.mine.kind = failure->exit_code();
    const std::string text = failure->what();
    std::memcpy(job.mine.text.data(), text.data(), std::min(text.size(), job.mine.text.size() - 1));
  }
  for (int r = 0; r < size(); ++r)
    if (r != rank())
      MPI_Isend(&job.mine, sizeof job.mine, MPI_BYTE, r, kFarewell, job.comm,
                &job.farewells_to[static_cast<size_t>(r)]);
  const milliseconds patience = (failure ? std::min(kAfterFailure, job.patience) : job.patience) +
                                (rank() == 0 ? milliseconds{0} : kFirstSpeaks);
  Parting parting;
  Wait wait;
  for (;;) {
    parting.missing.clear();
    for (int r = 0; r < size(); ++r) {
      const auto at = static_cast<size_t>(r);
      int told = 0, heard = 0;
      // A rank that is gone counts as missing, whatever the error.
      const bool good = MPI_Test(&job.farewells_to[at], &told, MPI_STATUS_IGNORE) == MPI_SUCCESS &&
                        MPI_Test(&job.farewells_from[at], &heard, MPI_STATUS_IGNORE) == MPI_SUCCESS;
      if (!good || told == 0 || heard == 0) parting.missing.push_back(r);
      if (heard != 0 && job.farewells[at].failed != 0 && !parting.failure)
        parting.failure = job.error_of(r);
    }
    if (parting.missing.empty() || wait.spent() >= patience) break;
    wait.pause();
  }
  parting.first_knows =
      std::find(parting.missing.begin(), parting.missing.end(), 0) == parting.missing.end();
  if (!parting.missing.empty()) return parting;
  const Watchdog watchdog(kFinalize, "mpi: the ranks ended, but MPI did not",
                          static_cast<int>(ErrorKind::kTimeout));
  MPI_Comm_free(&job.comm);
  MPI_Finalize();
  job.running = false;
  return parting;
}

void MpiWorkers::end_job(int exit_code) {
  impl_->running = false;
  MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::_Exit(exit_code);
}

}  // namespace crucible::mpi
