/* The command loop: what the mailbox asks for. */
#ifndef CRUCIBLE_FIRMWARE_SERVE_H_
#define CRUCIBLE_FIRMWARE_SERVE_H_

#include "firmware/app/runner.h"

struct fw_kept {
  uint32_t images_at, labels_at; /* a word-aligned slot an image, a byte a label */
  uint32_t count;                /* 0: none */
  uint32_t first_image;          /* number of the first one in its data set */
};

struct fw_state {
  struct fw_device device;
  struct fw_network network;
  struct fw_kept kept;
  uint32_t free_from; /* address after the firmware */
  uint32_t number;    /* of the last command; 0 before the first */
};

/* What a command reads and gives. */
struct fw_call {
  uint32_t code;
  uint32_t argument[FW_ARGUMENT_COUNT];
  uint32_t result[FW_RESULT_COUNT];
};

/* Says READY, or WRONG_MAP and returns false: this device is not what the firmware was built for.
 * free_from: address after the firmware. */
bool fw_boot(struct fw_state* state, uint32_t free_from);

/* Carries out the command in the mailbox; one with the last number again is answered, not
 * executed. */
void fw_serve(struct fw_state* state);

/* Shows how far the command is. */
void fw_progress(uint32_t units);

/* The status of a command that ran images: FW_OK, or FW_ENGINE with the reason in its results. */
uint32_t fw_ran(const struct fw_runner* runner, struct fw_call* call);

/* Bytes of an image's slot. */
static inline uint32_t fw_slot_bytes(const struct fw_network* network) {
  return (network->image_bytes + 3) & ~3u;
}

/* Refuses argument `index` outside least .. most. */
bool fw_argument(struct fw_call* call, uint32_t index, uint32_t least, uint32_t most);
/* An argument that is the address of `bytes` bytes which the host may use. */
bool fw_region(const struct fw_state* state, struct fw_call* call, uint32_t index, uint64_t bytes,
               uint32_t align);

#endif /* CRUCIBLE_FIRMWARE_SERVE_H_ */
