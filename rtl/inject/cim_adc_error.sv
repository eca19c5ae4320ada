// What reaches the converters of one column: sum, noise, offset, gain error, integral non-linearity
// (docs/numerics.md, "One physical column and bit plane", S' to A). Two stages.
module cim_adc_error #(
  parameter int unsigned Planes = 8,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits
) (
  input  logic                       clk_i,
  input  logic                       gain_stage_i,    // take sum, noise, offset and gain
  input  logic                       inl_stage_i,     // the cycle after: take the steps
  input  logic                       noise_en_i,
  input  logic                       gain_en_i,
  input  logic                       inl_en_i,
  input  logic                       transparent_i,
  input  logic [3:0]                 fine_i,          // lsb_exp - 8
  input  logic [4:0]                 shift_i,
  input  logic [3:0]                 bits_i,
  input  logic [Planes*LaneBits-1:0] sum_i,           // u32.0, LSB
  input  logic [Planes*LaneBits-1:0] noise_i,         // s32.0, LSB
  input  logic [15:0]                offset_i,        // s16.0, 2^-8 level
  input  logic [15:0]                gain_i,          // s0.16
  input  logic [127:0]               inl_i,           // 16 steps, s8.0 in 1/16 code; taken with gain_stage_i
  output logic [Planes*LaneBits-1:0] analog_o         // s32.0, LSB; one cycle after inl_stage_i
);
  logic [31:0] offset;
  assign offset = 32'($signed(offset_i)) << fine_i;

  function [31:0] input_of(input [31:0] p);
    input_of = sum_i[p*LaneBits+:LaneBits] + (noise_en_i ? noise_i[p*LaneBits+:LaneBits] : '0) + offset;
  endfunction

  function [31:0] gained(input [31:0] a, input [15:0] gain);
    logic signed [47:0] product;
    begin
      product = 48'($signed(a)) * 48'($signed(gain));
      gained = a + 32'(product >>> 16) + 32'((product >>> 15) & 48'sd1);   // rounded
    end
  endfunction

  // The step of a value's segment. `range` is the logarithm of the converter's range, `above` the bits beyond it.
  function [31:0] bent(input [31:0] a, input [127:0] inl, input [4:0] shift, input [5:0] range, input [31:0] above);
    logic [10:0] coarse;
    logic [3:0] segment;
    logic [63:0] steps8;
    logic [31:0] steps4;
    logic [15:0] steps2;
    logic [7:0] step1;
    logic signed [34:0] step;
    begin
      // In two steps and no wider than a segment needs, as in cim_adc.
      coarse = 11'({a, 4'd0} >> {range[5:3], 3'd0});
      segment = 4'(coarse >> range[2:0]);
      if (a[31]) segment = 4'd0;
      else if ((a & above) != '0) segment = 4'd15;
      steps8 = segment[3] ? inl[127:64] : inl[63:0];
      steps4 = segment[2] ? steps8[63:32] : steps8[31:0];
      steps2 = segment[1] ? steps4[31:16] : steps4[15:0];
      step1 = segment[0] ? steps2[15:8] : steps2[7:0];
      step = 35'($signed(step1)) <<< shift;
      bent = a + 32'(step >>> 4);
    end
  endfunction

  logic [Planes*LaneBits-1:0] analog_q, bent_q;
  assign analog_o = bent_q;

  logic [127:0] inl_q;
  logic bend;
  logic [5:0] range;
  assign bend = inl_en_i && !transparent_i;
  assign range = 6'(shift_i) + 6'(bits_i);
  always_ff @(posedge clk_i) begin
    if (gain_stage_i && inl_en_i) inl_q <= inl_i;
  end

  always_ff @(posedge clk_i) begin
    for (int unsigned p = 0; p < Planes; p++) begin
      if (gain_stage_i && !gain_en_i) analog_q[p*LaneBits+:LaneBits] <= input_of(p);
      if (gain_stage_i && gain_en_i) analog_q[p*LaneBits+:LaneBits] <= gained(input_of(p), gain_i);
      if (inl_stage_i && !bend) bent_q[p*LaneBits+:LaneBits] <= analog_q[p*LaneBits+:LaneBits];
      if (inl_stage_i && bend) begin
        bent_q[p*LaneBits+:LaneBits] <= bent(analog_q[p*LaneBits+:LaneBits], inl_q, shift_i, range, 32'hFFFF_FFFF << range);
      end
    end
  end
endmodule
