#include "firmware/app/self_test.h"

#include "firmware/app/crc32.h"
#include "firmware/app/runner.h"
#include "firmware/hal/hal.h"
#include "spec/gen/crucible_spec.h"

/* SELF_TEST what: the register SELFTEST. Results: SELFTEST_RESULT, _ADDR, _RAMP. */
uint32_t fw_self_test(const struct fw_state* state, struct fw_call* call) {
  if (!fw_argument(call, 0, 1, CRUCIBLE_SELFTEST_MARCH_MASK | CRUCIBLE_SELFTEST_RAMP_MASK))
    return FW_BAD_ARGUMENT;
  /* Ten passes over words of four cells, and a ramp of 12 bits over every column. */
  const struct fw_device* device = &state->device;
  const uint32_t cells = device->banks * device->rows * 4 * device->outputs;
  const uint64_t budget = (uint64_t)cells * 40 + (uint64_t)device->outputs * 4 * 4096 * 16 + 100000;
  hal_write(CRUCIBLE_REG_SELFTEST, call->argument[0]);
  hal_wait_idle(budget < UINT32_MAX ? (uint32_t)budget : UINT32_MAX);
  call->result[0] = hal_read(CRUCIBLE_REG_SELFTEST_RESULT);
  call->result[1] = hal_read(CRUCIBLE_REG_SELFTEST_ADDR);
  call->result[2] = hal_read(CRUCIBLE_REG_SELFTEST_RAMP);
  return FW_OK;
}

static int64_t result_at(uint32_t word) {
  return (int64_t)(hal_read(CRUCIBLE_WINDOW_OUTPUT_LO + 4 * word) |
                   (uint64_t)hal_read(CRUCIBLE_WINDOW_OUTPUT_HI + 4 * word) << 32);
}

/* What a layer's outputs are for a vector of zeros, in units of its sums: two words an output. Read
 * with a transparent converter, because a quantising one would cut negative sums off. */
static void measure_zero(const struct fw_runner* runner, const struct fw_plan* plan,
                         uint32_t* words) {
  const struct fw_layer* layer = plan->layer;
  const uint32_t shift = (layer->adc & CRUCIBLE_ADC_TRANSPARENT_MASK) != 0
                             ? 0
                             : (layer->adc & CRUCIBLE_ADC_SHIFT_MASK) >> CRUCIBLE_ADC_SHIFT_LSB;
  hal_write(CRUCIBLE_REG_ADC, layer->adc | CRUCIBLE_ADC_TRANSPARENT_MASK);
  for (uint32_t first = 0; first < layer->out_channels; first += layer->block_outputs) {
    const uint32_t outputs = fw_min(layer->block_outputs, layer->out_channels - first);
    const uint32_t* bank = plan->banks + first / layer->block_outputs;
    for (uint32_t r = 0; r < layer->row_blocks; ++r)
      fw_run_job(runner, bank[r * layer->column_blocks],
                 fw_min(layer->block_rows, plan->fan_in - r * layer->block_rows), outputs, 1, 0, 0,
                 r * outputs);
    for (uint32_t o = 0; o < outputs; ++o) {
      int64_t sum = 0;
      for (uint32_t r = 0; r < layer->row_blocks; ++r) sum += result_at(r * outputs + o);
      if (shift > 0) sum = (sum + ((int64_t)1 << (shift - 1))) >> shift;
      *words++ = (uint32_t)sum;
      *words++ = (uint32_t)((uint64_t)sum >> 32);
    }
  }
}

static int64_t pair(const uint32_t* words) {
  return (int64_t)(words[0] | (uint64_t)words[1] << 32);
}

/* Whether every bias stays legal when `zeros` are taken from it. */
static bool stays_legal(const struct fw_network* network, const uint32_t* zeros,
                        struct fw_call* call) {
  for (uint32_t i = 0; i < network->layers; ++i) {
    const struct fw_plan* plan = &network->plan[i];
    const int64_t limit = fw_bias_limit(plan->layer);
    for (uint32_t o = 0; o < plan->layer->out_channels; ++o, zeros += 2) {
      const int64_t bias = fw_bias(plan, o) - pair(zeros);
      if (bias >= -limit && bias <= limit) continue;
      call->result[0] = FW_IN_BIAS;
      call->result[1] = i;
      call->result[2] = o;
      call->result[3] = (uint32_t)bias;
      call->result[4] = (uint32_t)-limit;
      call->result[5] = (uint32_t)limit;
      return false;
    }
  }
  return true;
}

static void subtract(const struct fw_network* network, const uint32_t* zeros) {
  uint32_t* block = (uint32_t*)network->header;
  for (uint32_t i = 0; i < network->layers; ++i) {
    const struct fw_plan* plan = &network->plan[i];
    uint32_t* bias = block + plan->layer->bias_at / 4;
    for (uint32_t o = 0; o < plan->layer->out_channels; ++o, zeros += 2) {
      const uint64_t corrected = (uint64_t)fw_bias(plan, o) - (uint64_t)pair(zeros);
      if (plan->layer->wide == 0) {
        bias[o] = (uint32_t)corrected;
      } else {
        bias[2 * o] = (uint32_t)corrected;
        bias[2 * o + 1] = (uint32_t)(corrected >> 32);
      }
    }
  }
  struct fw_block_header* header = network->header;
  header->crc =
      fw_crc32((const uint8_t*)header + FW_BLOCK_CRC_FROM, header->bytes - FW_BLOCK_CRC_FROM);
}

/* CALIBRATE apply, zeros_at. */
uint32_t fw_calibrate(const struct fw_state* state, struct fw_call* call) {
  const struct fw_network* network = &state->network;
  uint32_t outputs = 0, rows = 0;
  for (uint32_t i = 0; i < network->layers; ++i) {
    outputs += network->plan[i].layer->out_channels;
    rows = fw_max(rows, network->plan[i].layer->block_rows);
  }
  if (!fw_argument(call, 0, 0, 1) || !fw_region(state, call, 1, (uint64_t)outputs * 8, 4))
    return FW_BAD_ARGUMENT;
  uint32_t *zeros = hal_memory(call->argument[1]), *at = zeros;
  struct fw_runner runner;
  fw_start_runner(&runner, &state->device, network);
  for (uint32_t word = 0; word < (rows + 3) / 4; ++word)
    hal_write(CRUCIBLE_WINDOW_INPUT + 4 * word, 0);
  if (runner.numbered) hal_write(CRUCIBLE_REG_JOB_READ, 0);
  for (uint32_t i = 0; i < network->layers; ++i) {
    measure_zero(&runner, &network->plan[i], at);
    at += 2 * network->plan[i].layer->out_channels;
    fw_progress(i + 1);
  }
  call->result[0] = outputs;
  if (call->argument[0] == 0) return FW_OK;
  if (!stays_legal(network, zeros, call)) return FW_BAD_NETWORK;
  subtract(network, zeros);
  return FW_OK;
}
