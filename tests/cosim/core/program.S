// What the core of a controller executes in tests/cosim: commands from the mailbox. By hand, so that every instruction is meant.
// All registers of the device stand in the first 2 KiB, so `zero` is their base.
//
//   MAILBOX0       command, 0 when it is done
//   MAILBOX1 ..    arguments
//   MAILBOX8 ..    results
//   MAILBOX12..15  of the last interrupt taken: FAULT_INFO, FAULT_ADDR, lines pending (q1), address of the next instruction (q0)
#include "spec/gen/crucible_spec.h"

#define COMMANDS 14  // entries of the table
#define MAILBOX(n) (CRUCIBLE_REG_MAILBOX0 + 4 * (n))
#define TAKEN (1 << 1 | 1 << 2 | 1 << 5)  // lines that interrupt: illegal instruction, unaligned access, refused access

.macro getq rd, q
  .insn r 0x0b, 4, 0, \rd, \q, x0
.endm
.macro setq q, rs
  .insn r 0x0b, 2, 1, \q, \rs, x0
.endm
.macro retirq
  .insn r 0x0b, 0, 2, x0, x0, x0
.endm
.macro maskirq rd, rs
  .insn r 0x0b, 6, 3, \rd, \rs, x0
.endm
.macro waitirq rd
  .insn r 0x0b, 4, 4, \rd, x0, x0
.endm

.globl reset
reset:
  j start

.org 0x10
interrupt:
  setq x2, t0
  setq x3, t1
  lw t0, CRUCIBLE_REG_FAULT_INFO(zero)
  sw t0, MAILBOX(12)(zero)
  lw t0, CRUCIBLE_REG_FAULT_ADDR(zero)
  sw t0, MAILBOX(13)(zero)
  getq t0, x1
  sw t0, MAILBOX(14)(zero)
  getq t0, x0
  sw t0, MAILBOX(15)(zero)
  li t1, CRUCIBLE_IRQ_PENDING_FAULT_MASK
  sw t1, CRUCIBLE_REG_IRQ_PENDING(zero)
  getq t0, x2
  getq t1, x3
  retirq

start:
  li t0, ~TAKEN
  maskirq zero, t0
done:
  sw zero, MAILBOX(0)(zero)
  li t0, 1
  sw t0, CRUCIBLE_REG_NOTIFY(zero)
wait:
  waitirq t0
  andi t0, t0, 1 << 3
  beqz t0, wait
  li t0, CRUCIBLE_IRQ_PENDING_DOORBELL_MASK
  sw t0, CRUCIBLE_REG_IRQ_PENDING(zero)
  lw t0, MAILBOX(0)(zero)
  lw a0, MAILBOX(1)(zero)
  lw a1, MAILBOX(2)(zero)
  lw a2, MAILBOX(3)(zero)
  li t1, COMMANDS
  bgeu t0, t1, done
  la t1, table
  slli t0, t0, 2
  add t1, t1, t0
  lw t1, 0(t1)
  jr t1

// 1: results = arguments 1 to 4
echo:
  lw a3, MAILBOX(4)(zero)
  sw a0, MAILBOX(8)(zero)
  sw a1, MAILBOX(9)(zero)
  sw a2, MAILBOX(10)(zero)
  sw a3, MAILBOX(11)(zero)
  j done

// 2: result = word at argument 1
load:
  lw a0, 0(a0)
  sw a0, MAILBOX(8)(zero)
  j done

// 3: word at argument 1 = argument 2
store:
  sw a1, 0(a0)
  j done

// 4: the job of arguments 1 to 7; results: OUTPUT_LO 0 to 2, interrupts until it was done
job:
  li t0, MAILBOX(1)
  li t1, CRUCIBLE_REG_JOB_BANK
1:
  lw t2, 0(t0)
  sw t2, 0(t1)
  addi t0, t0, 4
  addi t1, t1, 4
  li t2, CRUCIBLE_REG_JOB_START
  bne t1, t2, 1b
  li t2, 1
  sw t2, CRUCIBLE_REG_JOB_START(zero)
  li a0, 0
2:
  waitirq t0
  addi a0, a0, 1
  andi t0, t0, 1 << 4
  beqz t0, 2b
  li t0, CRUCIBLE_IRQ_PENDING_TILE_MASK
  sw t0, CRUCIBLE_REG_IRQ_PENDING(zero)
  sw a0, MAILBOX(11)(zero)
  li t0, CRUCIBLE_WINDOW_OUTPUT_LO
  lw t1, 0(t0)
  sw t1, MAILBOX(8)(zero)
  lw t1, 4(t0)
  sw t1, MAILBOX(9)(zero)
  lw t1, 8(t0)
  sw t1, MAILBOX(10)(zero)
  j done

// 5: an illegal instruction, interrupting; the next instruction's address is the result
illegal:
  la t0, 1f
  sw t0, MAILBOX(8)(zero)
  unimp
1:
  j done

// 6: an illegal instruction that cannot interrupt: the core traps
trap:
  li t0, -1
  maskirq zero, t0
  unimp
  j done

// 7: for ever
hang:
  j hang

// 8: copies argument 3 bytes from argument 1 to argument 2, one by one
copy:
  beqz a2, done
  lbu t0, 0(a0)
  sb t0, 0(a1)
  addi a0, a0, 1
  addi a1, a1, 1
  addi a2, a2, -1
  j copy

// 9: results = product, upper half of the unsigned product, quotient and remainder (signed) of arguments 1 and 2
arithmetic:
  mul t0, a0, a1
  sw t0, MAILBOX(8)(zero)
  mulhu t0, a0, a1
  sw t0, MAILBOX(9)(zero)
  div t0, a0, a1
  sw t0, MAILBOX(10)(zero)
  rem t0, a0, a1
  sw t0, MAILBOX(11)(zero)
  j done

// 10: stores half word and byte of argument 2 at argument 1 and 3 bytes on; the address after the first is the result
narrow:
  la t0, 1f
  sw t0, MAILBOX(8)(zero)
  sh a1, 0(a0)
1:
  sb a1, 3(a0)
  j done

// 11: result = argument 2, divided by 3 as often as argument 1 says
divisions:
  li t0, 3
1:
  div a1, a1, t0
  addi a0, a0, -1
  bnez a0, 1b
  sw a1, MAILBOX(8)(zero)
  j done

// 12: jumps to argument 1
jump:
  jr a0

// 13: result = cycles from one rdcycle to the next, a load from argument 1 between
timed:
  rdcycle t0
  lw a0, 0(a0)
  rdcycle t1
  sub t0, t1, t0
  sw t0, MAILBOX(8)(zero)
  j done

.align 2
table:
  .word done, echo, load, store, job, illegal, trap, hang, copy, arithmetic, narrow, divisions, jump, timed
