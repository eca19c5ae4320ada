// What befalls the cells of one row after their programming: drift, then stuck cells (docs/numerics.md, "One cell", G1 to G3).
//
// What is lost, rounded, is the same as what is kept, rounded the other way: G - rshift(G loss, 16) =
// (G (2^16 - loss) + 2^15 - 1) >> 16. One multiplier a cell and no subtraction.
module cim_age #(
  parameter int unsigned Cols = 4,
  localparam int unsigned BaseBits = cim_tile_pkg::BaseBits,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned FreeBits = cim_tile_pkg::FreeBits
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
  input  logic [Cols*LaneBits-1:0] cond_i,      // s22.0 in lanes, LSB
  output logic [Cols*LaneBits-1:0] cond_o       // s22.0 in lanes, one cycle after en_i
);
  logic [FreeBits-1:0] rail;
  assign rail = FreeBits'((32'(base_i) << 1) + (32'd3 << lsb_exp_i));

  // The functions read the module's inputs, and only while a row is taken: a Verilated model then spends nothing on an
  // effect that is off.
  function [FreeBits-1:0] drifted(input signed [FreeBits-1:0] cond, input [15:0] loss);
    logic signed [63:0] kept;
    begin
      kept = 64'(cond) * $signed({47'd0, 17'h10000 - 17'(loss)}) + 64'sd32767;
      drifted = FreeBits'(kept >>> 16);
    end
  endfunction

  function [Cols*LaneBits-1:0] aged(input drift, input hold);
    logic [FreeBits-1:0] g;
    logic [31:0] c;
    for (c = 0; c < Cols; c = c + 1) begin
      g = cond_i[LaneBits*c+:FreeBits];
      if (drift) g = drifted(g, loss_i[16*32'(level_i[2*c+:2])+:16]);
      if (hold) g = stuck_i[2*c+:1] != '0 ? '0 : stuck_i[2*c+1+:1] != '0 ? rail : g;
      aged[LaneBits*c+:LaneBits] = LaneBits'(g);
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
