#include "firmware/app/serve.h"

#include <string.h>

#include "firmware/app/campaign.h"
#include "firmware/app/engine.h"
#include "firmware/app/runner.h"
#include "firmware/app/search.h"
#include "firmware/app/self_test.h"
#include "firmware/hal/hal.h"
#include "spec/gen/crucible_spec.h"

static uint32_t mail(uint32_t word) { return CRUCIBLE_REG_MAILBOX0 + 4 * word; }

static void answer(uint32_t number, uint32_t status, const uint32_t* result) {
  for (uint32_t i = 0; i < FW_RESULT_COUNT; ++i) hal_write(mail(FW_RESULTS + i), result[i]);
  hal_write(mail(FW_ANSWER), number << 16 | status);
  hal_write(CRUCIBLE_REG_NOTIFY, CRUCIBLE_NOTIFY_DONE_MASK);
}

void fw_progress(uint32_t units) { hal_write(mail(FW_PROGRESS), units); }

bool fw_argument(struct fw_call* call, uint32_t index, uint32_t least, uint32_t most) {
  const uint32_t value = call->argument[index];
  if (value >= least && value <= most) return true;
  call->result[0] = index;
  call->result[1] = value;
  call->result[2] = least;
  call->result[3] = most;
  return false;
}

bool fw_region(const struct fw_state* state, struct fw_call* call, uint32_t index, uint64_t bytes,
               uint32_t align) {
  const uint32_t least = state->network.layers != 0 ? state->network.free_at : state->free_from;
  const uint32_t room = state->device.memory_end - least;
  const uint32_t value = call->argument[index];
  /* Where nothing is legal, least is above most. */
  if (!fw_argument(call, index, least,
                   bytes <= room ? state->device.memory_end - (uint32_t)bytes : 0))
    return false;
  return fw_argument(call, index, value & ~(align - 1), value & ~(align - 1));
}

uint32_t fw_ran(const struct fw_runner* runner, struct fw_call* call) {
  if (!runner->engine_ended) return FW_OK;
  call->result[0] = hal_read(CRUCIBLE_REG_ENGINE_STATUS);
  call->result[1] = hal_read(CRUCIBLE_REG_ENGINE_VALUE);
  return FW_ENGINE;
}

static uint32_t info(const struct fw_state* state, struct fw_call* call) {
  call->result[0] = FW_VERSION;
  call->result[1] = CRUCIBLE_MAP_HASH_VALUE;
  call->result[2] = state->free_from;
  call->result[3] = state->device.memory_end;
  return FW_OK;
}

/* LOAD block, who runs: 0 the layer engine where it can, 1 firmware. */
static uint32_t load(struct fw_state* state, struct fw_call* call) {
  state->network.layers = 0;
  state->kept.count = 0;
  if (!fw_region(state, call, 0, sizeof(struct fw_block_header), 4) || !fw_argument(call, 1, 0, 1))
    return FW_BAD_ARGUMENT;
  struct fw_refusal refusal;
  if (!fw_check_network(&state->device, call->argument[0], &state->network, &refusal)) {
    memcpy(call->result, &refusal, sizeof refusal);
    return FW_BAD_NETWORK;
  }
  fw_plan_engine(&state->device, &state->network, call->argument[1] == 1);
  call->result[0] = state->network.free_at;
  call->result[1] = fw_slot_bytes(&state->network);
  call->result[2] = fw_logit_words(&state->network);
  call->result[3] = state->network.classes;
  call->result[4] = state->network.runs;
  call->result[5] = state->network.runs_layer;
  return FW_OK;
}

/* RUN images_at, count, number of the first, logits_at. */
static uint32_t run(const struct fw_state* state, struct fw_call* call) {
  const struct fw_network* network = &state->network;
  const uint32_t count = call->argument[1], slot = fw_slot_bytes(network);
  const uint32_t words = network->classes * fw_logit_words(network);
  if (!fw_argument(call, 1, 1, UINT32_MAX) ||
      !fw_region(state, call, 0, (uint64_t)count * slot, 4) ||
      !fw_region(state, call, 3, (uint64_t)count * words * 4, 4))
    return FW_BAD_ARGUMENT;
  struct fw_runner runner;
  fw_start_runner(&runner, &state->device, network);
  const uint32_t cycles = hal_read(CRUCIBLE_REG_CORE_CYCLES);
  const uint32_t waited = hal_read(CRUCIBLE_REG_WAIT_CYCLES);
  for (uint32_t i = 0; i < count && !runner.engine_ended;) {
    i += fw_run_images(&runner, call->argument[0] + i * slot, count - i, call->argument[2] + i,
                       call->argument[3] + 4 * i * words);
    fw_progress(i);
  }
  call->result[0] = count;
  call->result[1] = hal_read(CRUCIBLE_REG_CORE_CYCLES) - cycles;
  call->result[2] = hal_read(CRUCIBLE_REG_WAIT_CYCLES) - waited;
  return fw_ran(&runner, call);
}

/* KEEP images_at, labels_at, count, number of the first. */
static uint32_t keep(struct fw_state* state, struct fw_call* call) {
  const uint32_t count = call->argument[2];
  state->kept.count = 0;
  if (!fw_argument(call, 2, 1, UINT32_MAX) ||
      !fw_region(state, call, 0, (uint64_t)count * fw_slot_bytes(&state->network), 4) ||
      !fw_region(state, call, 1, count, 1))
    return FW_BAD_ARGUMENT;
  state->kept = (struct fw_kept){call->argument[0], call->argument[1], count, call->argument[3]};
  return FW_OK;
}

static uint32_t execute(struct fw_state* state, struct fw_call* call) {
  const bool needs_network = call->code >= FW_CMD_RUN && call->code != FW_CMD_SELF_TEST;
  const bool needs_images =
      (call->code >= FW_CMD_COUNT && call->code <= FW_CMD_PATCHES) || call->code == FW_CMD_SEARCH;
  const bool needs_effects = call->code == FW_CMD_CHIPS || call->code == FW_CMD_SELF_TEST;
  if (call->code < FW_CMD_INFO || call->code > FW_CMD_SEARCH) {
    call->result[0] = call->code;
    return FW_UNKNOWN_COMMAND;
  }
  if (needs_network && state->network.layers == 0) return FW_NO_NETWORK;
  if (needs_images && state->kept.count == 0) return FW_NO_IMAGES;
  if (needs_effects && !state->device.effects) return FW_NO_EFFECTS;
  switch (call->code) {
    case FW_CMD_INFO:
      return info(state, call);
    case FW_CMD_LOAD:
      return load(state, call);
    case FW_CMD_RUN:
      return run(state, call);
    case FW_CMD_KEEP:
      return keep(state, call);
    case FW_CMD_COUNT:
      return fw_count(state, call);
    case FW_CMD_CHIPS:
      return fw_chips(state, call);
    case FW_CMD_PATCHES:
      return fw_patches(state, call);
    case FW_CMD_SELF_TEST:
      return fw_self_test(state, call);
    case FW_CMD_CALIBRATE:
      return fw_calibrate(state, call);
    default:
      return fw_search_worst(state, call);
  }
}

bool fw_boot(struct fw_state* state, uint32_t free_from) {
  memset(state, 0, sizeof *state);
  state->free_from = free_from;
  const uint32_t map = hal_read(CRUCIBLE_REG_MAP_HASH);
  if (map != CRUCIBLE_MAP_HASH_VALUE) {
    answer(0, FW_WRONG_MAP, (const uint32_t[FW_RESULT_COUNT]){CRUCIBLE_MAP_HASH_VALUE, map});
    return false;
  }
  fw_read_device(&state->device);
  answer(0, FW_READY, (const uint32_t[FW_RESULT_COUNT]){FW_VERSION, map});
  return true;
}

void fw_serve(struct fw_state* state) {
  struct fw_call call = {0};
  const uint32_t command = hal_read(mail(FW_COMMAND));
  const uint32_t number = command >> 16;
  if (number == state->number) {
    hal_write(CRUCIBLE_REG_NOTIFY, CRUCIBLE_NOTIFY_DONE_MASK);
    return;
  }
  state->number = number;
  fw_progress(0);
  hal_watchdog(HAL_CORE_BUDGET);
  call.code = command & 0xFFFFu;
  for (uint32_t i = 0; i < FW_ARGUMENT_COUNT; ++i)
    call.argument[i] = hal_read(mail(FW_ARGUMENTS + i));
  const uint32_t status = execute(state, &call);
  hal_watchdog(0);
  answer(number, status, call.result);
}
