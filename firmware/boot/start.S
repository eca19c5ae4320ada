#include "spec/gen/crucible_spec.h"

/* Reset and interrupt entry of the core (PicoRV32: its own interrupt instructions). All state is in
 * .bss, so the same image in memory can be started again and again. */
  .section .text.reset, "ax"
  .option norvc
  .globl reset
reset:
  j start

  .org 0x10 /* where every unmasked interrupt enters; none of them returns */
  .insn r CUSTOM_0, 4, 0, a0, x0, x0 /* getq a0, q0: address of the next instruction */
  .insn r CUSTOM_0, 4, 0, a1, x1, x0 /* getq a1, q1: pending lines */
  mv a2, sp
  mv a3, ra
  la sp, __trap_stack_top
  j report_trap

start:
  la sp, __stack_top
  la a0, __bss_start
  la a1, __bss_end
1:
  bgeu a0, a1, 2f
  sw zero, 0(a0)
  addi a0, a0, 4
  j 1b
2:
  li a0, CRUCIBLE_REG_IRQ_PENDING /* what an earlier run has left, a fault perhaps */
  li a1, -1
  sw a1, 0(a0)
  li a0, 0xFFFFFF99 /* unmasked: lines 1, 2 (core), 5 (fault), 6 (watchdog) */
  .insn r CUSTOM_0, 6, 3, x0, a0, x0 /* maskirq */
  j main
