// Bytes to words: inside a frame every four bytes make a word; while hunting it looks for the preamble at any byte.
module cim_word_align (
  input  logic        clk_i,
  input  logic        rst_ni,
  input  logic        flush_i,
  input  logic        hunting_i,      // the receiver waits for a preamble
  input  logic        byte_valid_i,
  output logic        byte_ready_o,
  input  logic [7:0]  byte_i,
  output logic        word_valid_o,   // held until taken
  input  logic        word_ready_i,
  output logic [31:0] word_o,
  output logic        empty_o         // no word waits
);
  logic [31:0] shift_q;
  logic [31:0] shifted;
  logic [1:0] count_q;
  logic valid_q, take, full;

  assign shifted = {byte_i, shift_q[31:8]};
  assign take = byte_valid_i && byte_ready_o;
  assign byte_ready_o = !valid_q;
  assign full = hunting_i ? shifted == cim_spec_pkg::Preamble : count_q == 2'd3;
  assign word_valid_o = valid_q;
  assign word_o = shift_q;
  assign empty_o = !valid_q;

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i || (valid_q && word_ready_i)) shift_q <= '0;
    else if (take) shift_q <= shifted;
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni || flush_i) begin
      valid_q <= 1'b0;
      count_q <= '0;
    end else if (take) begin
      valid_q <= full;
      count_q <= hunting_i ? '0 : count_q + 1'b1;
    end else if (word_ready_i) begin
      valid_q <= 1'b0;
    end
  end
endmodule
