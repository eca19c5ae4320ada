// What only a tile with Effects has: the noise that cells and columns share, the input converter, and the two services
// that are masters of the memories, chips from a seed and the self-test.
module cim_tile_effects #(
  parameter int unsigned Rows = 16,
  parameter int unsigned Cols = 4,
  parameter int unsigned Banks = 4,
  parameter int unsigned CodeBits = 32,
  parameter int unsigned Converters = 1,
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits,
  localparam int unsigned CellW = $clog2(Rows * Banks),
  localparam int unsigned ColW = $clog2(Cols)
) (
  input  logic                   clk_i,
  input  logic                   rst_ni,
  // Noise.
  input  logic                   cell_noise_i,
  input  logic                   column_noise_i,
  input  logic [63:0]            noise_seed_i,
  input  logic [23:0]            noise_cell_i,
  input  logic [23:0]            noise_slope_i,
  input  logic [3:0]             fine_i,
  input  logic [31:0]            row_read_i,
  input  logic [31:0]            conv_read_i,
  input  logic [CellW-1:0]       row_cell_i,
  input  logic [15:0]            bank_i,
  input  logic                   cell_launch_i,
  input  logic [ColW-1:0]        cell_launch_col_i,
  input  logic                   cell_read_i,
  input  logic [LaneBits-1:0]    cell_x_i,
  input  logic                   column_launch_i,
  input  logic [ColW-1:0]        column_launch_col_i,
  input  logic                   column_re_i,        // its sum comes one cycle later
  input  logic [Converters*8*LaneBits-1:0] sum_i,    // of as many columns, from that one on
  input  logic [8*LaneBits-1:0]  variance_i,         // u24.8, (2^-8 level)^2, of its rows
  output logic [Converters*8*LaneBits-1:0] noise_o,  // of a cell in the lowest bits
  // Input converter.
  input  logic                   dac_en_i,
  input  logic [7:0]             x_in_i,
  input  logic [15:0]            dac_table_i,        // {gain s0.8, offset s8.0}
  input  logic [127:0]           dac_inl_i,
  output logic [7:0]             x_row_o,
  // Chips from a seed.
  input  logic [1:0]             gen_start_i,
  input  logic [63:0]            gen_seed_i,
  input  logic [63:0]            gen_sigma_i,
  input  logic [1:0]             gen_kind_i,
  input  logic [11:0]            gen_limit_i,
  input  logic [15:0]            gen_off_rate_i,
  input  logic [15:0]            gen_on_rate_i,
  input  logic [6:0]             verify_tolerance_i,
  input  logic [7:0]             verify_pulses_i,
  input  logic [15:0]            verify_step_i,
  input  logic [15:0]            verify_sigma_i,
  output logic [2:0]             pulses_o,
  output logic [2:0]             unverified_o,
  // Self-test.
  input  logic [1:0]             self_test_i,
  output logic [7:0]             self_test_result_o,
  output logic [23:0]            self_test_word_o,
  output logic [31:0]            self_test_ramp_o,
  // Both, as masters of the windows.
  output logic                   busy_o,
  output logic                   req_o,
  output logic                   we_o,
  output logic [3:0]             sel_o,
  output logic [23:0]            addr_o,
  output logic [31:0]            wdata_o,
  input  logic                   rvalid_i,
  input  logic [31:0]            rdata_i,
  // The converters' stages, from the sequencer and, while it runs, from the ramp.
  input  logic [4:0]             shift_i,
  input  logic [11:0]            code_max_i,
  input  logic                   table_re_i,
  input  logic [ColW-1:0]        table_col_i,
  input  logic                   gain_en_i,
  input  logic                   inl_en_i,
  input  logic                   adc_en_i,
  input  logic [Converters*CodeBits-1:0] code_i,
  output logic                   ramp_o,
  output logic [31:0]            ramp_value_o,
  output logic                   table_re_o,
  output logic [ColW-1:0]        table_col_o,
  output logic                   gain_en_o,
  output logic                   inl_en_o,
  output logic                   adc_en_o
);
  localparam int unsigned Cells = Rows * Banks;

  logic gen_busy, test_busy, gen_req, gen_we, test_req, test_we, gen_launch, valid, sum_valid_q;
  logic [3:0] gen_sel, test_sel, gen_tag;
  logic [23:0] gen_waddr, test_waddr;
  logic [31:0] gen_wdata, test_wdata, gen_n;
  logic [25:0] gen_addr;
  logic [255:0] word;
  logic [127:0] z;

  // The noise of cells, of columns, or the generator's random numbers: never two of them in one job.
  logic launch;
  logic [63:0] key;
  logic [3:0] tag;
  logic [31:0] n;
  logic [25:0] addr;
  always_comb begin
    {launch, key, tag, n, addr} = '0;
    if (gen_busy) begin
      launch = gen_launch;
      key = gen_seed_i;
      tag = gen_tag;
      n = gen_n;
      addr = gen_addr;
    end else if (cell_noise_i) begin
      launch = cell_launch_i;
      key = noise_seed_i;
      tag = cim_tile_pkg::TagCellNoise;
      n = row_read_i;
      addr = 26'({row_cell_i, cell_launch_col_i});
    end else if (column_noise_i) begin
      launch = column_launch_i;
      key = noise_seed_i;
      tag = cim_tile_pkg::TagColumnNoise;
      n = conv_read_i;
      addr = 26'(32'(bank_i) * Cols) + 26'(column_launch_col_i);
    end
  end

  always_ff @(posedge clk_i) sum_valid_q <= rst_ni && column_re_i && column_noise_i;

  cim_noise #(
    .Rows(Rows)
  ) u_noise (
    .clk_i, .rst_ni, .launch_i(launch), .key_i(key), .tag_i(tag), .n_i(n), .addr_i(addr),
    .valid_o(valid), .word_o(word), .z_o(z),
    .read_i(sum_valid_q), .sum_i(sum_i[8*LaneBits-1:0]), .variance_i, .cell_read_i, .cell_x_i,
    .cell_variance_i(noise_cell_i), .fine_i, .slope_i(noise_slope_i), .noise_o(noise_o[8*LaneBits-1:0])
  );

  // The noise of a second column at once; cells and the generator use the first one's alone.
  if (Converters == 2) begin : gen_second
    logic [ColW-1:0] col;
    assign col = column_launch_col_i | ColW'(1'b1);
    logic unused_valid;
    logic [255:0] unused_word;
    logic [127:0] unused_z;
    cim_noise #(
      .Rows(Rows)
    ) u_noise (
      .clk_i, .rst_ni, .launch_i(column_launch_i && column_noise_i), .key_i(noise_seed_i),
      .tag_i(cim_tile_pkg::TagColumnNoise), .n_i(conv_read_i),
      .addr_i(26'(32'(bank_i) * Cols) + 26'(col)),
      .valid_o(unused_valid), .word_o(unused_word), .z_o(unused_z),
      .read_i(sum_valid_q), .sum_i(sum_i[8*LaneBits+:8*LaneBits]), .variance_i, .cell_read_i(1'b0), .cell_x_i('0),
      .cell_variance_i('0), .fine_i, .slope_i(noise_slope_i), .noise_o(noise_o[8*LaneBits+:8*LaneBits])
    );
  end

  cim_dac u_dac (
    .en_i(dac_en_i), .x_i(x_in_i), .offset_i(dac_table_i[7:0]), .gain_i(dac_table_i[15:8]), .inl_i(dac_inl_i),
    .x_o(x_row_o)
  );

  cim_generator #(
    .Cells(Cells), .Cols(Cols)
  ) u_generator (
    .clk_i, .rst_ni, .start_i(gen_start_i), .busy_o(gen_busy),
    .sigma_i(gen_sigma_i), .kind_i(gen_kind_i), .limit_i(gen_limit_i), .off_rate_i(gen_off_rate_i),
    .on_rate_i(gen_on_rate_i), .tolerance_i(verify_tolerance_i), .pulses_i(verify_pulses_i), .step_i(verify_step_i),
    .step_sigma_i(verify_sigma_i),
    .launch_o(gen_launch), .tag_o(gen_tag), .n_o(gen_n), .addr_o(gen_addr), .valid_i(valid && gen_busy), .word_i(word), .z_i(z),
    .req_o(gen_req), .we_o(gen_we), .sel_o(gen_sel), .waddr_o(gen_waddr), .wdata_o(gen_wdata),
    .rvalid_i(rvalid_i && gen_busy), .rdata_i, .pulses_o, .unverified_o
  );

  logic ramp_table, ramp_gain, ramp_inl, ramp_adc;
  logic [ColW-1:0] ramp_col, ramp_lane;
  logic [CodeBits-1:0] ramp_code;   // of the column's own converter
  assign ramp_lane = ramp_col & ColW'(Converters - 1);
  assign ramp_code = code_i[32'(ramp_lane)*CodeBits+:CodeBits];
  cim_self_test #(
    .Cells(Cells), .Cols(Cols), .CodeBits(CodeBits)
  ) u_self_test (
    .clk_i, .rst_ni, .start_i(self_test_i), .busy_o(test_busy), .result_o(self_test_result_o), .word_o(self_test_word_o),
    .ramp_o(self_test_ramp_o),
    .req_o(test_req), .we_o(test_we), .sel_o(test_sel), .waddr_o(test_waddr), .wdata_o(test_wdata),
    .rvalid_i(rvalid_i && test_busy), .rdata_i,
    .shift_i, .code_max_i, .ramp_busy_o(ramp_o), .table_re_o(ramp_table), .col_o(ramp_col), .gain_en_o(ramp_gain),
    .inl_en_o(ramp_inl), .adc_en_o(ramp_adc), .value_o(ramp_value_o), .code_i(ramp_code)
  );

  assign busy_o = gen_busy || test_busy;
  assign req_o = test_busy ? test_req : gen_req;
  assign we_o = test_busy ? test_we : gen_we;
  assign sel_o = test_busy ? test_sel : gen_sel;
  assign addr_o = test_busy ? test_waddr : gen_waddr;
  assign wdata_o = test_busy ? test_wdata : gen_wdata;
  assign table_re_o = table_re_i || ramp_table;
  assign table_col_o = ramp_o ? ramp_col : table_col_i;
  assign gain_en_o = gain_en_i || ramp_gain;
  assign inl_en_o = inl_en_i || ramp_inl;
  assign adc_en_o = adc_en_i || ramp_adc;

  always_ff @(posedge clk_i) begin
    if (rst_ni && launch && cell_noise_i) OneNoise_A : assert (!(column_noise_i && column_launch_i));
    if (rst_ni && gen_start_i != '0) OneService_A : assert (self_test_i == '0 && !test_busy);
  end
endmodule
