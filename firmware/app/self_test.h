/* Commands that look at the hardware: the tile's own self-test, and what its converters add to
 * every sum. */
#ifndef CRUCIBLE_FIRMWARE_SELF_TEST_H_
#define CRUCIBLE_FIRMWARE_SELF_TEST_H_

#include "firmware/app/serve.h"

/* Each is a command; returns its status. firmware/README.md has arguments and results. */
uint32_t fw_self_test(const struct fw_state* state, struct fw_call* call);
uint32_t fw_calibrate(const struct fw_state* state, struct fw_call* call);

#endif /* CRUCIBLE_FIRMWARE_SELF_TEST_H_ */
