/* Commands and answers over the mailbox, shared with the host. firmware/README.md has the table.
 *
 * The host writes the command word and its arguments, then DOORBELL. The core writes the results,
 * then the answer word with the command's number, then ATTENTION. */
#ifndef CRUCIBLE_FIRMWARE_MAILBOX_H_
#define CRUCIBLE_FIRMWARE_MAILBOX_H_

#define FW_VERSION 0x00010001u /* major[31:16], minor[15:0] */

/* Words of MAILBOX. Command and answer word: number[31:16], code or status[15:0]. */
#define FW_MAILBOX_WORDS 16u
#define FW_COMMAND 0u
#define FW_ARGUMENTS 1u /* .. 7 */
#define FW_ANSWER 8u
#define FW_RESULTS 9u   /* .. 14 */
#define FW_PROGRESS 15u /* units of work done since the command began */
#define FW_ARGUMENT_COUNT 7u
#define FW_RESULT_COUNT 6u

#ifndef __ASSEMBLER__

enum fw_command {
  FW_CMD_INFO = 1,
  FW_CMD_LOAD = 2,
  FW_CMD_RUN = 3,
  FW_CMD_KEEP = 4,
  FW_CMD_COUNT = 5,
  FW_CMD_CHIPS = 6,
  FW_CMD_PATCHES = 7,
  FW_CMD_SELF_TEST = 8,
  FW_CMD_CALIBRATE = 9,
  FW_CMD_SEARCH = 10
};

/* Results of a refusal: what the status says in brackets. */
enum fw_status {
  FW_OK = 1,
  FW_READY = 2,           /* after boot, number 0 [version, map hash] */
  FW_UNKNOWN_COMMAND = 3, /* [code] */
  FW_BAD_ARGUMENT = 4,    /* [argument 0 .. 6, its value, the least and the most that is legal] */
  FW_NO_NETWORK = 5,
  FW_BAD_NETWORK = 6, /* [enum fw_place, layer, word, value, least, most] */
  FW_NO_IMAGES = 7,
  FW_NO_EFFECTS = 8,
  FW_WRONG_MAP = 9,   /* after boot, number 0 [map hash of the firmware, of the device] */
  FW_BAD_PATCH = 10,  /* [patch] */
  FW_BAD_SEARCH = 11, /* [word of its parameters, value, least, most] */
  FW_ENGINE = 12,     /* the layer engine ended early [ENGINE_STATUS, ENGINE_VALUE] */
  FW_TRAP = 15 /* [cause, address of the instruction (of a fault: near it), stack pointer, return
                  address, FAULT_ADDR, FAULT_INFO] */
};

/* What LOAD says about who runs the images: the layer engine, or firmware and why. */
enum fw_runs {
  FW_RUNS_ENGINE = 0,
  FW_RUNS_ASKED = 1,       /* the host asked for it */
  FW_RUNS_ACTIVATIONS = 2, /* a layer's input is larger than an activation memory [layer] */
  FW_RUNS_BANKS = 3        /* the banks of a layer do not follow one another [layer] */
};

#endif /* __ASSEMBLER__ */

/* Cause of a trap: the core's interrupt lines that were pending. */
#define FW_TRAP_ILLEGAL 0x02u    /* illegal instruction, ebreak */
#define FW_TRAP_MISALIGNED 0x04u /* misaligned load, store or jump */
#define FW_TRAP_FAULT 0x20u      /* the bus refused an access: the fifth result is its address */
#define FW_TRAP_WATCHDOG 0x40u   /* the watchdog is about to bite */

#endif /* CRUCIBLE_FIRMWARE_MAILBOX_H_ */
