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

/* The last layer: bias added; words as fw_run_image has them, none where it is null. Returns the
 * class with the largest logit, the lowest of equals. */
uint32_t fw_store_logits(const struct fw_plan* plan, uint32_t* logits);

#endif /* CRUCIBLE_FIRMWARE_RESULTS_H_ */
