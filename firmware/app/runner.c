#include "firmware/app/runner.h"

#include "firmware/app/engine.h"
#include "firmware/app/patches.h"
#include "firmware/app/results.h"
#include "firmware/hal/hal.h"
#include "spec/gen/crucible_spec.h"

/* Four times what engine and tile take for an image if nothing of it overlaps. */
static uint32_t image_budget(const struct fw_runner* runner) {
  uint64_t cycles = 0;
  for (uint32_t i = 0; i < runner->network->layers; ++i) {
    const struct fw_plan* plan = &runner->network->plan[i];
    const struct fw_layer* layer = plan->layer;
    const uint64_t positions = (uint64_t)plan->conv_height * plan->conv_width;
    const uint64_t vector =
        fw_max(layer->block_rows * runner->row_cycles, 4 * layer->block_outputs) + 16;
    cycles += positions * (vector * layer->row_blocks * layer->column_blocks + plan->fan_in +
                           (uint64_t)layer->out_channels * (layer->row_blocks + 16)) +
              plan->in_bytes + 4096;
  }
  return 4 * cycles < UINT32_MAX ? (uint32_t)(4 * cycles) : UINT32_MAX;
}

void fw_start_runner(struct fw_runner* runner, const struct fw_device* device,
                     const struct fw_network* network) {
  runner->device = device;
  runner->network = network;
  runner->numbered = device->effects;
  runner->row_cycles = 1;
  if (device->effects) {
    const uint32_t noise = (hal_read(CRUCIBLE_REG_EFFECTS) & CRUCIBLE_EFFECTS_NOISE_MASK) >>
                           CRUCIBLE_EFFECTS_NOISE_LSB;
    /* Noise cell by cell: a row takes a cycle for each of the tile's columns. */
    if (noise == 1) runner->row_cycles = 4 * device->outputs + 16;
  }
  runner->image_budget = image_budget(runner);
  runner->engine_ended = false;
}

/* Four times what the tile takes, a row or a column a cycle, whichever is more; and what the
 * watchdog warns before it bites. */
static uint32_t job_budget(const struct fw_runner* runner, uint32_t rows, uint32_t cols,
                           uint32_t count) {
  const uint32_t vector = fw_max(rows * runner->row_cycles, cols) + 16;
  const uint64_t cycles = (uint64_t)(4 * vector) * count + 4096;
  return cycles < UINT32_MAX ? (uint32_t)cycles : UINT32_MAX;
}

void fw_run_job(const struct fw_runner* runner, uint32_t bank, uint32_t rows, uint32_t outputs,
                uint32_t count, uint32_t in, uint32_t stride, uint32_t out) {
  hal_write(CRUCIBLE_REG_JOB_BANK, bank);
  hal_write(CRUCIBLE_REG_JOB_ROWS, rows);
  hal_write(CRUCIBLE_REG_JOB_COLS, 4 * outputs);
  hal_write(CRUCIBLE_REG_JOB_COUNT, count);
  hal_write(CRUCIBLE_REG_JOB_IN, in);
  hal_write(CRUCIBLE_REG_JOB_STRIDE, stride);
  hal_write(CRUCIBLE_REG_JOB_OUT, out);
  hal_write(CRUCIBLE_REG_JOB_START, CRUCIBLE_JOB_START_START_MASK);
  hal_wait_idle(job_budget(runner, rows, 4 * outputs, count));
}

/* All banks of the layer over the vectors in INPUT. */
static void run_banks(const struct fw_runner* runner, const struct fw_plan* plan, uint32_t count) {
  const struct fw_layer* layer = plan->layer;
  uint32_t out = 0;
  for (uint32_t c = 0; c < layer->column_blocks; ++c) {
    const uint32_t outputs =
        fw_min(layer->block_outputs, layer->out_channels - c * layer->block_outputs);
    for (uint32_t r = 0; r < layer->row_blocks; ++r) {
      const uint32_t first = r * layer->block_rows;
      fw_run_job(runner, plan->banks[r * layer->column_blocks + c],
                 fw_min(layer->block_rows, plan->fan_in - first), outputs, count, first / 4,
                 plan->stride, out);
      out += outputs * count;
    }
  }
}

/* Lines of positions from `first` on, up to their results in OUTPUT. */
static void multiply_lines(const struct fw_runner* runner, const struct fw_plan* plan,
                           const uint8_t* in, uint32_t number, uint32_t first, uint32_t lines) {
  fw_upload_lines(plan, in, first, lines);
  if (runner->numbered)
    hal_write(CRUCIBLE_REG_JOB_READ, (number * plan->conv_height + first) * plan->conv_width);
  run_banks(runner, plan, lines * plan->conv_width);
}

/* A hidden layer; its activations are laid out as the next one takes them. */
static void run_layer(const struct fw_runner* runner, const struct fw_plan* plan,
                      const struct fw_plan* next, const uint8_t* in, uint32_t number,
                      uint8_t* out) {
  const uint32_t step = plan->layer->pool != 0 ? 2 : 1;
  uint32_t out_line = plan->conv_width / step;
  uint32_t out_plane = out_line * (plan->conv_height / step);
  if (next->layer->kind == FW_CONV) {
    fw_clear_input(next, out);
    out_line = next->line;
    out_plane = next->plane;
    out += next->layer->pad * (out_line + 1);
  }
  for (uint32_t first = 0; first < plan->conv_height; first += plan->lines) {
    const uint32_t lines = fw_min(plan->lines, plan->conv_height - first);
    multiply_lines(runner, plan, in, number, first, lines);
    fw_requantise_lines(plan, lines, out, out_line, out_plane);
    out += lines / step * out_line;
  }
}

static void run_image(const struct fw_runner* runner, const uint8_t* image, uint32_t number,
                      uint32_t* logits) {
  const struct fw_network* network = runner->network;
  const uint8_t* in = image;
  if (network->plan[0].layer->kind == FW_CONV) {
    uint8_t* padded = hal_memory(network->activations[0]);
    fw_pad_image(&network->plan[0], image, padded);
    in = padded;
  }
  for (uint32_t i = 0;; ++i) {
    const struct fw_plan* plan = &network->plan[i];
    hal_write(CRUCIBLE_REG_ADC, plan->layer->adc);
    if (i + 1 == network->layers) {
      multiply_lines(runner, plan, in, number, 0, 1);
      fw_store_logits(plan, logits);
      return;
    }
    uint8_t* out = hal_memory(network->activations[(i + 1) % 2]);
    run_layer(runner, plan, &network->plan[i + 1], in, number, out);
    in = out;
  }
}

uint32_t fw_run_images(struct fw_runner* runner, uint32_t images_at, uint32_t count,
                       uint32_t number, uint32_t logits_at) {
  const struct fw_network* network = runner->network;
  if (network->runs != FW_RUNS_ENGINE) {
    run_image(runner, hal_memory(images_at), number, hal_memory(logits_at));
    return 1;
  }
  const uint32_t batch =
      fw_min(fw_min(count, network->batch), fw_max(FW_BATCH_CYCLES / runner->image_budget, 1));
  const uint64_t cycles = (uint64_t)batch * runner->image_budget;
  runner->engine_ended =
      runner->engine_ended || !fw_run_engine(network, images_at, batch, number, logits_at,
                                             cycles < UINT32_MAX ? (uint32_t)cycles : UINT32_MAX);
  return batch;
}
