// CRC-32 of IEEE 802.3 (zlib's crc32), one 32-bit word a step, least significant byte first.
// A top without the link reads it and does not use it.
// verilator lint_off UNUSEDPARAM
package cim_crc_pkg;
  localparam logic [31:0] Init = 32'hFFFF_FFFF;  // the result is the complement of the last state

  function automatic logic [31:0] next_state(input logic [31:0] state, input logic [31:0] word);
    next_state = state ^ word;
    for (int i = 0; i < 32; i++) begin
      next_state = {1'b0, next_state[31:1]} ^ (32'hEDB8_8320 & {32{next_state[0]}});
    end
  endfunction
endpackage
// verilator lint_on UNUSEDPARAM
