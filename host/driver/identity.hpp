// What a device says about itself, and whether this host fits it.
#pragma once

#include <cstdint>
#include <string>

#include "host/port/i_port.hpp"
#include "models/mapping/placement.hpp"

namespace crucible::driver {

struct Identity {
  uint32_t magic = 0, map_hash = 0, config_hash = 0;
  int map_major = 0, map_minor = 0, protocol = 0;
  models::TileGeometry geometry;
  int in_bits = 0, cell_bits = 0, slices = 0, offset_bits = 0;
  int in_words = 0, out_words = 0, kept_responses = 0, max_payload = 0;
  bool effects = false;                 ///< FEATURES: more than the ideal tile and its offsets
  int memory_bytes = 0;                 ///< of the board memory, 0 without a controller
  std::string config_name = "unknown";  ///< the named configuration whose hash it has
};

/// Reads MAGIC .. LINK_INFO, FEATURES and, with a controller, MEMORY_INFO. Throws
/// crucible::Error(kDevice), naming both sides, when magic, version, map or protocol are not this
/// host's, when the cells are not those of docs/numerics.md, or when the geometry is not that of
/// its configuration hash.
[[nodiscard]] Identity read_identity(port::IPort& port);

}  // namespace crucible::driver
