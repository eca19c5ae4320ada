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
  parameter bit Hold = 4 * Cols > Rows
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
  output logic        busy_o,

  // Memory windows, only while not busy; the answer comes two cycles after the request, also to a write.
  input  logic        mem_req_i,
  input  logic        mem_we_i,
  input  logic [2:0]  mem_sel_i,          // cim_tile_pkg::Sel*
  input  logic [23:0] mem_addr_i,         // word inside the window
  input  logic [3:0]  mem_be_i,
  input  logic [31:0] mem_wdata_i,
  output logic        mem_rvalid_o,
  output logic [31:0] mem_rdata_o,

  // Counting pulses.
  output logic        product_o,          // a vector's last result is being written
  output logic [7:0]  sat_o               // saturated conversions of this cycle
);
  localparam int unsigned LaneBits = cim_tile_pkg::LaneBits;
  localparam int unsigned ResultBits = cim_tile_pkg::ResultBits;
  localparam int unsigned SumBits = cim_tile_pkg::CondBits + $clog2(Rows);
  localparam int unsigned CodeBits = (SumBits > 27 ? SumBits : 27) + 2;
  localparam int unsigned Cells = Rows * Banks;
  localparam int unsigned CellW = $clog2(Cells);
  localparam int unsigned ColW = $clog2(Cols);
  localparam int unsigned InW = $clog2(InWords);
  localparam int unsigned OutW = $clog2(OutWords);
  localparam int unsigned LevelWordW = Cols > 16 ? $clog2(Cols / 16) : 1;
  localparam int unsigned LevelLaneW = Cols > 16 ? 32 : Cols * 2;
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
  if (InWords < 2 || InWords > 65536 || OutWords < 2 || OutWords > 65536) begin : gen_illegal_buffers
    $error("cim_tile: InWords and OutWords must be between 2 and 65536.");
  end

  logic                   row_re, in_re, cond_en, acc_row, take;
  logic [CellW-1:0]       row_addr;
  logic [InW-1:0]         in_addr;
  logic [1:0]             in_byte;
  logic                   conv_re, adc_en, sat_valid, add_en, out_we;
  logic [ColW-1:0]        conv_col;
  logic [1:0]             add_part;
  logic [OutW-1:0]        out_addr;

  cim_tile_ctrl #(
    .Rows(Rows), .Cols(Cols), .Banks(Banks), .InWords(InWords), .OutWords(OutWords),
    .Hold(Hold)
  ) u_ctrl (
    .clk_i, .rst_ni,
    .job_valid_i, .job_ready_o, .job_bank_i, .job_rows_i, .job_cols_i, .job_count_i, .job_in_i,
    .job_stride_i, .job_out_i, .busy_o,
    .row_re_o(row_re), .row_addr_o(row_addr), .in_re_o(in_re), .in_addr_o(in_addr),
    .cond_en_o(cond_en), .in_byte_o(in_byte),
    .acc_row_o(acc_row), .take_o(take),
    .conv_re_o(conv_re), .conv_col_o(conv_col), .adc_en_o(adc_en), .sat_valid_o(sat_valid),
    .add_en_o(add_en), .add_part_o(add_part), .out_we_o(out_we), .out_addr_o(out_addr), .product_o
  );

  // The bus's side of the memories.
  logic [5:0]             win_re, win_we;
  logic [CellW-1:0]       win_level_row, win_offset_row;
  logic [LevelWordW-1:0]  win_level_word;
  logic [OffsetWordW-1:0] win_offset_word;
  logic [InW-1:0]         win_in_addr;
  logic [OutW-1:0]        win_out_addr;
  logic [ColW-1:0]        win_col;
  logic [Cols*2-1:0]      level_row;
  logic [Cols*8-1:0]      offset_row;
  logic [31:0]            in_word;
  logic [ResultBits-1:0]  out_word, result;
  logic [15:0]            adc_offset;

  cim_window #(
    .Cols(Cols), .CellW(CellW), .InW(InW), .OutW(OutW)
  ) u_window (
    .clk_i, .rst_ni,
    .req_i(mem_req_i), .we_i(mem_we_i), .sel_i(mem_sel_i), .addr_i(mem_addr_i),
    .rvalid_o(mem_rvalid_o), .rdata_o(mem_rdata_o),
    .re_o(win_re), .we_o(win_we),
    .level_row_o(win_level_row), .level_word_o(win_level_word),
    .offset_row_o(win_offset_row), .offset_word_o(win_offset_word),
    .in_addr_o(win_in_addr), .out_addr_o(win_out_addr), .col_o(win_col),
    .level_i(level_row), .offset_i(offset_row), .in_i(in_word), .out_i(out_word),
    .adc_offset_i(adc_offset)
  );

  cim_level_mem #(
    .Cells(Cells), .Cols(Cols)
  ) u_levels (
    .clk_i,
    .we_i(win_we[cim_tile_pkg::SelLevel]), .wrow_i(win_level_row), .wword_i(win_level_word),
    .wdata_i(mem_wdata_i[LevelLaneW-1:0]),
    .re_i(row_re || win_re[cim_tile_pkg::SelLevel]), .rrow_i(busy_o ? row_addr : win_level_row),
    .level_o(level_row)
  );

  cim_offset_mem #(
    .Cells(Cells), .Cols(Cols)
  ) u_offsets (
    .clk_i,
    .we_i(win_we[cim_tile_pkg::SelOffset]), .wrow_i(win_offset_row), .wword_i(win_offset_word),
    .be_i(mem_be_i), .wdata_i(mem_wdata_i),
    .re_i(row_re || win_re[cim_tile_pkg::SelOffset]), .rrow_i(busy_o ? row_addr : win_offset_row),
    .offset_o(offset_row)
  );

  cim_ram_be #(
    .Width(32), .LaneW(32), .Depth(InWords)
  ) u_inputs (
    .clk_i,
    .we_i(win_we[cim_tile_pkg::SelInput]), .waddr_i(win_in_addr), .be_i(1'b1), .wdata_i(mem_wdata_i),
    .re_i(in_re || win_re[cim_tile_pkg::SelInput]), .raddr_i(busy_o ? in_addr : win_in_addr),
    .rdata_o(in_word)
  );

  cim_ram_be #(
    .Width(ResultBits), .LaneW(ResultBits), .Depth(OutWords)
  ) u_outputs (
    .clk_i,
    .we_i(out_we), .waddr_i(out_addr), .be_i(1'b1), .wdata_i(result),
    .re_i(win_re[cim_tile_pkg::SelOutputLo] || win_re[cim_tile_pkg::SelOutputHi]),
    .raddr_i(win_out_addr), .rdata_o(out_word)
  );

  cim_ram_be #(
    .Width(16), .LaneW(16), .Depth(Cols)
  ) u_adc_offsets (
    .clk_i,
    .we_i(win_we[cim_tile_pkg::SelAdcOffset]), .waddr_i(win_col), .be_i(1'b1),
    .wdata_i(mem_wdata_i[15:0]),
    .re_i(conv_re || win_re[cim_tile_pkg::SelAdcOffset]), .raddr_i(busy_o ? conv_col : win_col),
    .rdata_o(adc_offset)
  );

  // The data path.
  logic [3:0]                         fine;
  logic [cim_tile_pkg::BaseBits-1:0]  base;
  logic [26:0]                        half;
  logic [11:0]                        code_max;
  logic [CodeBits-1:0]                over;
  logic [InBits-1:0]                  x_q;
  logic [Cols*LaneBits-1:0]           cond;
  logic [InBits*LaneBits-1:0]         sum, code;
  logic [InBits-1:0]                  sat;

  cim_scale #(
    .CodeBits(CodeBits)
  ) u_scale (
    .lsb_exp_i, .base_i, .adc_transparent_i, .adc_shift_i, .adc_bits_i,
    .fine_o(fine), .base_o(base), .half_o(half), .code_max_o(code_max), .over_o(over)
  );

  cim_conductance #(
    .Cols(Cols)
  ) u_conductance (
    .clk_i, .en_i(cond_en), .inject_en_i, .lsb_exp_i, .base_i(base),
    .level_i(level_row), .offset_i(offset_row), .cond_o(cond)
  );

  always_ff @(posedge clk_i) begin
    if (cond_en) x_q <= in_word[32'(in_byte)*8+:InBits];
  end

  cim_accumulate #(
    .Rows(Rows), .Cols(Cols), .Planes(InBits), .Hold(Hold)
  ) u_accumulate (
    .clk_i, .rst_ni, .row_i(acc_row), .take_i(take), .x_i(x_q), .cond_i(cond), .read_i(conv_re),
    .col_i(conv_col), .sum_o(sum)
  );

  cim_adc #(
    .Planes(InBits), .SumBits(SumBits)
  ) u_adc (
    .clk_i, .en_i(adc_en), .fine_i(fine), .transparent_i(adc_transparent_i), .shift_i(adc_shift_i),
    .half_i(half), .code_max_i(code_max), .over_i(over), .offset_i(adc_offset), .sum_i(sum), .code_o(code),
    .sat_o(sat)
  );

  cim_shift_add #(
    .Planes(InBits), .CodeBits(CodeBits)
  ) u_shift_add (
    .clk_i, .en_i(add_en), .part_i(add_part), .code_i(code), .result_o(result)
  );

  assign sat_o = sat_valid ? 8'($countones(sat)) : 8'd0;

  always_ff @(posedge clk_i) begin
    if (rst_ni && mem_req_i) MemoryOnlyWhileIdle_A : assert (!busy_o);
    if (rst_ni && busy_o) begin
      LsbExpInRange_A : assert (lsb_exp_i >= 5'd8 && lsb_exp_i <= 5'd18);
      AdcShiftInRange_A : assert (adc_shift_i <= 5'd27);
      AdcBitsInRange_A : assert (adc_bits_i >= 4'd1 && adc_bits_i <= 4'd12);
    end
  end
endmodule
