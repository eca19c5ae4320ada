// Bring-up: is there a port, a device of this host's kind behind it, a link without errors, good
// cells and converters? Each answer passes or says what to do.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace crucible::doctor {

enum class Verdict { kPass, kFail, kSkip };

struct Finding {
  std::string name;  ///< "latency", one word
  Verdict verdict = Verdict::kPass;
  std::string text;    ///< what was found; of a skip, why
  std::string advice;  ///< of a failure: what to do
};

struct Options {
  std::vector<uint32_t> bauds;           ///< beside the address's own, of a UART
  int frames = 200;                      ///< at each rate
  uint64_t seed = 1;                     ///< of what is sent
  std::filesystem::path sysfs = "/sys";  ///< where the kernel tells of ports
};

/// Asks one thing after the other and calls `tell` with each finding at once. Ends at a failure
/// that leaves nothing to ask of the rest. The cells of the device, and its inputs, are lost.
/// Throws crucible::Error(kUsage) for an address that is none.
std::vector<Finding> examine(const std::string& address, const Options& options,
                             const std::function<void(const Finding&)>& tell);

}  // namespace crucible::doctor
