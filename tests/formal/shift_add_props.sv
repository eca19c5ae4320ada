// cim_shift_add against "One logical output" of docs/numerics.md, in 64 bits, for any codes: 42 bits hold the result.
module shift_add_props #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Planes = 8,
  parameter int unsigned Fault = 0,  // planted: 1 the columns' order is wrong
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned SumBits = cim_tile_pkg::CondBits + $clog2(Rows),
  localparam int unsigned CodeBits = (SumBits > 27 ? SumBits : 27) + 2
) (
  input logic                       clk_i,
  input logic                       en_i,
  input logic [1:0]                 part_i,
  input logic [Planes*LaneBits-1:0] code_i
);
  logic [cim_tile_pkg::ResultBits-1:0] result;
  cim_shift_add #(.Planes(Planes), .CodeBits(CodeBits)) u_dut (
    .clk_i, .en_i, .part_i(Fault == 1 ? {part_i[0], part_i[1]} : part_i), .code_i, .result_o(result)
  );

  // Planes one by one, columns one by one; acc holds what the columns so far give.
  logic signed [63:0] column, acc_q, term;
  logic [CodeBits-1:0] code;
  logic [1:0] next_q;
  logic done_q;
  always_comb begin
    column = '0;
    for (int unsigned p = 0; p < Planes; p++) begin
      code = code_i[p*LaneBits+:CodeBits];
      column = column + ($signed({{(64-CodeBits){code[CodeBits-1]}}, code}) <<< p);
    end
    term = part_i[0] ? column <<< 2 : column;
    if (part_i[1]) term = -term;
  end
  always_ff @(posedge clk_i) begin
    if (en_i) acc_q <= part_i == 2'd0 ? term : acc_q + term;
    if (en_i) next_q <= part_i + 2'd1;
    done_q <= en_i && part_i == 2'd3 && next_q == 2'd3;
  end

  always_comb begin
    if ($initstate) assume (part_i == 2'd0 && en_i);
    if (!$initstate) assume (part_i == next_q);
    if (!$initstate) begin
      Result_A : assert (!done_q || {{22{result[41]}}, result} == acc_q);
    end
    Result_C : cover (!$initstate && done_q && acc_q < -64'sd100000000);
  end
endmodule
