// What the settings mean in LSB of 2^-lsb_exp level: base, upper rail, and the ADC's rounding and limits.
module cim_scale (
  input  logic [4:0]  lsb_exp_i,         // s, 8 .. 18
  input  logic [7:0]  base_i,            // u8.0, 2^-8 level
  input  logic        adc_transparent_i,
  input  logic [4:0]  adc_shift_i,       // 0 .. 27
  input  logic [3:0]  adc_bits_i,        // 1 .. 12
  output logic [3:0]  fine_o,            // s - 8
  output logic [cim_tile_pkg::BaseBits-1:0] base_o,  // u18.0, LSB
  output logic [cim_tile_pkg::CondBits-1:0] rail_o,  // u21.0, LSB
  output logic [26:0] half_o,            // u27.0, LSB; half a code, 0 where nothing is rounded
  output logic [11:0] code_max_o         // u12.0
);
  assign fine_o = lsb_exp_i[3:0] ^ 4'd8;  // 8 .. 15 and 16 .. 18 minus 8, modulo 16
  assign base_o = cim_tile_pkg::BaseBits'(base_i) << fine_o;
  assign rail_o = (cim_tile_pkg::CondBits'(base_o) << 1) + (cim_tile_pkg::CondBits'(2'd3) << lsb_exp_i);
  assign half_o = adc_transparent_i ? 27'd0 : 27'((28'd1 << adc_shift_i) >> 1);
  assign code_max_o = 12'((13'd1 << adc_bits_i) - 13'd1);
endmodule
