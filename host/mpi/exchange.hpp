// What goes between the ranks: parts of the work, and how each of them ended. For this folder
// alone.
#pragma once

#include <mpi.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

#include "host/mpi/launch.hpp"
#include "models/error.hpp"

namespace crucible::mpi {

/// How a rank ended.
struct Farewell {
  int failed = 0;
  int kind = 0;
  std::array<char, 16'000> text{};  ///< a device's error lists its last frames
};

/// Buffers that are given stay the caller's until finish(), or after a failure until the process
/// ends.
class Exchange {
 public:
  Exchange(const Launch& launch, std::chrono::milliseconds patience)
      : launch_(launch), patience_(patience) {}

  /// Initialises MPI and meets the other ranks. Throws crucible::Error(kDevice).
  void start();
  void send(int rank, std::span<const std::byte> bytes);
  void receive(int rank, std::span<std::byte> bytes);
  /// Waits until everything sent is taken and everything received is there. Throws crucible::Error:
  /// what another rank failed with, or kTimeout.
  void finish();

  /// Tells all others.
  void say_farewell(const std::optional<Error>& failure);
  /// The ranks that were not told, or have not told how they ended; looks once.
  [[nodiscard]] std::vector<int> not_parted();
  /// The first failure that was told.
  [[nodiscard]] std::optional<Error> failure() const;
  /// Ends MPI; all ranks are there.
  void end();

  [[nodiscard]] const Launch& launch() const { return launch_; }
  [[nodiscard]] std::chrono::milliseconds patience() const { return patience_; }
  /// MPI is between its start and its end.
  [[nodiscard]] bool running() const { return running_; }

 private:
  void receive_farewells();
  /// Throws what another rank failed with, or that one of `missing` left without its part.
  void look_at_farewells(const std::vector<int>& missing);
  [[nodiscard]] Error error_of(size_t rank) const;

  Launch launch_;
  std::chrono::milliseconds patience_;
  bool running_ = false;
  MPI_Comm comm_ = MPI_COMM_NULL;
  // By rank.
  std::vector<MPI_Request> to_, from_, farewells_to_, farewells_from_;
  std::vector<Farewell> farewells_;
  std::vector<bool> heard_;
  Farewell mine_;
};

/// Rank 0 speaks for all; the others wait a little longer before they do.
inline constexpr std::chrono::milliseconds kFirstSpeaks{2'000};

}  // namespace crucible::mpi
