// The columns: sums over the rows, and their conversion column by column into results (docs/numerics.md, "One physical
// column and bit plane", "One logical output").
module cim_columns #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Planes = 8,
  parameter bit Hold = 1'b1,
  parameter bit Effects = 1'b0,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned ResultBits = cim_tile_pkg::ResultBits,
  localparam int unsigned SumBits = cim_tile_pkg::CondBits + $clog2(Rows),
  localparam int unsigned CodeBits = Effects ? LaneBits : (SumBits > 27 ? SumBits : 27) + 2,
  localparam int unsigned ColW = $clog2(Cols)
) (
  input  logic                        clk_i,
  input  logic                        rst_ni,
  // Settings.
  input  logic [3:0]                  fine_i,            // lsb_exp - 8
  input  logic                        adc_transparent_i,
  input  logic [4:0]                  adc_shift_i,
  input  logic [3:0]                  adc_bits_i,
  input  logic [26:0]                 half_i,
  input  logic [11:0]                 code_max_i,
  input  logic [CodeBits-1:0]         over_i,
  input  logic                        column_noise_i,
  input  logic [23:0]                 noise_cell_i,      // u16.8, (2^-8 level)^2
  input  logic                        gain_en_i,
  input  logic                        inl_en_i,
  // Rows.
  input  logic                        row_i,
  input  logic [Planes-1:0]           x_i,
  input  logic [Cols*LaneBits-1:0]    cond_i,
  input  logic                        cell_i,
  input  logic [ColW-1:0]             cell_col_i,
  input  logic [Planes*LaneBits-1:0]  cell_cond_i,
  input  logic                        take_i,
  // Conversion.
  input  logic                        sum_re_i,
  input  logic [ColW-1:0]             sum_col_i,
  output logic [Planes*LaneBits-1:0]  sum_o,             // one cycle after sum_re_i
  output logic [Planes*LaneBits-1:0]  variance_o,        // u24.8, (2^-8 level)^2, of the rows in them
  input  logic [Planes*LaneBits-1:0]  noise_i,           // four cycles after sum_re_i
  input  logic                        ramp_i,            // ramp_value_i instead of sums
  input  logic [31:0]                 ramp_value_i,
  input  logic [15:0]                 adc_offset_i,
  input  logic [15:0]                 adc_gain_i,
  input  logic [127:0]                adc_inl_i,
  input  logic                        gain_stage_i,
  input  logic                        inl_stage_i,
  input  logic                        adc_en_i,
  output logic [CodeBits-1:0]         code_o,            // plane 0, the cycle after adc_en_i
  output logic [Planes-1:0]           sat_o,
  input  logic                        add_en_i,
  input  logic [1:0]                  add_part_i,
  output logic [ResultBits-1:0]       result_o
);
  logic [Planes*LaneBits-1:0] analog, code;
  logic [15:0] offset;

  cim_accumulate #(
    .Rows(Rows), .Cols(Cols), .Planes(Planes), .Hold(Hold), .Effects(Effects)
  ) u_accumulate (
    .clk_i, .rst_ni, .row_i, .cell_i, .cell_col_i, .cell_cond_i, .take_i, .x_i, .cond_i,
    .read_i(sum_re_i), .col_i(sum_col_i), .sum_o
  );

  if (Effects) begin : gen_effects
    // The noise takes three cycles more than the sums.
    logic [Planes*LaneBits-1:0] sum1_q, sum2_q, sum3_q;
    logic [2:0] sum_q;
    always_ff @(posedge clk_i) begin
      // The last one first: a Verilated model then needs no second copy.
      if (ramp_i) sum3_q <= {Planes{ramp_value_i}};
      else if (sum_q[2]) sum3_q <= sum2_q;
      if (sum_q[1]) sum2_q <= sum1_q;
      if (sum_q[0]) sum1_q <= sum_o;
      sum_q <= {sum_q[1:0], sum_re_i};
    end

    cim_row_variance #(
      .Planes(Planes), .Hold(Hold)
    ) u_row_variance (
      .clk_i, .rst_ni, .variance_i(noise_cell_i), .row_i(row_i && column_noise_i), .take_i, .x_i,
      .read_i(sum_re_i && column_noise_i), .variance_o
    );

    cim_adc_error #(
      .Planes(Planes)
    ) u_adc_error (
      .clk_i, .gain_stage_i, .inl_stage_i, .noise_en_i(column_noise_i && !ramp_i), .gain_en_i, .inl_en_i,
      .transparent_i(adc_transparent_i), .fine_i, .shift_i(adc_shift_i), .bits_i(adc_bits_i), .sum_i(sum3_q), .noise_i,
      .offset_i(adc_offset_i), .gain_i(adc_gain_i), .inl_i(adc_inl_i), .analog_o(analog)
    );
    assign offset = '0;
  end else begin : gen_plain
    assign analog = sum_o;
    assign offset = adc_offset_i;
    assign variance_o = '0;
    logic unused;
    assign unused = ^{column_noise_i, noise_cell_i, gain_en_i, inl_en_i, noise_i, ramp_i, ramp_value_i, adc_gain_i, adc_inl_i,
                      gain_stage_i, inl_stage_i, adc_bits_i};
  end

  cim_adc #(
    .Planes(Planes), .CodeBits(CodeBits)
  ) u_adc (
    .clk_i, .en_i(adc_en_i), .fine_i, .transparent_i(adc_transparent_i), .shift_i(adc_shift_i), .half_i,
    .code_max_i, .over_i, .offset_i(offset), .sum_i(analog), .code_o(code), .sat_o
  );
  assign code_o = code[CodeBits-1:0];

  cim_shift_add #(
    .Planes(Planes), .CodeBits(CodeBits)
  ) u_shift_add (
    .clk_i, .en_i(add_en_i), .part_i(add_part_i), .code_i(code), .result_o
  );
endmodule
