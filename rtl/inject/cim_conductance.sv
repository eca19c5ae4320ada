// The conductances of one row: target level, injected offset, clamp at the rails (docs/numerics.md, "One cell").
//
// An offset is smaller than half a level, so only level 0 reaches the lower rail and only level 3 the upper, each
// `base` away. Clamping the sum at the rails is therefore the same as clamping the offset to -base .. base there.
module cim_conductance #(
  parameter int unsigned Cols = 4,
  localparam int unsigned LevelBits = cim_tile_pkg::LevelBits,
  localparam int unsigned OffsetBits = cim_tile_pkg::OffsetBits,
  localparam int unsigned BaseBits = cim_tile_pkg::BaseBits,
  localparam int unsigned CondBits = cim_tile_pkg::CondBits,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits
) (
  input  logic                       clk_i,
  input  logic                       en_i,         // take a row
  input  logic                       inject_en_i,
  input  logic [4:0]                 lsb_exp_i,    // s, 8 .. 18
  input  logic [BaseBits-1:0]        base_i,       // u18.0, LSB of 2^-s level, below 2^s
  input  logic [Cols*LevelBits-1:0]  level_i,      // column 0 in the low bits
  input  logic [Cols*OffsetBits-1:0] offset_i,     // s8.0 each
  output logic [Cols*LaneBits-1:0]   cond_o        // u21.0 in lanes, one cycle after en_i
);
  // What a level means, looked up a cell without a branch: a compiled model would mispredict one on random levels.
  (* mem2reg *) logic signed [31:0] target [4];
  (* mem2reg *) logic signed [31:0] lowest [4];    // offset
  (* mem2reg *) logic signed [31:0] highest [4];
  logic signed [31:0] limit;

  assign limit = base_i[BaseBits-1:7] == '0 ? $signed(32'(base_i[6:0])) : 128;

  always_comb begin
    for (int unsigned l = 0; l < 4; l++) begin
      target[l] = $signed(32'(base_i) + (l << lsb_exp_i));
      lowest[l] = l == 0 ? -limit : -128;
      highest[l] = l == 3 ? limit : 127;
    end
  end

  function [LaneBits-1:0] conductance(
      input signed [31:0] aim, input signed [31:0] low, input signed [31:0] high, input [OffsetBits-1:0] offset);
    logic signed [31:0] move;
    begin
      move = 32'($signed(offset));
      move = move < low ? low : move;
      move = move > high ? high : move;
      conductance = LaneBits'(CondBits'(aim + move));
    end
  endfunction

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      for (int unsigned c = 0; c < Cols; c++) begin
        cond_o[c*LaneBits+:LaneBits] <= conductance(
            target[level_i[c*LevelBits+:LevelBits]], lowest[level_i[c*LevelBits+:LevelBits]],
            highest[level_i[c*LevelBits+:LevelBits]], inject_en_i ? offset_i[c*OffsetBits+:OffsetBits] : '0);
      end
    end
  end
endmodule
