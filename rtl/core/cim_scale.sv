// What the settings mean in LSB of 2^-lsb_exp level: base, and the ADC's rounding and limits.
module cim_scale #(
  parameter int unsigned CodeBits = 29,
  localparam int unsigned BaseBits = cim_tile_pkg::BaseBits
) (
  input  logic [4:0]          lsb_exp_i,         // s, 8 .. 18
  input  logic [7:0]          base_i,            // u8.0, 2^-8 level
  input  logic                adc_transparent_i,
  input  logic [4:0]          adc_shift_i,       // 0 .. 27
  input  logic [3:0]          adc_bits_i,        // 1 .. 12
  output logic [3:0]          fine_o,            // s - 8
  output logic [BaseBits-1:0] base_o,            // u18.0, LSB
  output logic [26:0]         half_o,            // u27.0, LSB; half a code, 0 where nothing is rounded
  output logic [11:0]         code_max_o,        // u12.0
  output logic [CodeBits-1:0] over_o             // the bits of a rounded sum that no code can hold
);
  assign fine_o = 4'(lsb_exp_i - 5'd8);
  assign base_o = BaseBits'(base_i) << fine_o;
  assign half_o = adc_transparent_i ? 27'd0 : 27'((28'd1 << adc_shift_i) >> 1);
  assign code_max_o = 12'((13'd1 << adc_bits_i) - 13'd1);
  assign over_o = (~(CodeBits'(code_max_o))) << adc_shift_i;
endmodule
