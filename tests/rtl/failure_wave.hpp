// A failing RTL test leaves a wave of its failing transaction, and the command that repeats it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "sim/verilated/frame_client.hpp"

namespace crucible::sim {

/// Declare it after everything that it watches. When it goes while its test has failed, it runs the
/// same test again in a process of its own, with the trace on from the begin of the last
/// transaction to now, and prints the file and the command.
class FailureWave {
 public:
  FailureWave(const FrameClient& client, IRtlTop& top, uint64_t seed);
  ~FailureWave();
  FailureWave(const FailureWave&) = delete;
  FailureWave& operator=(const FailureWave&) = delete;

  /// A transaction of several frames begins, until ends(); otherwise the last frame is the
  /// transaction.
  void begins();
  void ends() { open_ = false; }

 private:
  void leave_wave() const;

  const FrameClient& client_;
  IRtlTop& top_;
  const uint64_t seed_;
  const std::chrono::steady_clock::time_point started_;
  bool open_ = false;
  uint64_t begin_ = 0;
};

}  // namespace crucible::sim
