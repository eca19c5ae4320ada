// The ADCs of one physical column, one a bit plane: offset, rounding, shift, saturation; or the transparent mode.
module cim_adc #(
  parameter int unsigned Planes = 8,
  parameter int unsigned CodeBits = 29,   // of a sum with its offset, signed
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits
) (
  input  logic                       clk_i,
  input  logic                       en_i,
  input  logic [3:0]                 fine_i,         // lsb_exp - 8
  input  logic                       transparent_i,
  input  logic [4:0]                 shift_i,        // 0 .. 27
  input  logic [26:0]                half_i,         // u27.0, LSB
  input  logic [11:0]                code_max_i,     // u12.0
  input  logic [CodeBits-1:0]        over_i,         // bits of a rounded sum beyond the largest code
  input  logic [15:0]                offset_i,       // s16.0, 2^-8 level
  input  logic [Planes*LaneBits-1:0] sum_i,          // s(CodeBits).0 in lanes, LSB
  output logic [Planes*LaneBits-1:0] code_o,         // s(CodeBits).0, sign-extended lanes, one cycle after en_i
  output logic [Planes-1:0]          sat_o           // the clamp changed this plane's code
);
  logic [CodeBits-1:0] bias;   // offset and rounding, the same for every plane

  assign bias = CodeBits'($signed(CodeBits'($signed(offset_i))) <<< fine_i) + CodeBits'(half_i);

  // {saturated, code in a lane} of one plane.
  function [LaneBits:0] digitise(
      input [CodeBits-1:0] sum, input [CodeBits-1:0] zero, input transparent, input [4:0] shift,
      input [11:0] code_max, input [CodeBits-1:0] over);
    logic [CodeBits-1:0] level;
    logic [18:0] coarse;
    logic [11:0] code;
    begin
      level = sum + zero;
      // In two steps and no wider than a code needs: a smaller shifter than one over all bits.
      coarse = 19'(level >> {shift[4:3], 3'd0});
      code = 12'(coarse >> shift[2:0]);
      if (transparent) digitise = {1'b0, LaneBits'($signed(level))};
      else if (level[CodeBits-1]) digitise = {1'b1, LaneBits'(1'b0)};
      else if ((level & over) != '0) digitise = {1'b1, LaneBits'(code_max)};
      else digitise = {1'b0, LaneBits'(code)};
    end
  endfunction

  always_ff @(posedge clk_i) begin
    if (en_i) begin
      for (int unsigned p = 0; p < Planes; p++) begin
        {sat_o[p], code_o[p*LaneBits+:LaneBits]} <= digitise(
            sum_i[p*LaneBits+:CodeBits], bias, transparent_i, shift_i, code_max_i, over_i);
      end
    end
  end
endmodule
