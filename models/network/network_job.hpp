// A compiled network with images and one chip's offsets as bytes: what one program hands to another
// that runs it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/network/compiled_network.hpp"

namespace crucible::models {

struct NetworkJob {
  CompiledNetwork network;
  ChipOffsets offsets;          ///< of all cells; empty without injection
  std::vector<uint8_t> images;  ///< [labels.size()][input_size]
  std::vector<uint8_t> labels;
};

[[nodiscard]] std::string to_bytes(const NetworkJob& job);
/// Throws crucible::Error(kData) for bytes that to_bytes() did not make.
[[nodiscard]] NetworkJob network_job_from_bytes(const std::string& bytes);

}  // namespace crucible::models
