// The word-wide FIFOs of a device's stream, as a memory-mapped adapter would offer them.
#pragma once

#include <cstdint>

namespace crucible::sim {

enum class FifoRegister : uint64_t {
  kData = 0x0,  ///< TLM_WRITE: words to the device; TLM_READ: words from it, no more than kReceived
                ///< says
  kReceived = 0x4,  ///< TLM_READ of one word: number of words that can be read
  kWaiting = 0x8,   ///< TLM_READ of one word: number of words that the device has not taken yet
  kClear = 0xC,     ///< TLM_WRITE of any word: drops the words in both directions
};

}  // namespace crucible::sim
