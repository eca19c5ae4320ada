// A row's input converter: gain, offset and non-linearity (docs/numerics.md, "One input"). Combinational.
module cim_dac (
  input  logic         en_i,
  input  logic [7:0]   x_i,
  input  logic [7:0]   offset_i,   // s8.0
  input  logic [7:0]   gain_i,     // s0.8
  input  logic [127:0] inl_i,      // 16 steps, s8.0
  output logic [7:0]   x_o
);
  logic signed [31:0] x, scaled, sum;

  always_comb begin
    x = '0;
    scaled = '0;
    sum = '0;
    x_o = x_i;
    if (en_i) begin
      x = $signed({24'd0, x_i});
      scaled = (x * 32'($signed(gain_i)) + 32'sd128) >>> 8;
      sum = x + scaled + 32'($signed(offset_i)) + 32'($signed(inl_i[8*32'(x_i[7:4])+:8]));
      x_o = sum < 0 ? 8'd0 : sum > 255 ? 8'd255 : sum[7:0];
    end
  end
endmodule
