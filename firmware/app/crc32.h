/* CRC-32 of IEEE 802.3, as zlib computes it. */
#ifndef CRUCIBLE_FIRMWARE_CRC32_H_
#define CRUCIBLE_FIRMWARE_CRC32_H_

#include <stdint.h>

uint32_t fw_crc32(const uint8_t* bytes, uint32_t count);

#endif /* CRUCIBLE_FIRMWARE_CRC32_H_ */
