// With noise of columns: the part of a read's variance that does not grow with the current (docs/numerics.md, v0 a[p]), in
// every plane summed over the rows whose input has a bit there, beside the sums and held with them. Nothing is multiplied.
module cim_row_variance #(
  parameter int unsigned Planes = 8,
  parameter bit Hold = 1'b1,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits
) (
  input  logic                       clk_i,
  input  logic                       rst_ni,
  input  logic [23:0]                variance_i,  // u16.8, (2^-8 level)^2, of a row; constant while busy
  input  logic                       row_i,
  input  logic                       take_i,
  input  logic [Planes-1:0]          x_i,
  input  logic                       read_i,      // a column's sums are read
  output logic [Planes*LaneBits-1:0] variance_o   // u24.8 of up to 256 rows, of their vector, one cycle later
);
  function [Planes*LaneBits-1:0] summed(input [Planes*LaneBits-1:0] sum);
    logic [31:0] p;
    for (p = 0; p < Planes; p = p + 1) begin
      summed[LaneBits*p+:LaneBits] = sum[LaneBits*p+:LaneBits] + (-((32'(x_i) >> p) & 1) & 32'(variance_i));
    end
  endfunction

  logic [Planes*LaneBits-1:0] sum_q, held_q;

  always_ff @(posedge clk_i) begin
    // What reads a register before what writes it: a Verilated model then needs no second copy.
    if (read_i) variance_o <= Hold ? held_q : sum_q;
    if (Hold && take_i) held_q <= sum_q;
    if (!rst_ni || take_i) sum_q <= '0;
    else if (row_i) sum_q <= summed(sum_q);
  end
endmodule
