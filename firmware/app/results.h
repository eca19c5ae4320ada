/* From the tile's results to activations or logits: sums over row blocks, bias, pooling,
 * requantisation. */
#ifndef CRUCIBLE_FIRMWARE_RESULTS_H_
#define CRUCIBLE_FIRMWARE_RESULTS_H_

#include "firmware/app/network.h"

/* Results of `lines` lines of positions lie in OUTPUT, column blocks outermost, then row blocks,
 * positions, outputs. Writes the activations of the lines of the next layer's input that they give:
 * `out` is the place of channel 0 in the first of them. */
void fw_requantise_lines(const struct fw_plan* plan, uint32_t lines, uint8_t* out,
                         uint32_t out_line, uint32_t out_plane);

/* The last layer: bias added; words as fw_run_images has them. */
void fw_store_logits(const struct fw_plan* plan, uint32_t* logits);

/* Logit of a class; words: fw_logit_words. */
static inline int64_t fw_logit(const uint32_t* logits, uint32_t words, uint32_t class) {
  if (words == 1) return (int32_t)logits[class];
  return (int64_t)((uint64_t)logits[2 * class + 1] << 32 | logits[2 * class]);
}

/* The class with the largest of an image's logits, the lowest of equals. */
uint32_t fw_predicted_class(const struct fw_network* network, const uint32_t* logits);

#endif /* CRUCIBLE_FIRMWARE_RESULTS_H_ */
