// The ADCs of one physical column, one a bit plane: offset, rounding, shift, saturation; or the transparent mode.
module cim_adc #(
  parameter int unsigned Planes = 8,
  parameter int unsigned SumBits = 25,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned CodeBits = (SumBits > 27 ? SumBits : 27) + 2
) (
  input  logic                       clk_i,
  input  logic                       en_i,
  input  logic [3:0]                 fine_i,         // lsb_exp - 8
  input  logic                       transparent_i,
  input  logic [4:0]                 shift_i,        // 0 .. 27
  input  logic [26:0]                half_i,         // u27.0, LSB
  input  logic [11:0]                code_max_i,     // u12.0
  input  logic [15:0]                offset_i,       // s16.0, 2^-8 level
  input  logic [Planes*LaneBits-1:0] sum_i,          // u(SumBits).0 in lanes, LSB
  output logic [Planes*LaneBits-1:0] code_o,         // s(CodeBits).0, sign-extended lanes, one cycle after en_i
  output logic [Planes-1:0]          sat_o           // the clamp changed this plane's code
);
  logic signed [CodeBits-1:0] bias;   // offset and rounding, the same for every plane

  assign bias = (CodeBits'($signed(offset_i)) <<< fine_i) + $signed(CodeBits'(half_i));

  // {saturated, code in a lane} of one plane.
  function [LaneBits:0] digitise(
      input [SumBits-1:0] sum, input signed [CodeBits-1:0] zero, input transparent,
      input [4:0] shift, input [11:0] code_max);
    logic signed [CodeBits-1:0] level, code;
    begin
      level = $signed(CodeBits'(sum)) + zero;
      code = level >>> shift;
      if (transparent) digitise = {1'b0, LaneBits'(level)};
      else if (level < 0) digitise = {1'b1, LaneBits'(1'b0)};
      else if ((code & ~$signed(CodeBits'(code_max))) != 0) digitise = {1'b1, LaneBits'(code_max)};
      else digitise = {1'b0, LaneBits'(code)};
    end
  endfunction

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      for (int unsigned p = 0; p < Planes; p++) begin
        {sat_o[p], code_o[p*LaneBits+:LaneBits]} <= digitise(
            sum_i[p*LaneBits+:SumBits], bias, transparent_i, shift_i, code_max_i);
      end
    end
  end
endmodule
