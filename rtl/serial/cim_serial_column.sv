// One physical column: eight sums over the rows, one a bit plane, and their conversion one after the other into a weighted
// sum of codes (docs/numerics.md, "One physical column and bit plane").
module cim_serial_column #(
  parameter int unsigned Rows = 16,
  localparam int unsigned Planes = 8,
  localparam int unsigned CondBits = cim_tile_pkg::CondBits,
  localparam int unsigned SumBits = CondBits + $clog2(Rows),
  localparam int unsigned CodeBits = (SumBits > 27 ? SumBits : 27) + 2,
  localparam int unsigned ColumnBits = CodeBits + Planes
) (
  input  logic                  clk_i,
  // Settings.
  input  logic [4:0]            lsb_exp_i,
  input  logic                  transparent_i,
  input  logic [4:0]            shift_i,
  input  logic [26:0]           half_i,
  input  logic [11:0]           code_max_i,
  input  logic [CodeBits-1:0]   over_i,
  // Rows.
  input  logic                  clear_i,
  input  logic                  row_i,
  input  logic [Planes-1:0]     x_i,
  input  logic [CondBits-1:0]   cond_i,       // u21.0, LSB
  // Conversion: a plane goes through sum, ADC and weighting in three cycles, the highest first.
  input  logic                  sum_en_i,
  input  logic [2:0]            plane_i,
  input  logic [15:0]           offset_i,     // s16.0, 2^-8 level
  input  logic                  adc_en_i,
  input  logic                  code_en_i,
  input  logic                  first_i,      // with code_en_i: the highest plane
  output logic                  sat_o,        // with code_en_i: the clamp changed the code
  output logic [ColumnBits-1:0] column_o      // signed, sum over planes of 2^p code
);
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits;

  logic [SumBits-1:0]  sum_q [Planes];
  logic [CodeBits-1:0] analog_q, offset;
  /* verilator lint_off UNUSEDSIGNAL */
  logic [LaneBits-1:0] code;                  // the upper bits repeat the sign
  /* verilator lint_on UNUSEDSIGNAL */

  for (genvar p = 0; p < Planes; p++) begin : gen_plane
    always_ff @(posedge clk_i) begin
      if (clear_i) sum_q[p] <= '0;
      else if (row_i && x_i[p]) sum_q[p] <= sum_q[p] + SumBits'(cond_i);
    end
  end

  assign offset = CodeBits'($signed(CodeBits'($signed(offset_i))) <<< 4'(lsb_exp_i - 5'd8));

  always_ff @(posedge clk_i) begin
    if (sum_en_i) analog_q <= CodeBits'(sum_q[plane_i]) + offset;
  end

  cim_adc #(
    .Planes(1), .CodeBits(CodeBits)
  ) u_adc (
    .clk_i, .en_i(adc_en_i), .fine_i(4'd0), .transparent_i, .shift_i, .half_i, .code_max_i, .over_i, .offset_i(16'd0),
    .sum_i(LaneBits'(analog_q)), .code_o(code), .sat_o
  );

  always_ff @(posedge clk_i) begin
    if (code_en_i) begin
      column_o <= (first_i ? '0 : column_o << 1) + ColumnBits'($signed(code[CodeBits-1:0]));
    end
  end
endmodule
