// cim_shift_add against the sum of docs/numerics.md ("One logical output") in 64-bit arithmetic, for any codes.
module shift_add_props #(
  parameter int unsigned Planes = 8,
  parameter int unsigned CodeBits = 29,
  parameter int unsigned Converters = 1,
  parameter int unsigned Fault = 0,  // planted: 1 a bit of a code, 2 slice 1 of the negative half counts once
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned ResultBits = cim_tile_pkg::ResultBits
) (
  input logic                       clk_i,
  input logic                       rst_ni,
  input logic                       en_i,
  input logic [Converters*Planes*CodeBits-1:0] code_i
);
  logic [1:0] part_q;                // the columns of an output come in order
  logic done_q;
  logic [Converters*Planes*LaneBits-1:0] lanes;
  logic [ResultBits-1:0] result;
  always_comb begin
    for (int unsigned p = 0; p < Converters * Planes; p++) begin
      lanes[p*LaneBits+:LaneBits] = LaneBits'($signed(code_i[p*CodeBits+:CodeBits]));
    end
    if (Fault == 1) lanes[0] = !lanes[0];
  end

  cim_shift_add #(.Planes(Planes), .CodeBits(CodeBits), .Converters(Converters)) u_dut (
    .clk_i, .en_i, .part_i(Fault == 2 && part_q == 2'd3 ? 2'd2 : part_q), .code_i(lanes), .result_o(result)
  );

  // Pairs of planes first, as four 64-bit numbers; then two, then one.
  function [63:0] plane(input [31:0] lane, input [31:0] p);
    plane = p < Planes ? 64'($signed(code_i[(lane*Planes+p)*CodeBits+:CodeBits])) : '0;
  endfunction
  logic [Converters*64-1:0] column;
  for (genvar l = 0; l < Converters; l++) begin : gen_column
    assign column[l*64+:64] =
        ((plane(l, 0) + (plane(l, 1) << 1)) + ((plane(l, 2) + (plane(l, 3) << 1)) << 2)) +
        (((plane(l, 4) + (plane(l, 5) << 1)) + ((plane(l, 6) + (plane(l, 7) << 1)) << 2)) << 4);
  end
  logic [63:0] term, sum_q;
  if (Converters == 1) begin : gen_one
    assign term = part_q[0] ? column << 2 : column;
  end else begin : gen_two
    assign term = column[63:0] + (column[127:64] << 2);
  end

  always_ff @(posedge clk_i) begin
    if (!rst_ni) part_q <= '0;
    else if (en_i) part_q <= part_q + 2'(Converters);
    if (en_i) sum_q <= part_q == 2'd0 ? term : part_q[1] ? sum_q - term : sum_q + term;
    done_q <= rst_ni && en_i && part_q == 2'(4 - Converters);
  end

  always_comb begin
    if ($initstate) assume (!rst_ni);
    if (!$initstate && done_q) begin
      Result_A : assert (result == sum_q[ResultBits-1:0]);
      ResultFits_A : assert (64'($signed(result)) == sum_q);
    end
  end
endmodule
