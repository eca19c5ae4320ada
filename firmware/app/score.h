/* What the kept images give on the present chip. */
#ifndef CRUCIBLE_FIRMWARE_SCORE_H_
#define CRUCIBLE_FIRMWARE_SCORE_H_

#include "firmware/app/runner.h"
#include "firmware/app/serve.h"

struct fw_score {
  uint32_t correct;
  int64_t margins; /* sum over the images of logit[label] - largest other, clipped on both sides */
};

/* Correct answers over the kept images, of fewer where the layer engine ends early; `*done` counts
 * images over all calls. */
uint32_t fw_count_correct(const struct fw_state* state, struct fw_runner* runner, uint32_t* done);

/* The same with margins up to `clip`. */
struct fw_score fw_score_kept(const struct fw_state* state, struct fw_runner* runner, int64_t clip,
                              uint32_t* done);

#endif /* CRUCIBLE_FIRMWARE_SCORE_H_ */
