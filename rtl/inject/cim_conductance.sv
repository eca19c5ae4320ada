// The conductances of one row: target level and injected offset (docs/numerics.md, "One cell", G1) and, with Rails, clamp
// at the rails right away, where nothing else happens to a cell.
//
// An offset is smaller than half a level, so only level 0 reaches the lower rail and only level 3 the upper, each
// `base` away. Clamping the sum at the rails is therefore the same as clamping the offset to -base .. base there.
//
// Written without a choice a cell and with offsets compared as unsigned numbers, 128 higher: the loop over cells of a
// Verilated model then runs on vector instructions.
module cim_conductance #(
  parameter int unsigned Cols = 4,
  parameter bit Rails = 1'b1,
  localparam int unsigned LevelBits = cim_tile_pkg::LevelBits,
  localparam int unsigned OffsetBits = cim_tile_pkg::OffsetBits,
  localparam int unsigned BaseBits = cim_tile_pkg::BaseBits,
  localparam int unsigned CellBits = Rails ? cim_tile_pkg::CondBits : cim_tile_pkg::FreeBits,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits
) (
  input  logic                       clk_i,
  input  logic                       en_i,         // take a row
  input  logic                       inject_en_i,
  input  logic [4:0]                 lsb_exp_i,    // s, 8 .. 18
  input  logic [BaseBits-1:0]        base_i,       // u18.0, LSB of 2^-s level, below 2^s
  input  logic [Cols*LevelBits-1:0]  level_i,      // column 0 in the low bits
  input  logic [Cols*OffsetBits-1:0] offset_i,     // s8.0 each
  output logic [Cols*LaneBits-1:0]   cond_o        // in lanes, one cycle after en_i: u21.0, without Rails s22.0
);
  localparam int unsigned Group = Cols < 16 ? Cols : 16;   // columns whose levels fit 32 bits

  logic far;                // no offset reaches a rail
  logic [31:0] low, high;   // the offset at the rails, plus 128

  assign far = !Rails || base_i[BaseBits-1:7] != '0;
  assign low = far ? 32'd0 : 32'd128 - 32'(base_i[6:0]);
  assign high = far ? 32'd255 : 32'd128 + 32'(base_i[6:0]);

  // All in 32 bits, the width of a lane; `one` is a level in LSB.
  function [Cols*LaneBits-1:0] conductances(
      input [Cols*LevelBits-1:0] level, input [Cols*OffsetBits-1:0] offset, input [31:0] enable, input [31:0] base,
      input [31:0] one, input [31:0] lowest, input [31:0] highest);
    logic [31:0] levels, l0, l1, target, floor, ceiling, move, c;
    begin
      for (int unsigned g = 0; g < Cols / Group; g++) begin
        levels = 32'(level[g*Group*LevelBits+:Group*LevelBits]);
        for (c = 0; c < Group; c = c + 1) begin
          l0 = (levels >> (2 * c)) & 1;
          l1 = (levels >> (2 * c + 1)) & 1;
          target = base | (-l0 & one) | (-l1 & (one << 1));   // base is smaller than a level: no carry
          floor = ((l0 | l1) - 1) & lowest;                   // 0 above level 0
          ceiling = ((l0 & l1) - 1) | highest;                // all ones below level 3
          move = (((offset[32*(g*Group/4+c/4)+:32] & enable) >> (8 * (c % 4))) & 255) ^ 128;
          move = Rails && move < floor ? floor : move;
          move = Rails && move > ceiling ? ceiling : move;
          target = target + 32'($signed(8'(move ^ 128)));
          conductances[LaneBits*(g*Group+c)+:LaneBits] = LaneBits'(CellBits'(target));
        end
      end
    end
  endfunction

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      cond_o <= conductances(
          level_i, offset_i, {32{inject_en_i}}, 32'(base_i), 32'd1 << lsb_exp_i, low, high);
    end
  end
endmodule
