// How patient a link is.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>

namespace crucible::port {

/// Wall-clock times are only the outer guard: a job's budget counts in the device's own clock
/// cycles (WAIT_IDLE).
struct LinkOptions {
  std::chrono::milliseconds open_timeout{5'000};  ///< to connect and to get the answer to SYNC
  std::chrono::milliseconds frame_timeout{
      1'000};  ///< silence after which unanswered frames are sent again
  std::chrono::milliseconds longest_timeout{
      8'000};           ///< frame_timeout doubles with each retry up to this
  int max_retries = 5;  ///< in a row, without an answer between them
  uint32_t slowest_clock_hz =
      100'000;  ///< WAIT_IDLE's answer may take this much longer: cycles / Hz
  uint32_t slowest_bytes_per_s = 20'000;  ///< long frames' answers may take this much longer
  std::optional<uint16_t> session;        ///< random if not given
  uint16_t first_sequence = 0;
};

}  // namespace crucible::port
