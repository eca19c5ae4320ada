#include "host/mpi/mpi_workers.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <mpi.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>
#include <thread>

#include "host/mpi/watchdog.hpp"

namespace crucible::mpi {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

enum Tag { kPart = 1, kFarewell = 2 };

/// After a failure: for the others to see it and close their devices.
constexpr milliseconds kAfterFailure{10'000};
/// After a good end: rank 0 may have much to do alone, such as a certificate.
constexpr std::chrono::hours kFirstEnds{24};
/// Rank 0 speaks for all; the others wait a little longer before they do.
constexpr milliseconds kFirstSpeaks{2'000};
constexpr milliseconds kStart{60'000}, kFinalize{10'000};
/// A process that was stopped and goes on must not count the time that it slept.
constexpr milliseconds kLongestNap{100};
constexpr std::string_view kCut = " [cut]";

/// How a rank ended.
struct Farewell {
  int failed = 0;
  int kind = 0;
  std::array<char, 16'000> text{};  ///< a device's error lists its last frames
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

void require_size(size_t bytes) {
  if (bytes <= static_cast<size_t>(std::numeric_limits<int>::max())) return;
  throw Error(ErrorKind::kInternal,
              fmt::format("mpi: {} bytes for one call; at most 2^31 - 1", bytes));
}

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
  std::vector<bool> left;          ///< without a failure
  std::vector<std::byte> in, out;  ///< what is under way outlives the caller's buffers

  Impl(const Launch& l, milliseconds p) : launch(l), patience(p) {}
  void start();
  void receive_farewells();
  /// Throws what another rank failed with, if one did, or that one left without its part.
  void look_at_farewells(const std::vector<int>& missing);
  [[nodiscard]] Error error_of(int rank) const;
  void send(int rank, std::span<const std::byte> bytes);
  void receive(int rank, std::span<std::byte> bytes);
  /// Waits until everything sent is taken and everything received is there.
  void finish();
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
  left.resize(n);
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

void MpiWorkers::Impl::look_at_farewells(const std::vector<int>& missing) {
  // What a rank sent before its farewell is here before it, but may not have been looked at.
  for (const int r : missing)
    if (left[static_cast<size_t>(r)])
      throw Error(
          ErrorKind::kInternal,
          fmt::format("mpi: rank {} has ended while rank {} still works with it", r, launch.rank));
  for (size_t r = 0; r < farewells.size(); ++r) {
    MPI_Request& request = farewells_from[r];
    if (request == MPI_REQUEST_NULL || !is_done(request, "farewell")) continue;
    if (farewells[r].failed != 0) throw error_of(static_cast<int>(r));
    left[r] = true;
  }
}

void MpiWorkers::Impl::send(int rank, std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  check(MPI_Isend(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, rank, kPart, comm,
                  &to[static_cast<size_t>(rank)]),
        "send");
}

void MpiWorkers::Impl::receive(int rank, std::span<std::byte> bytes) {
  if (bytes.empty()) return;
  check(MPI_Irecv(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, rank, kPart, comm,
                  &from[static_cast<size_t>(rank)]),
        "receive");
}

void MpiWorkers::Impl::finish() {
  Wait wait;
  for (;;) {
    std::vector<int> missing;
    for (size_t r = 0; r < to.size(); ++r) {
      const bool received = is_done(from[r], "receive"), sent = is_done(to[r], "send");
      if (!received || !sent) missing.push_back(static_cast<int>(r));
    }
    if (missing.empty()) return;
    look_at_farewells(missing);
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
  Impl& job = *impl_;
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
    job.receive(r, part_of(job.in, r));
    job.send(r, job.out);
  }
  job.finish();
  std::copy(own.begin(), own.end(), part_of(job.in, rank()).begin());
  std::copy(job.in.begin(), job.in.end(), bytes.begin());
}

void MpiWorkers::relay(std::span<std::byte> bytes, const std::function<void()>& add) {
  Impl& job = *impl_;
  require_size(bytes.size());
  const int last = size() - 1;
  job.in.resize(bytes.size());
  if (rank() > 0) {
    job.receive(rank() - 1, job.in);
    job.finish();
    std::copy(job.in.begin(), job.in.end(), bytes.begin());
  }
  add();
  job.out.assign(bytes.begin(), bytes.end());
  if (rank() < last) {
    job.send(rank() + 1, job.out);
    job.receive(last, job.in);
  } else {
    for (int r = 0; r < last; ++r) job.send(r, job.out);
  }
  job.finish();
  if (rank() < last) std::copy(job.in.begin(), job.in.end(), bytes.begin());
}

Parting MpiWorkers::leave(const std::optional<Error>& failure) {
  Impl& job = *impl_;
  job.mine.failed = failure ? 1 : 0;
  if (failure) {
    job.mine.kind = failure->exit_code();
    std::string text = failure->what();
    const size_t most = job.mine.text.size() - 1;
    if (text.size() > most) text = text.substr(0, most - kCut.size()) + std::string(kCut);
    std::memcpy(job.mine.text.data(), text.data(), text.size());
  }
  for (int r = 0; r < size(); ++r)
    if (r != rank())
      MPI_Isend(&job.mine, sizeof job.mine, MPI_BYTE, r, kFarewell, job.comm,
                &job.farewells_to[static_cast<size_t>(r)]);
  milliseconds patience = failure ? std::min(kAfterFailure, job.patience) : job.patience;
  if (rank() != 0) patience = failure ? patience + kFirstSpeaks : kFirstEnds;
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
