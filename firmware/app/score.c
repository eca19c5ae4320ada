#include "firmware/app/score.h"

#include "firmware/app/results.h"
#include "firmware/hal/hal.h"

/* Runs the kept images from number i on, as many as run at a time; returns how many, their logits
 * are in the scratch. */
static uint32_t run_kept(const struct fw_state* state, struct fw_runner* runner, uint32_t i,
                         uint32_t* done) {
  const struct fw_kept* kept = &state->kept;
  const uint32_t ran =
      fw_run_images(runner, kept->images_at + i * fw_slot_bytes(&state->network), kept->count - i,
                    kept->first_image + i, state->network.scratch);
  fw_progress(*done += ran);
  return ran;
}

uint32_t fw_count_correct(const struct fw_state* state, struct fw_runner* runner, uint32_t* done) {
  const struct fw_network* network = &state->network;
  const uint8_t* labels = hal_memory(state->kept.labels_at);
  const uint32_t words = network->classes * fw_logit_words(network);
  uint32_t correct = 0;
  for (uint32_t i = 0; i < state->kept.count && !runner->engine_ended;) {
    const uint32_t* logits = hal_memory(network->scratch);
    for (uint32_t left = run_kept(state, runner, i, done); left > 0; --left, ++i, logits += words)
      if (fw_predicted_class(network, logits) == labels[i]) ++correct;
  }
  return correct;
}

static int64_t margin(const struct fw_network* network, const uint32_t* logits, uint32_t label) {
  if (label >= network->classes) return INT64_MIN; /* no answer is right */
  const uint32_t words = fw_logit_words(network);
  int64_t other = INT64_MIN;
  for (uint32_t c = 0; c < network->classes; ++c) {
    const int64_t value = fw_logit(logits, words, c);
    if (c != label && value > other) other = value;
  }
  return network->classes < 2 ? 0 : fw_logit(logits, words, label) - other;
}

struct fw_score fw_score_kept(const struct fw_state* state, struct fw_runner* runner, int64_t clip,
                              uint32_t* done) {
  const struct fw_network* network = &state->network;
  const uint8_t* labels = hal_memory(state->kept.labels_at);
  const uint32_t words = network->classes * fw_logit_words(network);
  struct fw_score score = {0, 0};
  for (uint32_t i = 0; i < state->kept.count && !runner->engine_ended;) {
    const uint32_t* logits = hal_memory(network->scratch);
    for (uint32_t left = run_kept(state, runner, i, done); left > 0; --left, ++i, logits += words) {
      if (fw_predicted_class(network, logits) == labels[i]) ++score.correct;
      const int64_t by = margin(network, logits, labels[i]);
      score.margins += by < -clip ? -clip : by > clip ? clip : by;
    }
  }
  return score;
}
