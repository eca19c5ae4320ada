#include "host/mpi/exchange.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "host/mpi/wait.hpp"
#include "host/mpi/watchdog.hpp"

namespace crucible::mpi {

namespace {

using std::chrono::milliseconds;

enum Tag { kPart = 1, kFarewell = 2 };

constexpr milliseconds kStart{60'000}, kFinalize{10'000};
constexpr std::string_view kCut = " [cut]";

void check(int code, const char* what) {
  if (code == MPI_SUCCESS) return;
  std::array<char, MPI_MAX_ERROR_STRING> text{};
  int length = 0;
  MPI_Error_string(code, text.data(), &length);
  throw Error(ErrorKind::kDevice,
              fmt::format("mpi: {}: {}; is another rank gone?", what, text.data()));
}

bool is_done(MPI_Request& request, const char* what) {
  int done = 0;
  check(MPI_Test(&request, &done, MPI_STATUS_IGNORE), what);
  return done != 0;
}

}  // namespace

void Exchange::start() {
  const Watchdog watchdog(
      kStart,
      fmt::format("mpi: rank {} of {} has not met the others within {} s; did one of them not "
                  "start?",
                  launch_.rank, launch_.size, kStart.count() / 1000),
      static_cast<int>(ErrorKind::kTimeout));
  int level = 0, size = 0, rank = 0;
  check(MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &level), "start");
  running_ = true;
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  check(MPI_Comm_dup(MPI_COMM_WORLD, &comm_), "start");
  MPI_Comm_set_errhandler(comm_, MPI_ERRORS_RETURN);
  MPI_Comm_size(comm_, &size);
  MPI_Comm_rank(comm_, &rank);
  if (size != launch_.size || rank != launch_.rank)
    throw Error(ErrorKind::kDevice,
                fmt::format("mpi: started as rank {} of {}, but MPI says rank {} of {}; start with "
                            "the mpirun of the same Open MPI",
                            launch_.rank, launch_.size, rank, size));
  receive_farewells();
}

void Exchange::receive_farewells() {
  const auto n = static_cast<size_t>(launch_.size);
  for (auto* requests : {&to_, &from_, &farewells_from_, &farewells_to_})
    requests->assign(n, MPI_REQUEST_NULL);
  farewells_.resize(n);
  heard_.resize(n);
  for (size_t r = 0; r < n; ++r) {
    if (r == static_cast<size_t>(launch_.rank)) continue;
    check(MPI_Irecv(&farewells_[r], sizeof(Farewell), MPI_BYTE, static_cast<int>(r), kFarewell,
                    comm_, &farewells_from_[r]),
          "start");
  }
}

void Exchange::send(int rank, std::span<const std::byte> bytes) {
  if (bytes.empty()) return;
  check(MPI_Isend(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, rank, kPart, comm_,
                  &to_[static_cast<size_t>(rank)]),
        "send");
}

void Exchange::receive(int rank, std::span<std::byte> bytes) {
  if (bytes.empty()) return;
  check(MPI_Irecv(bytes.data(), static_cast<int>(bytes.size()), MPI_BYTE, rank, kPart, comm_,
                  &from_[static_cast<size_t>(rank)]),
        "receive");
}

void Exchange::finish() {
  Wait wait;
  for (;;) {
    std::vector<int> missing;
    for (size_t r = 0; r < to_.size(); ++r) {
      const bool received = is_done(from_[r], "receive"), sent = is_done(to_[r], "send");
      if (!received || !sent) missing.push_back(static_cast<int>(r));
    }
    if (missing.empty()) return;
    look_at_farewells(missing);
    if (wait.spent() >= patience_ + (launch_.rank == 0 ? milliseconds{0} : kFirstSpeaks))
      throw Error(ErrorKind::kTimeout,
                  fmt::format("mpi: rank {} has waited {:.1f} s for rank {}; is it stopped, or its "
                              "device stuck? --rank-timeout gives slow ranks longer",
                              launch_.rank, static_cast<double>(wait.spent().count()) / 1000,
                              fmt::join(missing, " and ")));
    wait.pause();
  }
}

Error Exchange::error_of(size_t rank) const {
  return {static_cast<ErrorKind>(farewells_[rank].kind),
          fmt::format("rank {}: {}", rank, farewells_[rank].text.data())};
}

void Exchange::look_at_farewells(const std::vector<int>& missing) {
  // What a rank sent before its farewell is here before it, but may not have been looked at.
  for (const int r : missing)
    if (heard_[static_cast<size_t>(r)])
      throw Error(
          ErrorKind::kInternal,
          fmt::format("mpi: rank {} has ended while rank {} still works with it", r, launch_.rank));
  for (size_t r = 0; r < farewells_.size(); ++r) {
    if (farewells_from_[r] == MPI_REQUEST_NULL || !is_done(farewells_from_[r], "farewell"))
      continue;
    heard_[r] = true;
    if (farewells_[r].failed != 0) throw error_of(r);
  }
}

void Exchange::say_farewell(const std::optional<Error>& failure) {
  mine_.failed = failure ? 1 : 0;
  if (failure) {
    mine_.kind = failure->exit_code();
    std::string text = failure->what();
    const size_t most = mine_.text.size() - 1;
    if (text.size() > most) text = text.substr(0, most - kCut.size()) + std::string(kCut);
    std::memcpy(mine_.text.data(), text.data(), text.size());
  }
  for (int r = 0; r < launch_.size; ++r)
    if (r != launch_.rank)
      MPI_Isend(&mine_, sizeof mine_, MPI_BYTE, r, kFarewell, comm_,
                &farewells_to_[static_cast<size_t>(r)]);
}

std::vector<int> Exchange::not_parted() {
  std::vector<int> missing;
  for (size_t r = 0; r < farewells_.size(); ++r) {
    int told = 0, heard = 0;
    // A rank that is gone counts as missing, whatever the error.
    const bool good = MPI_Test(&farewells_to_[r], &told, MPI_STATUS_IGNORE) == MPI_SUCCESS &&
                      MPI_Test(&farewells_from_[r], &heard, MPI_STATUS_IGNORE) == MPI_SUCCESS;
    heard_[r] = heard != 0;
    if (!good || told == 0 || heard == 0) missing.push_back(static_cast<int>(r));
  }
  return missing;
}

std::optional<Error> Exchange::failure() const {
  for (size_t r = 0; r < farewells_.size(); ++r)
    if (heard_[r] && farewells_[r].failed != 0) return error_of(r);
  return std::nullopt;
}

void Exchange::end() {
  const Watchdog watchdog(kFinalize, "mpi: the ranks ended, but MPI did not",
                          static_cast<int>(ErrorKind::kTimeout));
  MPI_Comm_free(&comm_);
  MPI_Finalize();
  running_ = false;
}

}  // namespace crucible::mpi
