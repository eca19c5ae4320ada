// CRC-32 of IEEE 802.3, as zlib computes it.
#pragma once

#include <cstdint>
#include <span>

namespace crucible::link {

[[nodiscard]] uint32_t crc32(std::span<const uint8_t> bytes);

}  // namespace crucible::link
