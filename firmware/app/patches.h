/* im2col: input vectors of positions into the tile's window INPUT. */
#ifndef CRUCIBLE_FIRMWARE_PATCHES_H_
#define CRUCIBLE_FIRMWARE_PATCHES_H_

#include "firmware/app/network.h"

/* Sets a layer's input to zeros: its padding. `in` is word-aligned. */
void fw_clear_input(const struct fw_plan* plan, uint8_t* in);

/* Lays a dense image [channel][row][column] out as the layer's input, zeros around it. */
void fw_pad_image(const struct fw_plan* plan, const uint8_t* image, uint8_t* in);

/* Writes the vectors of all positions of `lines` lines from line `first` on, in their order, each
 * in plan->stride words. in: the layer's input as fw_plan describes it; word-aligned. A fully
 * connected layer has one line with one position. */
void fw_upload_lines(const struct fw_plan* plan, const uint8_t* in, uint32_t first, uint32_t lines);

#endif /* CRUCIBLE_FIRMWARE_PATCHES_H_ */
