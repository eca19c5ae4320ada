// cim_scale and cim_adc against "One physical column and bit plane" of docs/numerics.md, in 64 bits: every sum that
// the array can hold, every legal setting, every offset. So no width inside is too small.
module adc_props #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Fault = 0,  // planted: 1 ties go down, 2 the offset's sign is lost
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned SumBits = cim_tile_pkg::CondBits + $clog2(Rows),
  localparam int unsigned CodeBits = (SumBits > 27 ? SumBits : 27) + 2
) (
  input logic               clk_i,
  input logic               en_i,
  input logic [4:0]         lsb_exp_i,
  input logic               transparent_i,
  input logic [4:0]         shift_i,
  input logic [3:0]         bits_i,
  input logic [15:0]        offset_i,
  input logic [SumBits-1:0] sum_i
);
  logic [3:0] fine;
  logic [cim_tile_pkg::BaseBits-1:0] base;
  logic [26:0] half;
  logic [11:0] code_max;
  logic [CodeBits-1:0] over;
  logic [LaneBits-1:0] code;
  logic sat;

  cim_scale #(.CodeBits(CodeBits)) u_scale (
    .lsb_exp_i, .base_i(8'd0), .adc_transparent_i(transparent_i), .adc_shift_i(shift_i), .adc_bits_i(bits_i),
    .fine_o(fine), .base_o(base), .half_o(half), .code_max_o(code_max), .over_o(over)
  );
  cim_adc #(.Planes(1), .CodeBits(CodeBits)) u_adc (
    .clk_i, .en_i, .fine_i(fine), .transparent_i, .shift_i, .half_i(Fault == 1 ? 27'(half - 27'(half != '0)) : half),
    .code_max_i(code_max), .over_i(over), .offset_i(Fault == 2 ? {1'b0, offset_i[14:0]} : offset_i),
    .sum_i(LaneBits'(sum_i)), .code_o(code), .sat_o(sat)
  );

  logic signed [63:0] a, rounded, top, want, want_q;
  logic clamped, clamped_q, valid_q;
  always_comb begin
    a = $signed(64'(sum_i)) + ($signed({{48{offset_i[15]}}, offset_i}) <<< (lsb_exp_i - 5'd8));
    rounded = (a + (shift_i != '0 ? $signed((64'd1 << shift_i) >> 1) : 64'sd0)) >>> shift_i;
    top = $signed((64'd1 << bits_i) - 64'd1);
    clamped = !transparent_i && (rounded < 0 || rounded > top);
    want = transparent_i ? a : (rounded < 0 ? 64'sd0 : (rounded > top ? top : rounded));
  end
  always_ff @(posedge clk_i) begin
    want_q <= want;
    clamped_q <= clamped;
    valid_q <= en_i;
  end

  always_comb begin
    assume (lsb_exp_i >= 5'd8 && lsb_exp_i <= 5'd18 && shift_i <= 5'd27 && bits_i >= 4'd1 && bits_i <= 4'd12);
    if (!$initstate) begin
      Code_A : assert (!valid_q || {{32{code[31]}}, code} == want_q);
      Saturation_A : assert (!valid_q || sat == clamped_q);
    end
    Negative_C : cover (!$initstate && valid_q && want_q < -64'sd1000000);
    Saturates_C : cover (!$initstate && valid_q && clamped_q && want_q == 64'sd4095);
  end
endmodule
