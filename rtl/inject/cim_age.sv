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

  // The functions read the module's inputs, and only while a row is taken: a Verilated model then spends nothing on an
  // effect that is off.
  function [LaneBits-1:0] drifted(input signed [LaneBits-1:0] cond, input [15:0] loss);
    logic signed [63:0] lost;
    begin
      lost = 64'(cond) * $signed({48'd0, loss});
      drifted = cond - LaneBits'((lost + 64'sd32768) >>> 16);
    end
  endfunction

  function [Cols*LaneBits-1:0] aged(input drift, input hold);
    logic [LaneBits-1:0] g;
    logic [31:0] c;
    for (c = 0; c < Cols; c = c + 1) begin
      g = cond_i[LaneBits*c+:LaneBits];
      if (drift) g = drifted(g, loss_i[16*32'(level_i[2*c+:2])+:16]);
      if (hold) g = stuck_i[2*c+:1] != '0 ? '0 : stuck_i[2*c+1+:1] != '0 ? rail : g;
      aged[LaneBits*c+:LaneBits] = g;
    end
  endfunction

  logic [Cols*LaneBits-1:0] cond_q;
  assign cond_o = cond_q;

  // Not as if and else: Verilator would make that a choice between two values and work out both.
  always_ff @(posedge clk_i) begin
    if (en_i && !drift_en_i && !stuck_en_i) cond_q <= cond_i;
    if (en_i && (drift_en_i || stuck_en_i)) cond_q <= aged(drift_en_i, stuck_en_i);
  end
endmodule
