#include "host/link/crc32.hpp"

#include <zlib.h>

namespace crucible::link {

uint32_t crc32(std::span<const uint8_t> bytes) {
  return static_cast<uint32_t>(::crc32_z(0, bytes.data(), bytes.size()));
}

}  // namespace crucible::link
