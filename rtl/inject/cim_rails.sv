// Clamp at the rails, then IR drop, of a row of cells (docs/numerics.md, "One cell", G4 to G); counts the clamps.
//
// Compared as unsigned numbers, a conductance below the lower rail is above the upper one, too: one comparison a lane. What
// is kept of it is rounded as in cim_age.
module cim_rails #(
  parameter int unsigned Cells = 4,    // lanes
  parameter int unsigned FreeBits = cim_tile_pkg::FreeBits,   // of a lane, signed
  localparam int unsigned BaseBits = cim_tile_pkg::BaseBits,
  localparam int unsigned CondBits = cim_tile_pkg::CondBits,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits
) (
  input  logic                      clk_i,
  input  logic                      rst_ni,
  input  logic                      en_i,
  input  logic                      clamp_en_i,        // some of the lanes may lie beyond a rail
  input  logic                      attenuation_en_i,
  input  logic [4:0]                lsb_exp_i,
  input  logic [BaseBits-1:0]       base_i,            // LSB
  input  logic [15:0]               last_i,            // last lane in use, for the count
  input  logic [14:0]               row_loss_i,        // u0.16, below one half
  input  logic [Cells*16-1:0]       col_loss_i,        // u0.16, below one half
  // Unused: a lane's upper bits are zero.
  /* verilator lint_off UNUSEDSIGNAL */
  input  logic [Cells*LaneBits-1:0] cond_i,            // s(FreeBits).0 in lanes, LSB
  /* verilator lint_on UNUSEDSIGNAL */
  output logic [Cells*LaneBits-1:0] cond_o,            // u21.0 in lanes, one cycle after en_i
  output logic [8:0]                clamps_o           // with cond_o; 0 in other cycles
);
  logic [LaneBits-1:0] rail;
  assign rail = (32'(base_i) << 1) + (32'd3 << lsb_exp_i);

  // The functions read the module's inputs, and only while cells are taken: a Verilated model then spends nothing on what
  // is off, and their loops become vector instructions.
  function [CondBits-1:0] limited(input [FreeBits-1:0] g, input [31:0] top);
    limited = 32'(g) <= top ? CondBits'(g) : g[FreeBits-1] ? '0 : CondBits'(top);
  endfunction

  function [Cells*LaneBits-1:0] clamped(input [31:0] top);
    logic [31:0] c;
    for (c = 0; c < Cells; c = c + 1) begin
      clamped[LaneBits*c+:LaneBits] = LaneBits'(limited(cond_i[LaneBits*c+:FreeBits], top));
    end
  endfunction

  function [31:0] clamps(input [31:0] top, input [31:0] last);
    logic [31:0] c;
    begin
      clamps = '0;
      for (c = 0; c < Cells; c = c + 1) begin
        clamps = clamps + 32'(32'(cond_i[LaneBits*c+:FreeBits]) > top) * 32'(c <= last);
      end
    end
  endfunction

  function [Cells*LaneBits-1:0] dropped(input [31:0] top, input [16:0] row_keeps);
    logic [31:0] c;
    logic [16:0] keeps;
    logic [63:0] kept;
    for (c = 0; c < Cells; c = c + 1) begin
      keeps = row_keeps - 17'(col_loss_i[16*c+:15]);
      kept = 64'(limited(cond_i[LaneBits*c+:FreeBits], top)) * 64'(keeps) + 64'd32767;
      dropped[LaneBits*c+:LaneBits] = LaneBits'(CondBits'(kept >> 16));
    end
  endfunction

  logic [Cells*LaneBits-1:0] cond_q;
  logic [8:0] clamps_q;
  assign cond_o = cond_q;
  assign clamps_o = clamps_q;

  // Not as if and else: Verilator would make that a choice between values and work out all of them.
  always_ff @(posedge clk_i) begin
    if (en_i && !attenuation_en_i && !clamp_en_i) cond_q <= cond_i;
    if (en_i && !attenuation_en_i && clamp_en_i) cond_q <= clamped(rail);
    if (en_i && attenuation_en_i) cond_q <= dropped(rail, 17'h10000 - 17'(row_loss_i));
  end

  always_ff @(posedge clk_i) begin
    clamps_q <= '0;
    if (rst_ni && en_i && clamp_en_i) clamps_q <= 9'(clamps(rail, 32'(last_i)));
  end
endmodule
