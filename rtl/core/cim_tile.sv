// One computing-in-memory tile: cells, sums, ADCs, shift-and-add, and the buffers around them. See docs/numerics.md.
module cim_tile #(
  parameter int unsigned Rows = 16,       // a multiple of 4, 4 .. 512
  parameter int unsigned Cols = 4,        // physical columns, a power of two, 4 .. 256
  parameter int unsigned Banks = 4,       // 1 or more
  parameter int unsigned InBits = 8,      // 1 .. 8
  parameter int unsigned InWords = 64,    // 2 .. 65536
  parameter int unsigned OutWords = 64,   // 2 .. 65536
  // A second set of sums, so that rows and conversions overlap; not where a vector of all rows takes at most a quarter
  // longer without.
  parameter bit Hold = 4 * Cols > Rows,
  parameter int unsigned Effects = 0,     // 1: everything of docs/numerics.md beyond offsets and the ADC's offset
  parameter int unsigned Converters = 1   // columns converted at once: 1, 2
) (
  input  logic        clk_i,
  input  logic        rst_ni,

  // Settings, constant while busy.
  input  logic        inject_en_i,
  input  logic [4:0]  lsb_exp_i,          // one offset LSB is 2^-lsb_exp level, 8 .. 18
  input  logic [7:0]  base_i,             // u8.0, 2^-8 level
  input  logic        adc_transparent_i,
  input  logic [4:0]  adc_shift_i,        // 0 .. 27
  input  logic [3:0]  adc_bits_i,         // 1 .. 12

  // Effects, constant while busy; ignored without Effects.
  input  logic        drift_en_i,
  input  logic [63:0] drift_loss_i,       // u0.16 of levels 3, 2, 1, 0
  input  logic        stuck_en_i,
  input  logic [1:0]  noise_i,            // 0 none, cim_tile_pkg::NoiseCell, NoiseColumn
  input  logic [63:0] noise_seed_i,
  input  logic [23:0] noise_cell_i,       // u16.8, (2^-8 level)^2
  input  logic [23:0] noise_slope_i,      // u8.16, 2^-8 level
  input  logic        attenuation_en_i,
  input  logic        adc_gain_en_i,
  input  logic        adc_inl_en_i,
  input  logic        dac_en_i,

  // Chips from a seed and self-tests, started while not busy; settings constant while busy.
  input  logic [1:0]  gen_start_i,         // offsets, stuck
  input  logic [63:0] gen_seed_i,
  input  logic [63:0] gen_sigma_i,        // u8.8 of levels 3, 2, 1, 0, offset LSB
  input  logic [1:0]  gen_kind_i,
  input  logic [11:0] gen_limit_i,        // u4.8 standard deviations
  input  logic [15:0] gen_off_rate_i,     // u0.16
  input  logic [15:0] gen_on_rate_i,
  input  logic [6:0]  verify_tolerance_i, // offset LSB
  input  logic [7:0]  verify_pulses_i,
  input  logic [15:0] verify_step_i,      // u8.8 offset LSB
  input  logic [15:0] verify_sigma_i,
  input  logic [1:0]  self_test_i,        // march, ramp
  output logic [7:0]  self_test_result_o,
  output logic [23:0] self_test_word_o,
  output logic [31:0] self_test_ramp_o,

  // A job: count vectors by the first rows and cols of a bank.
  input  logic        job_valid_i,
  output logic        job_ready_o,
  input  logic [15:0] job_bank_i,
  input  logic [15:0] job_rows_i,
  input  logic [15:0] job_cols_i,
  input  logic [15:0] job_count_i,
  input  logic [15:0] job_in_i,
  input  logic [15:0] job_stride_i,
  input  logic [15:0] job_out_i,
  input  logic [31:0] job_read_i,         // number of the first vector's read
  output logic        busy_o,

  // Memory windows, only while not busy; the answer comes two cycles after the request, also to a write.
  input  logic        mem_req_i,
  input  logic        mem_we_i,
  input  logic [3:0]  mem_sel_i,          // cim_tile_pkg::Sel*
  input  logic [23:0] mem_addr_i,         // word inside the window
  input  logic [3:0]  mem_be_i,
  input  logic [31:0] mem_wdata_i,
  output logic        mem_rvalid_o,
  output logic [31:0] mem_rdata_o,

  // Another way to INPUT and OUTPUT, also while busy, not while the windows are used: words that no job under way reads,
  // results whose product has been seen. Addresses are words, in range.
  input  logic        eng_in_we_i,
  input  logic [15:0] eng_in_addr_i,
  input  logic [31:0] eng_in_wdata_i,
  input  logic        eng_out_re_i,
  input  logic [15:0] eng_out_addr_i,
  output logic [41:0] eng_out_rdata_o,    // in the next cycle

  // Counting pulses.
  output logic        product_o,          // a vector's last result is being written
  output logic [7:0]  sat_o,              // saturated conversions of this cycle
  output logic [8:0]  clamps_o,           // conductances that a rail limited
  output logic        read_o,             // a row is read
  output logic [2:0]  pulses_o,           // of write-verify
  output logic [2:0]  unverified_o        // cells that it left beyond the tolerance
);
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits;
  localparam int unsigned ResultBits = cim_tile_pkg::ResultBits;
  localparam int unsigned SumBits = cim_tile_pkg::CondBits + $clog2(Rows);
  localparam int unsigned CodeBits = Effects != 0 ? LaneBits : (SumBits > 27 ? SumBits : 27) + 2;
  // Legal ones, so that an illegal one ends with its sentence and with nothing else.
  localparam int unsigned Planes = InBits >= 1 && InBits <= 8 ? InBits : 8;
  localparam int unsigned Lanes = Converters == 2 ? 2 : 1;
  localparam int unsigned Cells = Rows * Banks;
  localparam int unsigned CellW = $clog2(Cells);
  localparam int unsigned RowW = $clog2(Rows);
  localparam int unsigned ColW = $clog2(Cols);
  localparam int unsigned InW = $clog2(InWords);
  localparam int unsigned OutW = $clog2(OutWords);
  localparam int unsigned LevelWordW = Cols > 16 ? $clog2(Cols / 16) : 1;
  localparam int unsigned OffsetWordW = Cols > 4 ? $clog2(Cols / 4) : 1;

  if (Rows < 4 || Rows > cim_tile_pkg::MaxRows || Rows % 4 != 0) begin : gen_illegal_rows
    $error("cim_tile: Rows must be a multiple of 4 between 4 and 512.");
  end
  if (Cols < 4 || Cols > 256 || (Cols & (Cols - 1)) != 0) begin : gen_illegal_cols
    $error("cim_tile: Cols must be a power of two between 4 and 256.");
  end
  if (Banks < 1 || Banks > 65535) begin : gen_illegal_banks
    $error("cim_tile: Banks must be between 1 and 65535.");
  end
  if (InBits < 1 || InBits > 8) begin : gen_illegal_in_bits
    $error("cim_tile: InBits must be between 1 and 8.");
  end
  if (Effects > 1 || (Effects == 1 && (Rows > 256 || InBits != 8))) begin : gen_illegal_effects
    $error("cim_tile: Effects must be 0 or 1, and with 1 Rows may be at most 256 and InBits must be 8.");
  end
  if (Converters != 1 && Converters != 2) begin : gen_illegal_converters
    $error("cim_tile: Converters must be 1 or 2.");
  end
  if (InWords < 2 || InWords > 65536 || OutWords < 2 || OutWords > 65536) begin : gen_illegal_buffers
    $error("cim_tile: InWords and OutWords must be between 2 and 65536.");
  end

  logic                   row_re, in_re, cond_en, age_en, rails_en, acc_row, walk, walk_busy, walk_done, take;
  logic                   ctrl_ready, ctrl_busy, service_busy;
  logic [RowW-1:0]        row;
  logic [CellW-1:0]       row_addr, row_cell;
  logic [31:0]            row_read, conv_read;
  logic [15:0]            bank;
  logic [InW-1:0]         in_addr;
  logic [1:0]             in_byte;
  logic                   launch, conv_re, table_re, gain_en, inl_en, adc_en, sat_valid, add_en, out_we;
  logic [ColW-1:0]        launch_col, conv_col, table_col, col_last;
  logic [1:0]             add_part;
  logic [OutW-1:0]        out_addr;
  logic                   cell_noise, column_noise;

  assign cell_noise = Effects != 0 && noise_i == cim_tile_pkg::NoiseCell;
  assign column_noise = Effects != 0 && noise_i == cim_tile_pkg::NoiseColumn;
  assign busy_o = ctrl_busy || service_busy;
  assign job_ready_o = ctrl_ready && !service_busy;
  assign read_o = row_re;

  cim_tile_ctrl #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(InWords), .OutWords(OutWords),
    .Hold(Hold), .Effects(Effects != 0), .Converters(Lanes)
  ) u_ctrl (
    .clk_i, .rst_ni,
    .job_valid_i(job_valid_i && !service_busy), .job_ready_o(ctrl_ready), .job_bank_i, .job_rows_i, .job_cols_i,
    .job_count_i, .job_in_i, .job_stride_i, .job_out_i, .job_read_i, .cell_noise_i(cell_noise), .busy_o(ctrl_busy),
    .row_re_o(row_re), .row_o(row), .row_addr_o(row_addr), .in_re_o(in_re), .in_addr_o(in_addr),
    .cond_en_o(cond_en), .in_byte_o(in_byte), .age_en_o(age_en), .rails_en_o(rails_en), .acc_row_o(acc_row),
    .walk_o(walk), .walk_busy_i(walk_busy), .walk_done_i(walk_done), .row_read_o(row_read), .conv_read_o(conv_read),
    .row_cell_o(row_cell), .bank_o(bank), .col_last_o(col_last), .take_o(take),
    .launch_o(launch), .launch_col_o(launch_col), .conv_re_o(conv_re), .conv_col_o(conv_col),
    .table_re_o(table_re), .table_col_o(table_col), .gain_en_o(gain_en), .inl_en_o(inl_en), .adc_en_o(adc_en),
    .sat_valid_o(sat_valid), .add_en_o(add_en), .add_part_o(add_part), .out_we_o(out_we), .out_addr_o(out_addr),
    .product_o
  );

  // The memory windows: the bus's, or the generator's and the self-test's while they run.
  logic        srv_req, srv_we;
  logic [3:0]  srv_sel;
  logic [23:0] srv_addr;
  logic [31:0] srv_wdata;
  logic        win_req, win_we_any;
  logic [3:0]  win_sel, win_be;
  logic [23:0] win_addr;
  logic [31:0] win_wdata;
  logic        win_rvalid;

  assign win_req = service_busy ? srv_req : mem_req_i;
  assign win_we_any = service_busy ? srv_we : mem_we_i;
  assign win_sel = service_busy ? srv_sel : mem_sel_i;
  assign win_addr = service_busy ? srv_addr : mem_addr_i;
  assign win_be = service_busy ? 4'b1111 : mem_be_i;
  assign win_wdata = service_busy ? srv_wdata : mem_wdata_i;
  assign mem_rvalid_o = win_rvalid && !service_busy;

  logic [cim_tile_pkg::Windows-1:0] win_re, win_we;
  logic [CellW-1:0]       win_level_row, win_offset_row;
  logic [LevelWordW-1:0]  win_level_word;
  logic [OffsetWordW-1:0] win_offset_word;
  logic [InW-1:0]         win_in_addr;
  logic [OutW-1:0]        win_out_addr;
  logic [ColW-1:0]        win_col, win_inl_col;
  logic [RowW-1:0]        win_row, win_inl_row;
  logic [1:0]             win_inl_word;
  logic [Cols*2-1:0]      level_row, stuck_row;
  logic [Cols*8-1:0]      offset_row;
  logic [31:0]            in_word, row_table;
  logic [ResultBits-1:0]  out_word, result;
  logic [Lanes*16-1:0]  adc_offset;
  logic [Lanes*32-1:0]  column_table;
  logic [Lanes*128-1:0] adc_inl;
  logic [127:0]           dac_inl;

  cim_window #(
    .Rows(Rows), .Cols(Cols), .CellW(CellW), .InW(InW), .OutW(OutW), .Converters(Lanes)
  ) u_window (
    .clk_i, .rst_ni,
    .req_i(win_req), .we_i(win_we_any), .sel_i(win_sel), .addr_i(win_addr),
    .rvalid_o(win_rvalid), .rdata_o(mem_rdata_o),
    .re_o(win_re), .we_o(win_we),
    .level_row_o(win_level_row), .level_word_o(win_level_word),
    .offset_row_o(win_offset_row), .offset_word_o(win_offset_word),
    .in_addr_o(win_in_addr), .out_addr_o(win_out_addr), .col_o(win_col), .row_o(win_row),
    .inl_col_o(win_inl_col), .inl_row_o(win_inl_row), .inl_word_o(win_inl_word),
    .level_i(level_row), .offset_i(offset_row), .in_i(in_word), .out_i(out_word),
    .adc_offset_i(adc_offset), .column_i(column_table), .row_i(row_table), .adc_inl_i(adc_inl),
    .dac_inl_i(dac_inl), .stuck_i(stuck_row)
  );

  logic [InW-1:0]         eng_in_addr;
  logic [OutW-1:0]        eng_out_addr;
  assign eng_in_addr = InW'(eng_in_addr_i);
  assign eng_out_addr = OutW'(eng_out_addr_i);

  cim_ram_be #(
    .Width(32), .LaneW(32), .Depth(InWords)
  ) u_inputs (
    .clk_i,
    .we_i(eng_in_we_i || win_we[cim_tile_pkg::SelInput]), .waddr_i(eng_in_we_i ? eng_in_addr : win_in_addr),
    .be_i(1'b1), .wdata_i(eng_in_we_i ? eng_in_wdata_i : win_wdata),
    .re_i(in_re || win_re[cim_tile_pkg::SelInput]), .raddr_i(ctrl_busy ? in_addr : win_in_addr),
    .rdata_o(in_word)
  );

  cim_ram_be #(
    .Width(ResultBits), .LaneW(ResultBits), .Depth(OutWords)
  ) u_outputs (
    .clk_i,
    .we_i(out_we), .waddr_i(out_addr), .be_i(1'b1), .wdata_i(result),
    .re_i(eng_out_re_i || win_re[cim_tile_pkg::SelOutputLo] || win_re[cim_tile_pkg::SelOutputHi]),
    .raddr_i(eng_out_re_i ? eng_out_addr : win_out_addr), .rdata_o(out_word)
  );
  assign eng_out_rdata_o = out_word;

  // The data path.
  logic [3:0]                         fine;
  logic [cim_tile_pkg::BaseBits-1:0]  base;
  logic [26:0]                        half;
  logic [11:0]                        code_max;
  logic [CodeBits-1:0]                over;
  logic [Lanes*CodeBits-1:0]     code;
  logic [Planes-1:0]                  x_q, x;
  logic [Cols*LaneBits-1:0]           cond;
  logic [Cols*16-1:0]                 col_loss;
  logic [Planes*LaneBits-1:0]         variance, cell_cond;
  logic [Lanes*Planes*LaneBits-1:0] sum, noise;
  logic [Lanes*Planes-1:0]       sat;
  logic                               cell_launch, cell_read, cell_add;
  logic [ColW-1:0]                    cell_launch_col, cell_col;
  logic [LaneBits-1:0]                cell_x;
  logic                               ramp, tables_re, gain_stage, inl_stage, adc_stage, transparent;
  logic [ColW-1:0]                    tables_col;
  logic [31:0]                        ramp_value;
  logic [7:0]                         x_in, x_row;

  assign x_in = 8'(in_word[32'(in_byte)*8+:Planes]);
  assign transparent = adc_transparent_i && !ramp;

  cim_scale #(
    .CodeBits(CodeBits)
  ) u_scale (
    .lsb_exp_i, .base_i, .adc_transparent_i(transparent), .adc_shift_i, .adc_bits_i,
    .fine_o(fine), .base_o(base), .half_o(half), .code_max_o(code_max), .over_o(over)
  );

  cim_tables #(
    .Rows(Rows), .Cols(Cols), .Effects(Effects != 0), .Converters(Lanes)
  ) u_tables (
    .clk_i,
    .win_re_i(win_re), .win_we_i(win_we), .win_col_i(win_col), .win_row_i(win_row), .win_inl_col_i(win_inl_col),
    .win_inl_row_i(win_inl_row), .win_inl_word_i(win_inl_word), .win_wdata_i(win_wdata),
    .row_re_i(row_re), .row_i(row), .col_re_i(tables_re), .col_i(tables_col),
    .row_table_o(row_table), .dac_inl_o(dac_inl), .adc_offset_o(adc_offset), .column_table_o(column_table),
    .adc_inl_o(adc_inl), .col_loss_o(col_loss)
  );

  cim_cells #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .Planes(Planes), .Effects(Effects != 0)
  ) u_cells (
    .clk_i, .rst_ni, .inject_en_i, .lsb_exp_i, .base_i(base), .drift_en_i, .loss_i(drift_loss_i), .stuck_en_i,
    .cell_noise_i(cell_noise), .attenuation_en_i, .row_loss_i(row_table[14:0]), .col_loss_i(col_loss),
    .row_re_i(row_re), .row_addr_i(row_addr), .cond_en_i(cond_en), .age_en_i(age_en), .rails_en_i(rails_en),
    .col_last_i(col_last), .cond_o(cond),
    .walk_i(walk), .walk_busy_o(walk_busy), .walk_done_o(walk_done), .launch_o(cell_launch),
    .launch_col_o(cell_launch_col), .read_o(cell_read), .read_cond_o(cell_x), .noise_i(noise[Planes*LaneBits-1:0]), .cell_o(cell_add),
    .cell_col_o(cell_col), .cell_cond_o(cell_cond), .clamps_o,
    .win_re_i({win_re[cim_tile_pkg::SelStuck], win_re[1:0]}), .win_we_i({win_we[cim_tile_pkg::SelStuck], win_we[1:0]}),
    .win_level_row_i(win_level_row), .win_level_word_i(win_level_word), .win_offset_row_i(win_offset_row),
    .win_offset_word_i(win_offset_word), .win_be_i(win_be), .win_wdata_i(win_wdata),
    .level_o(level_row), .offset_o(offset_row), .stuck_o(stuck_row)
  );

  cim_columns #(
    .Rows(Rows), .Cols(Cols), .Planes(Planes), .Hold(Hold), .Effects(Effects != 0), .Converters(Lanes)
  ) u_columns (
    .clk_i, .rst_ni, .fine_i(fine), .adc_transparent_i(transparent), .adc_shift_i, .adc_bits_i, .half_i(half),
    .code_max_i(code_max), .over_i(over), .column_noise_i(column_noise), .noise_cell_i,
    .gain_en_i(adc_gain_en_i), .inl_en_i(adc_inl_en_i), .row_i(acc_row), .x_i(x), .cond_i(cond), .cell_i(cell_add), .cell_col_i(cell_col),
    .cell_cond_i(cell_cond), .take_i(take), .sum_re_i(conv_re), .sum_col_i(conv_col), .sum_o(sum),
    .variance_o(variance),
    .noise_i(noise), .ramp_i(ramp), .ramp_value_i(ramp_value), .adc_offset_i(adc_offset),
    .column_table_i(column_table), .adc_inl_i(adc_inl), .gain_stage_i(gain_stage), .inl_stage_i(inl_stage),
    .adc_en_i(adc_stage), .code_o(code), .sat_o(sat), .add_en_i(add_en), .add_part_i(add_part), .result_o(result)
  );

  always_ff @(posedge clk_i) begin
    if (cond_en) x_q <= Planes'(x_row);
  end
  assign sat_o = sat_valid ? 8'($countones(sat)) : 8'd0;

  if (Effects != 0) begin : gen_effects
    cim_tile_effects #(
      .Rows(Rows), .Cols(Cols), .Banks(Banks), .CodeBits(CodeBits), .Converters(Lanes)
    ) u_effects (
      .clk_i, .rst_ni,
      .cell_noise_i(cell_noise), .column_noise_i(column_noise), .noise_seed_i, .noise_cell_i, .noise_slope_i,
      .fine_i(fine), .row_read_i(row_read), .conv_read_i(conv_read), .row_cell_i(row_cell), .bank_i(bank),
      .cell_launch_i(cell_launch), .cell_launch_col_i(cell_launch_col), .cell_read_i(cell_read), .cell_x_i(cell_x),
      .column_launch_i(launch), .column_launch_col_i(launch_col), .column_re_i(conv_re), .sum_i(sum),
      .variance_i(variance),
      .noise_o(noise),
      .dac_en_i, .x_in_i(x_in), .dac_table_i(row_table[31:16]), .dac_inl_i(dac_inl), .x_row_o(x_row),
      .gen_start_i, .gen_seed_i, .gen_sigma_i, .gen_kind_i, .gen_limit_i, .gen_off_rate_i, .gen_on_rate_i,
      .verify_tolerance_i, .verify_pulses_i, .verify_step_i, .verify_sigma_i, .pulses_o, .unverified_o,
      .self_test_i, .self_test_result_o, .self_test_word_o, .self_test_ramp_o, .busy_o(service_busy),
      .req_o(srv_req), .we_o(srv_we), .sel_o(srv_sel), .addr_o(srv_addr), .wdata_o(srv_wdata), .rvalid_i(win_rvalid),
      .rdata_i(mem_rdata_o),
      .shift_i(adc_shift_i), .code_max_i(code_max), .table_re_i(table_re), .table_col_i(table_col), .gain_en_i(gain_en),
      .inl_en_i(inl_en), .adc_en_i(adc_en), .code_i(code), .ramp_o(ramp), .ramp_value_o(ramp_value),
      .table_re_o(tables_re), .table_col_o(tables_col), .gain_en_o(gain_stage), .inl_en_o(inl_stage), .adc_en_o(adc_stage)
    );

    // The row's conductances take two cycles more.
    logic [Planes-1:0] x1_q, x2_q;
    always_ff @(posedge clk_i) begin
      x1_q <= x_q;
      x2_q <= x1_q;
    end
    assign x = x2_q;
  end else begin : gen_plain
    assign service_busy = 1'b0;
    assign {srv_req, srv_we, srv_sel, srv_addr, srv_wdata} = '0;
    assign {ramp, ramp_value} = '0;
    assign noise = '0;
    assign x = x_q;
    assign x_row = x_in;
    assign tables_re = table_re;
    assign tables_col = table_col;
    assign gain_stage = gain_en;
    assign inl_stage = inl_en;
    assign adc_stage = adc_en;
    assign {self_test_result_o, self_test_word_o, self_test_ramp_o, pulses_o, unverified_o} = '0;
    logic unused;
    assign unused = ^{noise_seed_i, noise_cell_i, noise_slope_i, dac_en_i, gen_start_i, gen_seed_i, gen_sigma_i, gen_kind_i,
                      gen_limit_i, gen_off_rate_i, gen_on_rate_i, verify_tolerance_i, verify_pulses_i, verify_step_i,
                      verify_sigma_i, self_test_i, row_read, conv_read, row_cell, bank, launch, launch_col, cell_launch,
                      cell_launch_col, cell_read, cell_x, sum, variance, code, dac_inl};
  end

  always_ff @(posedge clk_i) begin
    if (rst_ni && mem_req_i) MemoryOnlyWhileIdle_A : assert (!busy_o && !eng_in_we_i && !eng_out_re_i);
    if (rst_ni && eng_in_we_i) InputInRange_A : assert (32'(eng_in_addr_i) < InWords);
    if (rst_ni && eng_out_re_i) OutputInRange_A : assert (32'(eng_out_addr_i) < OutWords);
    if (rst_ni && eng_out_re_i && out_we) ResultIsThere_A : assert (eng_out_addr != out_addr);
    if (rst_ni && busy_o) begin
      LsbExpInRange_A : assert (lsb_exp_i >= 5'd8 && lsb_exp_i <= 5'd18);
      AdcShiftInRange_A : assert (adc_shift_i <= 5'd27);
      AdcBitsInRange_A : assert (adc_bits_i >= 4'd1 && adc_bits_i <= 4'd12);
      NoiseExists_A : assert (noise_i <= cim_tile_pkg::NoiseColumn);
    end
    if (rst_ni && (gen_start_i != '0 || self_test_i != '0)) ServiceOnlyWhileIdle_A : assert (!busy_o && !job_valid_i);
  end
endmodule
