// The columns: sums over the rows, and their conversion into results, Converters neighbouring columns at once
// (docs/numerics.md, "One physical column and bit plane", "One logical output"). Buses of several columns hold the first one
// in the lowest bits.
module cim_columns #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Planes = 8,
  parameter bit Hold = 1'b1,
  parameter bit Effects = 1'b0,
  parameter int unsigned Converters = 1,
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
  input  logic [ColW-1:0]             sum_col_i,         // a multiple of Converters
  output logic [Converters*Planes*LaneBits-1:0] sum_o,   // one cycle after sum_re_i
  output logic [Planes*LaneBits-1:0]  variance_o,        // u24.8, (2^-8 level)^2, of the rows in them
  input  logic [Converters*Planes*LaneBits-1:0] noise_i, // four cycles after sum_re_i
  input  logic                        ramp_i,            // ramp_value_i instead of sums
  input  logic [31:0]                 ramp_value_i,
  input  logic [Converters*16-1:0]    adc_offset_i,
  input  logic [Converters*32-1:0]    column_table_i,    // {gain, attenuation}
  input  logic [Converters*128-1:0]   adc_inl_i,
  input  logic                        gain_stage_i,
  input  logic                        inl_stage_i,
  input  logic                        adc_en_i,
  output logic [Converters*CodeBits-1:0] code_o,         // plane 0, the cycle after adc_en_i
  output logic [Converters*Planes-1:0] sat_o,
  input  logic                        add_en_i,
  input  logic [1:0]                  add_part_i,
  output logic [ResultBits-1:0]       result_o
);
  localparam int unsigned ColumnBits = Planes * LaneBits;
  logic [Converters*ColumnBits-1:0] analog, code;
  logic [Converters*16-1:0] offset;

  cim_accumulate #(
    .Rows(Rows), .Cols(Cols), .Planes(Planes), .Hold(Hold), .Effects(Effects), .Converters(Converters)
  ) u_accumulate (
    .clk_i, .rst_ni, .row_i, .cell_i, .cell_col_i, .cell_cond_i, .take_i, .x_i, .cond_i,
    .read_i(sum_re_i), .col_i(sum_col_i), .sum_o
  );

  if (Effects) begin : gen_effects
    // The noise takes three cycles more than the sums.
    logic [Converters*ColumnBits-1:0] sum1_q, sum2_q, sum3_q;
    logic [2:0] sum_q;
    always_ff @(posedge clk_i) begin
      // The last one first: a Verilated model then needs no second copy.
      if (ramp_i) sum3_q <= {Converters*Planes{ramp_value_i}};
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

    for (genvar l = 0; l < Converters; l++) begin : gen_lane
      cim_adc_error #(
        .Planes(Planes)
      ) u_adc_error (
        .clk_i, .gain_stage_i, .inl_stage_i, .noise_en_i(column_noise_i && !ramp_i), .gain_en_i, .inl_en_i,
        .transparent_i(adc_transparent_i), .fine_i, .shift_i(adc_shift_i), .bits_i(adc_bits_i),
        .sum_i(sum3_q[l*ColumnBits+:ColumnBits]), .noise_i(noise_i[l*ColumnBits+:ColumnBits]),
        .offset_i(adc_offset_i[l*16+:16]), .gain_i(column_table_i[l*32+16+:16]), .inl_i(adc_inl_i[l*128+:128]),
        .analog_o(analog[l*ColumnBits+:ColumnBits])
      );
      logic [15:0] unused;
      assign unused = column_table_i[l*32+:16];
    end
    assign offset = '0;
  end else begin : gen_plain
    assign analog = sum_o;
    assign offset = adc_offset_i;
    assign variance_o = '0;
    logic unused;
    assign unused = ^{column_noise_i, noise_cell_i, gain_en_i, inl_en_i, noise_i, ramp_i, ramp_value_i, column_table_i,
                      adc_inl_i, gain_stage_i, inl_stage_i, adc_bits_i};
  end

  for (genvar l = 0; l < Converters; l++) begin : gen_converter
    cim_adc #(
      .Planes(Planes), .CodeBits(CodeBits)
    ) u_adc (
      .clk_i, .en_i(adc_en_i), .fine_i, .transparent_i(adc_transparent_i), .shift_i(adc_shift_i), .half_i,
      .code_max_i, .over_i, .offset_i(offset[l*16+:16]), .sum_i(analog[l*ColumnBits+:ColumnBits]),
      .code_o(code[l*ColumnBits+:ColumnBits]), .sat_o(sat_o[l*Planes+:Planes])
    );
    assign code_o[l*CodeBits+:CodeBits] = code[l*ColumnBits+:CodeBits];
  end

  cim_shift_add #(
    .Planes(Planes), .CodeBits(CodeBits), .Converters(Converters)
  ) u_shift_add (
    .clk_i, .en_i(add_en_i), .part_i(add_part_i), .code_i(code), .result_o
  );
endmodule
