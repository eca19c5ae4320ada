// cim_shift_add against the sum of docs/numerics.md ("One logical output") in 64-bit arithmetic, for any codes.
module shift_add_props #(
  parameter int unsigned Planes = 8,
  parameter int unsigned CodeBits = 29,
  parameter int unsigned Fault = 0,  // planted: 1 a bit of a code, 2 slice 1 of the negative half counts once
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned ResultBits = cim_tile_pkg::ResultBits
) (
  input logic                       clk_i,
  input logic                       rst_ni,
  input logic                       en_i,
  input logic [Planes*CodeBits-1:0] code_i
);
  logic [1:0] part_q;                // the columns of an output come in order
  logic done_q;
  logic [Planes*LaneBits-1:0] lanes;
  logic [ResultBits-1:0] result;
  always_comb begin
    for (int unsigned p = 0; p < Planes; p++) begin
      lanes[p*LaneBits+:LaneBits] = LaneBits'($signed(code_i[p*CodeBits+:CodeBits]));
    end
    if (Fault == 1) lanes[0] = !lanes[0];
  end

  cim_shift_add #(.Planes(Planes), .CodeBits(CodeBits)) u_dut (
    .clk_i, .en_i, .part_i(Fault == 2 && part_q == 2'd3 ? 2'd2 : part_q), .code_i(lanes), .result_o(result)
  );

  // Pairs of planes first, as four 64-bit numbers; then two, then one.
  function [63:0] plane(input [31:0] p);
    plane = p < Planes ? 64'($signed(code_i[p*CodeBits+:CodeBits])) : '0;
  endfunction
  logic [63:0] column, term, sum_q;
  assign column = ((plane(0) + (plane(1) << 1)) + ((plane(2) + (plane(3) << 1)) << 2)) +
      (((plane(4) + (plane(5) << 1)) + ((plane(6) + (plane(7) << 1)) << 2)) << 4);
  assign term = part_q[0] ? column << 2 : column;

  always_ff @(posedge clk_i) begin
    if (!rst_ni) part_q <= '0;
    else if (en_i) part_q <= part_q + 2'd1;
    if (en_i) sum_q <= part_q == 2'd0 ? term : part_q[1] ? sum_q - term : sum_q + term;
    done_q <= rst_ni && en_i && part_q == 2'd3;
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (!$initstate && done_q) begin
      Result_A : assert (result == sum_q[ResultBits-1:0]);
      ResultFits_A : assert (64'($signed(result)) == sum_q);
    end
  end
endmodule
