// cim_scale and cim_conductance against "One cell" of docs/numerics.md, in 32 bits: every level, offset, base and
// lsb_exp, in every column of a row.
module conductance_props #(
  parameter int unsigned Cols = 4,
  parameter int unsigned Fault = 0,  // planted: 1 the neighbour's offset, 2 injection does not switch off
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits
) (
  input logic              clk_i,
  input logic              en_i,
  input logic              inject_en_i,
  input logic [4:0]        lsb_exp_i,
  input logic [7:0]        base_i,
  input logic [Cols*2-1:0] level_i,
  input logic [Cols*8-1:0] offset_i
);
  (* anyconst *) logic [$clog2(Cols)-1:0] col;
  logic [cim_tile_pkg::BaseBits-1:0] base;
  logic [3:0] fine;
  logic [26:0] half;
  logic [11:0] code_max;
  logic [28:0] over;
  logic [Cols*LaneBits-1:0] cond;

  cim_scale #(.CodeBits(29)) u_scale (
    .lsb_exp_i, .base_i, .adc_transparent_i(1'b0), .adc_shift_i(5'd0), .adc_bits_i(4'd8),
    .fine_o(fine), .base_o(base), .half_o(half), .code_max_o(code_max), .over_o(over)
  );
  cim_conductance #(.Cols(Cols)) u_conductance (
    .clk_i, .en_i, .inject_en_i(inject_en_i || Fault == 2), .lsb_exp_i, .base_i(base), .level_i,
    .offset_i(Fault == 1 ? offset_i >> 8 : offset_i), .cond_o(cond)
  );

  logic signed [31:0] b, g, rail, want_q;
  logic [1:0] level;
  logic [7:0] offset;
  logic valid_q;
  always_comb begin
    level = level_i[32'(col)*2+:2];
    offset = offset_i[32'(col)*8+:8];
    b = $signed(32'(base_i)) <<< (lsb_exp_i - 5'd8);
    rail = 2 * b + (32'sd3 <<< lsb_exp_i);
    g = b + $signed(32'(level) << lsb_exp_i) + (inject_en_i ? $signed({{24{offset[7]}}, offset}) : 32'sd0);
  end
  always_ff @(posedge clk_i) begin
    want_q <= g < 0 ? 32'sd0 : (g > rail ? rail : g);
    valid_q <= en_i;
  end

  always_comb begin
    assume (lsb_exp_i >= 5'd8 && lsb_exp_i <= 5'd18);
    if (!$initstate) begin
      Conductance_A : assert (!valid_q || cond[32'(col)*LaneBits+:LaneBits] == want_q);
      Fits_A : assert (!valid_q || want_q >> cim_tile_pkg::CondBits == 0);
    end
    UpperRail_C : cover (!$initstate && valid_q && want_q == 32'sd768 + 32'sd510);
  end
endmodule
