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
  logic [CondBits-1:0] step;    // one level
  logic                bites;   // a rail is nearer than the largest offset

  assign step = CondBits'(1'b1) << lsb_exp_i;
  assign bites = base_i[BaseBits-1:7] == '0;

  function [LaneBits-1:0] conductance(
      input [LevelBits-1:0] level, input [OffsetBits-1:0] offset, input clamp,
      input [CondBits-1:0] one, input [BaseBits-1:0] base);
    logic signed [31:0] move, limit;
    logic [CondBits-1:0] target;
    begin
      // base is below one level, so the bits do not overlap
      target = CondBits'(base) | ({CondBits{level[0]}} & one) | ({CondBits{level[1]}} & (one << 1));
      move = 32'($signed(offset));
      if (clamp) begin
        limit = $signed(32'(base[6:0]));
        move = (level == 2'd0 && move < -limit) ? -limit : move;
        move = (level == 2'd3 && move > limit) ? limit : move;
      end
      target = target + CondBits'(move);
      conductance = LaneBits'(target);
    end
  endfunction

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      for (int unsigned c = 0; c < Cols; c++) begin
        cond_o[c*LaneBits+:LaneBits] <= conductance(
            level_i[c*LevelBits+:LevelBits],
            inject_en_i ? offset_i[c*OffsetBits+:OffsetBits] : '0, bites, step, base_i);
      end
    end
  end
endmodule
