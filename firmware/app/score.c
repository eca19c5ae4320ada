#include "firmware/app/score.h"

#include <stddef.h>

#include "firmware/hal/hal.h"

uint32_t fw_count_correct(const struct fw_state* state, const struct fw_runner* runner,
                          uint32_t* done) {
  const struct fw_kept* kept = &state->kept;
  const uint32_t slot = fw_slot_bytes(&state->network);
  const uint8_t* image = hal_memory(kept->images_at);
  const uint8_t* labels = hal_memory(kept->labels_at);
  uint32_t correct = 0;
  for (uint32_t i = 0; i < kept->count; ++i, image += slot) {
    if (fw_run_image(runner, image, kept->first_image + i, NULL) == labels[i]) ++correct;
    fw_progress(++*done);
  }
  return correct;
}

static int64_t logit_at(const uint32_t* logits, uint32_t words, uint32_t class) {
  if (words == 1) return (int32_t)logits[class];
  return (int64_t)((uint64_t)logits[2 * class + 1] << 32 | logits[2 * class]);
}

static int64_t margin(const struct fw_network* network, const uint32_t* logits, uint32_t label) {
  if (label >= network->classes) return INT64_MIN; /* no answer is right */
  const uint32_t words = fw_logit_words(network);
  int64_t other = INT64_MIN;
  for (uint32_t c = 0; c < network->classes; ++c) {
    const int64_t value = logit_at(logits, words, c);
    if (c != label && value > other) other = value;
  }
  return network->classes < 2 ? 0 : logit_at(logits, words, label) - other;
}

struct fw_score fw_score_kept(const struct fw_state* state, const struct fw_runner* runner,
                              int64_t clip, uint32_t* logits, uint32_t* done) {
  const struct fw_kept* kept = &state->kept;
  const uint32_t slot = fw_slot_bytes(&state->network);
  const uint8_t* image = hal_memory(kept->images_at);
  const uint8_t* labels = hal_memory(kept->labels_at);
  struct fw_score score = {0, 0};
  for (uint32_t i = 0; i < kept->count; ++i, image += slot) {
    if (fw_run_image(runner, image, kept->first_image + i, logits) == labels[i]) ++score.correct;
    const int64_t by = margin(&state->network, logits, labels[i]);
    score.margins += by < -clip ? -clip : by > clip ? clip : by;
    fw_progress(++*done);
  }
  return score;
}
