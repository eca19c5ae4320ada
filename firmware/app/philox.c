#include "firmware/app/philox.h"

uint32_t fw_draw(struct fw_random* random, uint32_t* high) {
  uint32_t a = random->index++, b = 0, c = random->stream, d = 0;
  uint32_t key0 = random->seed[0], key1 = random->seed[1];
  for (int round = 0; round < 10; ++round) {
    const uint64_t p = (uint64_t)0xD2511F53u * a, q = (uint64_t)0xCD9E8D57u * c;
    a = (uint32_t)(q >> 32) ^ b ^ key0;
    b = (uint32_t)q;
    c = (uint32_t)(p >> 32) ^ d ^ key1;
    d = (uint32_t)p;
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  *high = b;
  return a;
}

uint32_t fw_draw_below(struct fw_random* random, uint32_t bound) {
  uint32_t high;
  (void)fw_draw(random, &high);
  return (uint32_t)((uint64_t)high * bound >> 32);
}
