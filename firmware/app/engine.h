/* The layer engine: whether it can run a network, its descriptors in board memory, and its runs.
 * docs/decisions/0010-layer-engine.md has registers and descriptors. */
#ifndef CRUCIBLE_FIRMWARE_ENGINE_H_
#define CRUCIBLE_FIRMWARE_ENGINE_H_

#include "firmware/app/network.h"

/* Bytes of the descriptors of so many layers. */
uint32_t fw_descriptor_bytes(uint32_t layers);

/* Says in network->runs who runs the images, the engine unless `firmware` is asked for or it
 * cannot, and writes the descriptors to network->descriptors where it is the engine. */
void fw_plan_engine(const struct fw_device* device, struct fw_network* network, bool firmware);

/* Runs `count` images from an address on, the first of which has this number; logits as
 * fw_run_images has them. Waits at most `cycles`. False where the engine has refused: ENGINE_STATUS
 * says why. */
bool fw_run_engine(const struct fw_network* network, uint32_t images_at, uint32_t count,
                   uint32_t number, uint32_t logits_at, uint32_t cycles);

#endif /* CRUCIBLE_FIRMWARE_ENGINE_H_ */
