// The conductances of one row: target level, injected offset, clamp at the rails (docs/numerics.md, "One cell").
module cim_conductance
#(
  parameter int unsigned Cols = 4
) (
  input  logic                                clk_i,
  input  logic                                en_i,         // take a row
  input  logic                                inject_en_i,
  input  logic [4:0]                          lsb_exp_i,    // s, 8 .. 18
  input  logic [cim_tile_pkg::BaseBits-1:0]   base_i,       // u18.0, LSB of 2^-s level
  input  logic [cim_tile_pkg::CondBits-1:0]   rail_i,       // u21.0, LSB of 2^-s level
  input  logic [Cols*cim_tile_pkg::LevelBits-1:0]  level_i,   // column 0 in the low bits
  input  logic [Cols*cim_tile_pkg::OffsetBits-1:0] offset_i,  // s8.0 each
  output logic [Cols*cim_tile_pkg::LaneBits-1:0]   cond_o     // u21.0 in lanes, one cycle after en_i
);
  // clamp(base + (level << s) + e, 0, rail); base < 2^s, so the first sum is a bitwise or.
  function [cim_tile_pkg::LaneBits-1:0] conductance(
      input [cim_tile_pkg::LevelBits-1:0] level, input [cim_tile_pkg::OffsetBits-1:0] offset,
      input enable, input [4:0] lsb_exp, input [cim_tile_pkg::BaseBits-1:0] base,
      input [cim_tile_pkg::CondBits-1:0] rail);
    logic signed [31:0] sum;
    begin
      sum = $signed((32'(level) << lsb_exp) | 32'(base)) +
            (enable ? 32'($signed(offset)) : 32'sd0);
      if (sum < 0) conductance = 32'd0;
      else if (sum > $signed(32'(rail))) conductance = 32'(rail);
      else conductance = sum;
    end
  endfunction

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      for (int unsigned c = 0; c < Cols; c++) begin
        cond_o[c*cim_tile_pkg::LaneBits+:cim_tile_pkg::LaneBits] <= conductance(
            level_i[c*cim_tile_pkg::LevelBits+:cim_tile_pkg::LevelBits],
            offset_i[c*cim_tile_pkg::OffsetBits+:cim_tile_pkg::OffsetBits],
            inject_en_i, lsb_exp_i, base_i, rail_i);
      end
    end
  end
endmodule
