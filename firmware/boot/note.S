/* What a loader checks before it writes anything: firmware/README.md. Not loaded. */
#include "firmware/interface/mailbox.h"
#include "spec/gen/crucible_spec.h"
  .section .note.crucible, "", @note
  .word 9, 12, 1 /* sizes of name and content, type */
  .ascii "Crucible\0\0\0\0"
  .word CRUCIBLE_MAP_HASH_VALUE
  .word FW_VERSION
  .word 0 /* CRC-32 of the loaded bytes in the order of addresses, by stamp.py */
