/* Gradient-free search of the worst chip on the board, without the host in the loop. */
#ifndef CRUCIBLE_FIRMWARE_SEARCH_H_
#define CRUCIBLE_FIRMWARE_SEARCH_H_

#include "firmware/app/serve.h"

/* A command; returns its status. firmware/README.md has arguments and results. */
uint32_t fw_search_worst(const struct fw_state* state, struct fw_call* call);

#endif /* CRUCIBLE_FIRMWARE_SEARCH_H_ */
