/* Accuracy on the kept images: of the present chip, of generated chips, of patches of offsets. */
#ifndef CRUCIBLE_FIRMWARE_CAMPAIGN_H_
#define CRUCIBLE_FIRMWARE_CAMPAIGN_H_

#include "firmware/app/serve.h"

/* Each is a command; returns its status. firmware/README.md has arguments and results. */
uint32_t fw_count(const struct fw_state* state, struct fw_call* call);
uint32_t fw_chips(const struct fw_state* state, struct fw_call* call);
uint32_t fw_patches(const struct fw_state* state, struct fw_call* call);

#endif /* CRUCIBLE_FIRMWARE_CAMPAIGN_H_ */
