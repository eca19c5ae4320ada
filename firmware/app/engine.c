#include "firmware/app/engine.h"

#include "firmware/hal/hal.h"
#include "spec/gen/crucible_spec.h"

#define POOL 1u
#define WIDE 2u

/* The engine's descriptor of a layer, word by word. A fully connected layer is a convolution of a
 * single position. */
struct descriptor {
  uint32_t flags;
  uint32_t in_channels, in_height, in_width;
  uint32_t kernel, pad, out_channels;
  uint32_t adc;
  uint32_t row_blocks, column_blocks;
  uint32_t block_rows, block_outputs;
  uint32_t first_bank;
  uint32_t bias_at; /* address */
  uint32_t multiplier, shift;
};

uint32_t fw_descriptor_bytes(uint32_t layers) {
  return layers * (uint32_t)sizeof(struct descriptor);
}

static bool consecutive(const struct fw_plan* plan) {
  const uint32_t banks = plan->layer->row_blocks * plan->layer->column_blocks;
  for (uint32_t k = 1; k < banks; ++k)
    if (plan->banks[k] != plan->banks[0] + k) return false;
  return true;
}

static uint32_t runs(const struct fw_device* device, const struct fw_plan* plan) {
  const struct fw_layer* layer = plan->layer;
  const uint64_t bytes = (uint64_t)layer->in_channels * layer->in_height * layer->in_width;
  if (bytes > device->activation_bytes) return FW_RUNS_ACTIVATIONS;
  return consecutive(plan) ? FW_RUNS_ENGINE : FW_RUNS_BANKS;
}

void fw_plan_engine(const struct fw_device* device, struct fw_network* network, bool firmware) {
  const uint32_t block = network->block_at;
  struct descriptor* to = hal_memory(network->descriptors);
  network->runs = firmware ? FW_RUNS_ASKED : FW_RUNS_ENGINE;
  for (uint32_t i = 0; i < network->layers && network->runs == FW_RUNS_ENGINE; ++i, ++to) {
    const struct fw_plan* plan = &network->plan[i];
    const struct fw_layer* layer = plan->layer;
    network->runs = runs(device, plan);
    network->runs_layer = i;
    *to =
        (struct descriptor){.flags = (layer->pool != 0 ? POOL : 0) | (layer->wide != 0 ? WIDE : 0),
                            .in_channels = layer->in_channels,
                            .in_height = layer->in_height,
                            .in_width = layer->in_width,
                            .kernel = layer->kernel,
                            .pad = layer->pad,
                            .out_channels = layer->out_channels,
                            .adc = layer->adc,
                            .row_blocks = layer->row_blocks,
                            .column_blocks = layer->column_blocks,
                            .block_rows = layer->block_rows,
                            .block_outputs = layer->block_outputs,
                            .first_bank = plan->banks[0],
                            .bias_at = block + layer->bias_at,
                            .multiplier = layer->multiplier,
                            .shift = layer->shift};
  }
}

bool fw_run_engine(const struct fw_network* network, uint32_t images_at, uint32_t count,
                   uint32_t number, uint32_t logits_at, uint32_t cycles) {
  hal_write(CRUCIBLE_REG_ENGINE_NETWORK, network->descriptors);
  hal_write(CRUCIBLE_REG_ENGINE_LAYERS, network->layers);
  hal_write(CRUCIBLE_REG_ENGINE_IMAGES, images_at);
  hal_write(CRUCIBLE_REG_ENGINE_COUNT, count);
  hal_write(CRUCIBLE_REG_ENGINE_FIRST, number);
  hal_write(CRUCIBLE_REG_ENGINE_LOGITS, logits_at);
  hal_write(CRUCIBLE_REG_ENGINE_START, CRUCIBLE_ENGINE_START_START_MASK);
  hal_wait_idle(cycles);
  return (hal_read(CRUCIBLE_REG_ENGINE_STATUS) & CRUCIBLE_ENGINE_STATUS_REASON_MASK) == 0;
}
