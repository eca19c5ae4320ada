// What befalls the cells of one row after their programming: drift, then stuck cells (docs/numerics.md, "One cell", G1 to G3).
module cim_age #(
  parameter int unsigned Cols = 4,
  localparam int unsigned BaseBits = cim_tile_pkg::BaseBits,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits
) (
  input  logic                     clk_i,
  input  logic                     en_i,        // take a row
  input  logic                     drift_en_i,
  input  logic [63:0]              loss_i,      // u0.16 of levels 3, 2, 1, 0
  input  logic                     stuck_en_i,
  input  logic [4:0]               lsb_exp_i,   // s
  input  logic [BaseBits-1:0]      base_i,      // LSB
  input  logic [Cols*2-1:0]        level_i,
  input  logic [Cols*2-1:0]        stuck_i,     // 0 free, 1 off, 2 on
  input  logic [Cols*LaneBits-1:0] cond_i,      // s32.0 in lanes, LSB
  output logic [Cols*LaneBits-1:0] cond_o       // one cycle after en_i
);
  logic [LaneBits-1:0] rail;
  assign rail = (32'(base_i) << 1) + (32'd3 << lsb_exp_i);

  function [Cols*LaneBits-1:0] drifted(
      input [Cols*LaneBits-1:0] cond, input [Cols*2-1:0] level, input [63:0] loss);
    logic signed [63:0] lost;
    begin
      for (int unsigned c = 0; c < Cols; c++) begin
        lost = $signed(64'($signed(cond[LaneBits*c+:LaneBits]))) * $signed({48'd0, loss[16*32'(level[2*c+:2])+:16]});
        drifted[LaneBits*c+:LaneBits] = cond[LaneBits*c+:LaneBits] - LaneBits'((lost + 64'sd32768) >>> 16);
      end
    end
  endfunction

  function [Cols*LaneBits-1:0] held(
      input [Cols*LaneBits-1:0] cond, input [Cols*2-1:0] stuck, input [LaneBits-1:0] on);
    for (int unsigned c = 0; c < Cols; c++) begin
      held[LaneBits*c+:LaneBits] = stuck[2*c] ? '0 : stuck[2*c+1] ? on : cond[LaneBits*c+:LaneBits];
    end
  endfunction

  logic [Cols*LaneBits-1:0] cond_q, aged, next;
  assign cond_o = cond_q;

  always_comb begin
    aged = cond_i;
    if (drift_en_i) aged = drifted(cond_i, level_i, loss_i);
    next = aged;
    if (stuck_en_i) next = held(aged, stuck_i, rail);
  end

  always_ff @(posedge clk_i) begin
    if (en_i) cond_q <= next;
  end
endmodule
