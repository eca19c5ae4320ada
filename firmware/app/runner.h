/* Runs a loaded network on the tile, an image at a time. */
#ifndef CRUCIBLE_FIRMWARE_RUNNER_H_
#define CRUCIBLE_FIRMWARE_RUNNER_H_

#include "firmware/app/network.h"

struct fw_runner {
  const struct fw_device* device;
  const struct fw_network* network;
  uint32_t row_cycles;   /* that the tile may take for a row */
  bool numbered;         /* reads have numbers: JOB_READ is there */
  uint32_t image_budget; /* cycles that the layer engine may take for an image */
  bool engine_ended;     /* the layer engine has ended early: nothing runs any more */
};

/* Takes the tile's settings as they are. */
void fw_start_runner(struct fw_runner* runner, const struct fw_device* device,
                     const struct fw_network* network);

/* Runs the first of `count` images, as many as run at a time (network->batch at most), and returns
 * how many; where the layer engine ends early, runner->engine_ended says so. images_at: address of
 * the images, dense, each in a slot of whole words; number: that of the first in its data set,
 * which the noise of reads depends on; logits_at: address for classes * fw_logit_words words an
 * image. */
uint32_t fw_run_images(struct fw_runner* runner, uint32_t images_at, uint32_t count,
                       uint32_t number, uint32_t logits_at);

/* A job of `count` vectors from input word 0 on in one bank, its results from output word `out` on;
 * returns when it is done. */
void fw_run_job(const struct fw_runner* runner, uint32_t bank, uint32_t rows, uint32_t outputs,
                uint32_t count, uint32_t in, uint32_t stride, uint32_t out);

#endif /* CRUCIBLE_FIRMWARE_RUNNER_H_ */
