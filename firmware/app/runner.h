/* Runs a loaded network on the tile, an image at a time. */
#ifndef CRUCIBLE_FIRMWARE_RUNNER_H_
#define CRUCIBLE_FIRMWARE_RUNNER_H_

#include "firmware/app/network.h"

struct fw_runner {
  const struct fw_device* device;
  const struct fw_network* network;
  uint32_t row_cycles; /* that the tile may take for a row */
  bool numbered;       /* reads have numbers: JOB_READ is there */
};

/* Takes the tile's settings as they are. */
void fw_start_runner(struct fw_runner* runner, const struct fw_device* device,
                     const struct fw_network* network);

/* Words that one image's logits take in memory: 1 each, or 2 (low first) where the last layer is
 * wide. */
uint32_t fw_logit_words(const struct fw_network* network);

/* image: dense, word-aligned; number: its number in the data set, which the noise of reads depends
 * on; logits: classes * fw_logit_words, or null. Returns the predicted class. */
uint32_t fw_run_image(const struct fw_runner* runner, const uint8_t* image, uint32_t number,
                      uint32_t* logits);

/* A job of `count` vectors from input word 0 on in one bank, its results from output word `out` on;
 * returns when it is done. */
void fw_run_job(const struct fw_runner* runner, uint32_t bank, uint32_t rows, uint32_t outputs,
                uint32_t count, uint32_t in, uint32_t stride, uint32_t out);

#endif /* CRUCIBLE_FIRMWARE_RUNNER_H_ */
