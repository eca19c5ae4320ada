// Stands in for the CRC where a proof is about what is done with it: any function of state and word does, and that of
// CRC-32 is hard on solvers. The real one is held to zlib's by every test of the link.
package cim_crc_pkg;
  localparam logic [31:0] Init = 32'hFFFF_FFFF;
  function automatic logic [31:0] next_state(input logic [31:0] state, input logic [31:0] word);
    next_state = {state[30:0], state[31]} ^ word;
  endfunction
endpackage
