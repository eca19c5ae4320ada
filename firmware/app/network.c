/* The check of a network block: nothing of it is used before all of it is known to be legal. */
#include "firmware/app/network.h"

#include <stddef.h>

#include "firmware/app/crc32.h"
#include "firmware/app/engine.h"
#include "firmware/hal/hal.h"
#include "spec/gen/crucible_spec.h"

#define HEADER(field) FW_IN_HEADER, 0, (uint32_t)(offsetof(struct fw_block_header, field) / 4)
#define LAYER(index, field) FW_IN_LAYER, (index), (uint32_t)(offsetof(struct fw_layer, field) / 4)

#define FIELD(word, name) (((word)&CRUCIBLE_##name##_MASK) >> CRUCIBLE_##name##_LSB)

/* Largest code sum of one bank and code LSB: all planes and both slices, sum 2^p 4^i. */
#define LARGEST_WEIGHT (255 * 5)
#define LARGEST_BIAS ((int64_t)1 << 45)

void fw_read_device(struct fw_device* device) {
  const uint32_t array = hal_read(CRUCIBLE_REG_GEOM_ARRAY);
  const uint32_t buffers = hal_read(CRUCIBLE_REG_BUFFERS);
  device->config_hash = hal_read(CRUCIBLE_REG_CONFIG_HASH);
  device->rows = FIELD(array, GEOM_ARRAY_ROWS);
  device->outputs = FIELD(array, GEOM_ARRAY_COLS) / 4;
  device->banks = FIELD(hal_read(CRUCIBLE_REG_GEOM_BANKS), GEOM_BANKS_BANKS);
  device->in_words = FIELD(buffers, BUFFERS_IN_WORDS);
  device->out_words = FIELD(buffers, BUFFERS_OUT_WORDS);
  device->activation_bytes =
      FIELD(hal_read(CRUCIBLE_REG_ENGINE_INFO), ENGINE_INFO_ACTIVATION_BYTES);
  device->effects = FIELD(hal_read(CRUCIBLE_REG_FEATURES), FEATURES_EFFECTS) != 0;
  device->memory_end = CRUCIBLE_WINDOW_MEMORY + hal_read(CRUCIBLE_REG_MEMORY_INFO);
}

static bool refuse(struct fw_refusal* refusal, uint32_t place, uint32_t layer, uint32_t word,
                   uint32_t value, uint32_t least, uint32_t most) {
  *refusal = (struct fw_refusal){place, layer, word, value, least, most};
  return false;
}

static bool within(struct fw_refusal* refusal, uint32_t place, uint32_t layer, uint32_t word,
                   uint32_t value, uint32_t least, uint32_t most) {
  return (value >= least && value <= most) ||
         refuse(refusal, place, layer, word, value, least, most);
}

static bool equal(struct fw_refusal* refusal, uint32_t place, uint32_t layer, uint32_t word,
                  uint32_t value, uint32_t wanted) {
  return within(refusal, place, layer, word, value, wanted, wanted);
}

/* An offset of `words` words inside the block. */
static bool inside(struct fw_refusal* refusal, uint32_t place, uint32_t layer, uint32_t word,
                   uint32_t offset, uint32_t words, uint32_t bytes) {
  const uint32_t header = sizeof(struct fw_block_header);
  const uint32_t most = words <= (bytes - header) / 4 ? bytes - 4 * words : 0;
  return within(refusal, place, layer, word, offset, header, most) &&
         equal(refusal, place, layer, word, offset, offset & ~3u);
}

static uint32_t ceil_div(uint32_t a, uint32_t b) { return (a + b - 1) / b; }

int64_t fw_bias(const struct fw_plan* plan, uint32_t o) {
  if (plan->layer->wide == 0) return (int32_t)plan->bias[o];
  return (int64_t)(plan->bias[2 * o] | (uint64_t)plan->bias[2 * o + 1] << 32);
}

int64_t fw_bias_limit(const struct fw_layer* layer) {
  if (layer->wide != 0) return LARGEST_BIAS;
  const int64_t code = ((int64_t)1 << FIELD(layer->adc, ADC_BITS)) - 1;
  return INT32_MAX - (int64_t)layer->row_blocks * LARGEST_WEIGHT * code;
}

static bool check_header(const struct fw_device* device, uint32_t address,
                         const struct fw_block_header* header, struct fw_refusal* r) {
  const uint32_t room = device->memory_end - address;
  if (!equal(r, HEADER(magic), header->magic, FW_BLOCK_MAGIC) ||
      !equal(r, HEADER(version), header->version, FW_BLOCK_VERSION) ||
      !within(r, HEADER(bytes), header->bytes, sizeof *header + sizeof(struct fw_layer), room) ||
      !equal(r, HEADER(bytes), header->bytes, header->bytes & ~3u))
    return false;
  const uint32_t crc =
      fw_crc32((const uint8_t*)header + FW_BLOCK_CRC_FROM, header->bytes - FW_BLOCK_CRC_FROM);
  return equal(r, HEADER(crc), header->crc, crc) &&
         equal(r, HEADER(config_hash), header->config_hash, device->config_hash) &&
         within(r, HEADER(layers), header->layers, 1, FW_MAX_LAYERS) &&
         inside(r, HEADER(layers_at), header->layers_at,
                header->layers * (uint32_t)(sizeof(struct fw_layer) / 4), header->bytes);
}

/* The shape by itself. */
static bool check_shape(const struct fw_layer* l, uint32_t i, struct fw_refusal* r) {
  if (!within(r, LAYER(i, kind), l->kind, FW_CONV, FW_FULLY_CONNECTED)) return false;
  const uint32_t side = l->kind == FW_CONV ? FW_MAX_SIDE : 1;
  if (!within(r, LAYER(i, in_channels), l->in_channels, 1, FW_MAX_SIDE) ||
      !within(r, LAYER(i, in_height), l->in_height, 1, side) ||
      !within(r, LAYER(i, in_width), l->in_width, 1, side) ||
      !within(r, LAYER(i, kernel), l->kernel, 1, side) ||
      !within(r, LAYER(i, pad), l->pad, 0, l->kernel - 1) ||
      !within(r, LAYER(i, kernel), l->kernel, 1, fw_min(l->in_height, l->in_width) + 2 * l->pad) ||
      !within(r, LAYER(i, out_channels), l->out_channels, 1, FW_MAX_SIDE))
    return false;
  const uint32_t smallest = fw_min(l->in_height, l->in_width) + 2 * l->pad - l->kernel + 1;
  return within(r, LAYER(i, pool), l->pool, 0, smallest >= 2 && l->kind == FW_CONV ? 1 : 0);
}

static uint32_t out_side(const struct fw_layer* l, uint32_t in) {
  const uint32_t conv = in + 2 * l->pad - l->kernel + 1;
  return l->pool != 0 ? conv / 2 : conv;
}

/* What the layer before it, or the image, gives. */
static bool check_joint(const struct fw_network* network, uint32_t i, struct fw_refusal* r) {
  const struct fw_layer* l = network->plan[i].layer;
  if (i == 0) {
    const uint64_t size = (uint64_t)l->in_channels * l->in_height * l->in_width;
    return size == network->image_bytes ||
           refuse(r, HEADER(image_bytes), network->image_bytes, (uint32_t)size, (uint32_t)size);
  }
  const struct fw_layer* from = network->plan[i - 1].layer;
  const uint32_t height = out_side(from, from->in_height), width = out_side(from, from->in_width);
  if (l->kind == FW_FULLY_CONNECTED)
    return equal(r, LAYER(i, in_channels), l->in_channels, from->out_channels * height * width);
  return equal(r, LAYER(i, in_channels), l->in_channels, from->out_channels) &&
         equal(r, LAYER(i, in_height), l->in_height, height) &&
         equal(r, LAYER(i, in_width), l->in_width, width);
}

static bool check_numbers(const struct fw_layer* l, uint32_t i, bool last, struct fw_refusal* r) {
  const uint32_t known =
      CRUCIBLE_ADC_SHIFT_MASK | CRUCIBLE_ADC_BITS_MASK | CRUCIBLE_ADC_TRANSPARENT_MASK;
  const uint32_t shift = FIELD(l->adc, ADC_SHIFT), bits = FIELD(l->adc, ADC_BITS);
  if ((l->adc & ~known) != 0 || shift > 27 || bits < 1 || bits > 12)
    return refuse(r, LAYER(i, adc), l->adc, 1u << CRUCIBLE_ADC_BITS_LSB,
                  27u | 12u << CRUCIBLE_ADC_BITS_LSB | CRUCIBLE_ADC_TRANSPARENT_MASK);
  if (!within(r, LAYER(i, wide), l->wide, FIELD(l->adc, ADC_TRANSPARENT), 1)) return false;
  if (last)
    return equal(r, LAYER(i, multiplier), l->multiplier, 0) &&
           equal(r, LAYER(i, shift), l->shift, 0);
  return within(r, LAYER(i, multiplier), l->multiplier, 1u << 15, (1u << 16) - 1) &&
         within(r, LAYER(i, shift), l->shift, 1, 62);
}

/* How the layer is cut into banks, and every bank and bias. */
static bool check_blocks(const struct fw_device* device, const uint32_t* block, uint32_t bytes,
                         struct fw_plan* plan, uint32_t i, struct fw_refusal* r) {
  const struct fw_layer* l = plan->layer;
  const uint32_t most_rows = device->rows, most_outputs = device->outputs;
  if (!within(r, LAYER(i, block_rows), l->block_rows, 4, most_rows) ||
      !equal(r, LAYER(i, block_rows), l->block_rows, l->block_rows & ~3u) ||
      !within(r, LAYER(i, block_outputs), l->block_outputs, 1, most_outputs) ||
      !equal(r, LAYER(i, row_blocks), l->row_blocks, ceil_div(plan->fan_in, l->block_rows)) ||
      !equal(r, LAYER(i, column_blocks), l->column_blocks,
             ceil_div(l->out_channels, l->block_outputs)) ||
      !within(r, LAYER(i, row_blocks), l->row_blocks, 1, device->banks / l->column_blocks))
    return false;
  const uint32_t banks = l->row_blocks * l->column_blocks;
  if (!inside(r, LAYER(i, banks_at), l->banks_at, banks, bytes) ||
      !inside(r, LAYER(i, bias_at), l->bias_at, l->out_channels * (1 + l->wide), bytes))
    return false;
  plan->banks = block + l->banks_at / 4;
  plan->bias = block + l->bias_at / 4;
  for (uint32_t k = 0; k < banks; ++k)
    if (!within(r, FW_IN_BANKS, i, k, plan->banks[k], 0, device->banks - 1)) return false;
  const int64_t limit = fw_bias_limit(l);
  for (uint32_t o = 0; o < l->out_channels; ++o) {
    const int64_t bias = fw_bias(plan, o);
    if (bias < -limit || bias > limit)
      return refuse(r, FW_IN_BIAS, i, o, (uint32_t)bias, (uint32_t)-limit, (uint32_t)limit);
  }
  return true;
}

/* Whether a line of positions (two where they are pooled) fits the tile's buffers; and how many. */
static bool plan_lines(const struct fw_device* device, struct fw_plan* plan, uint32_t i,
                       struct fw_refusal* r) {
  const struct fw_layer* l = plan->layer;
  const uint32_t step = l->pool != 0 ? 2 : 1;
  const uint32_t most = fw_min(device->in_words / plan->stride,
                               device->out_words / (l->row_blocks * l->out_channels));
  if (plan->conv_width * step > most)
    return refuse(
        r, LAYER(i, in_width), l->in_width, 1,
        most / step + l->kernel - 1 > 2 * l->pad ? most / step + l->kernel - 1 - 2 * l->pad : 0);
  plan->lines = fw_min(plan->conv_height, most / plan->conv_width);
  if (plan->lines < plan->conv_height) plan->lines -= plan->lines % step;
  return true;
}

static bool plan_layer(const struct fw_device* device, struct fw_plan* plan, uint32_t i,
                       struct fw_refusal* r) {
  const struct fw_layer* l = plan->layer;
  const uint32_t most_inputs = 4 * device->in_words;
  const uint64_t taps = (uint64_t)l->kernel * l->kernel;
  if (taps > most_inputs) return refuse(r, LAYER(i, kernel), l->kernel, 1, most_inputs);
  const uint32_t most_channels = most_inputs / (uint32_t)taps;
  if (!within(r, LAYER(i, in_channels), l->in_channels, 1, most_channels)) return false;
  plan->fan_in = l->in_channels * (uint32_t)taps;
  plan->stride = ceil_div(plan->fan_in, 4);
  plan->conv_height = l->in_height + 2 * l->pad - l->kernel + 1;
  plan->conv_width = l->in_width + 2 * l->pad - l->kernel + 1;
  if (l->kind == FW_FULLY_CONNECTED) {
    plan->line = plan->plane = 1;
    plan->in_bytes = 4 * plan->stride;
    return true;
  }
  plan->line = 4 * ceil_div(l->in_width + 2 * l->pad, 4);
  plan->plane = plan->line * (l->in_height + 2 * l->pad);
  const uint64_t bytes = (uint64_t)l->in_channels * plan->plane;
  const uint32_t memory = device->memory_end - CRUCIBLE_WINDOW_MEMORY;
  if (bytes > memory) return refuse(r, LAYER(i, in_height), l->in_height, 1, memory / plan->line);
  plan->in_bytes = (uint32_t)bytes;
  return true;
}

static bool check_layers(const struct fw_device* device, const uint32_t* block,
                         const struct fw_block_header* header, struct fw_network* network,
                         struct fw_refusal* r) {
  const struct fw_layer* layers = (const struct fw_layer*)(block + header->layers_at / 4);
  for (uint32_t i = 0; i < header->layers; ++i) {
    struct fw_plan* plan = &network->plan[i];
    const bool last = i + 1 == header->layers;
    plan->layer = &layers[i];
    if (!check_shape(plan->layer, i, r) || !check_joint(network, i, r) ||
        !check_numbers(plan->layer, i, last, r) || !plan_layer(device, plan, i, r) ||
        !check_blocks(device, block, header->bytes, plan, i, r) || !plan_lines(device, plan, i, r))
      return false;
    if (!last) continue;
    const struct fw_layer* l = plan->layer;
    if (!equal(r, LAYER(i, pool), l->pool, 0) ||
        !equal(r, LAYER(i, in_height), l->in_height, l->kernel - 2 * l->pad) ||
        !equal(r, LAYER(i, in_width), l->in_width, l->kernel - 2 * l->pad) ||
        !equal(r, HEADER(classes), header->classes, l->out_channels))
      return false;
  }
  return true;
}

uint32_t fw_logit_words(const struct fw_network* network) {
  return 1 + network->plan[network->layers - 1].layer->wide;
}

/* Buffers after the block: inputs of even and odd layers, the engine's descriptors, logits. Where
   they do not fit, the refusal has the bytes of block and buffers together, and those there are. */
static bool place_buffers(const struct fw_device* device, uint32_t address,
                          const struct fw_block_header* header, struct fw_network* network,
                          struct fw_refusal* r) {
  uint32_t sizes[2] = {0, 0};
  for (uint32_t i = 0; i < header->layers; ++i)
    sizes[i % 2] = fw_max(sizes[i % 2], network->plan[i].in_bytes);
  const uint32_t descriptor_bytes = fw_descriptor_bytes(header->layers);
  const uint32_t logit_bytes =
      4 * header->classes * (1 + network->plan[header->layers - 1].layer->wide);
  network->batch = fw_max(fw_min(FW_MOST_BATCH, FW_SCRATCH_BYTES / logit_bytes), 1);
  const uint64_t need = (uint64_t)header->bytes + sizes[0] + sizes[1] + descriptor_bytes +
                        network->batch * logit_bytes;
  const uint32_t room = device->memory_end - address;
  if (need > room)
    return refuse(r, HEADER(bytes), need > UINT32_MAX ? UINT32_MAX : (uint32_t)need, 0, room);
  network->activations[0] = address + header->bytes;
  network->activations[1] = network->activations[0] + sizes[0];
  network->descriptors = network->activations[1] + sizes[1];
  network->scratch = network->descriptors + descriptor_bytes;
  network->free_at = network->scratch + network->batch * logit_bytes;
  return true;
}

bool fw_check_network(const struct fw_device* device, uint32_t address, struct fw_network* network,
                      struct fw_refusal* refusal) {
  struct fw_block_header* header = hal_memory(address);
  network->layers = 0;
  if (device->memory_end - address < sizeof *header)
    return refuse(refusal, HEADER(bytes), device->memory_end - address, sizeof *header, UINT32_MAX);
  if (!check_header(device, address, header, refusal)) return false;
  network->header = header;
  network->block_at = address;
  network->image_bytes = header->image_bytes;
  network->classes = header->classes;
  if (!check_layers(device, hal_memory(address), header, network, refusal) ||
      !place_buffers(device, address, header, network, refusal))
    return false;
  network->layers = header->layers;
  return true;
}
